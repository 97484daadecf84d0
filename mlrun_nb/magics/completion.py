"""
What Tab offers on the line of a magic: for `%%mlrun` from the one table of options, for `%mlrun` from the command line.

Completion never fails and never writes: whatever goes wrong, there is nothing to offer.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from mlrun_nb.api.session import Session
from mlrun_nb.api.shown import Shown
from mlrun_nb.magics.line_magic import COMMAND, child_environment
from mlrun_nb.model.options import OPTIONS, Kind, Option
from mlrun_nb.notebook.bindings import bindings_of
from mlrun_nb.notebook.declarations import parse_parameters
from mlrun_nb.notebook.option_line import SHORT

PATIENCE_S = 3.0
"""Longer than this nobody waits for a list of words."""

_OUTPUT = ("--output", "-o")
_NO_DATA = (ModuleType, FunctionType, type, Shown)


@dataclass(frozen=True, slots=True)
class Offers:
    """What may take the place of *fragment*, the end of the line so far."""

    texts: Sequence[str] = ()
    fragment: str = ""


class Cell:
    """A `%%mlrun` cell that is being written: what its line says so far, and the text below."""

    def __init__(self, before: str, body: str, *, live: Mapping[str, object], folder: Path) -> None:
        *self.words, self.word = before.split(" ")
        self.body = body
        self._live, self._folder = live, folder

    def offers(self) -> Offers:
        """Return what may follow: options, or values of the option that waits for one."""
        flag, equals, value = self.word.partition("=")
        option, typed = (_option(flag), value) if equals and flag.startswith("-") else (self._waiting(), self.word)
        if option is not None:
            return _beginning(self._values(option), typed)
        is_named = any(word and not word.startswith("-") for word in self.words[1:])
        if self.word.startswith("-") or (is_named and not self.word):
            return _beginning((each.flag for each in OPTIONS.values()), self.word)
        return Offers()

    def _waiting(self) -> Option | None:
        option = _option(self.words[-1]) if self.words else None
        return option if option is not None and option.kind is not Kind.FLAG else None

    def _values(self, option: Option) -> Iterable[str]:
        if option.choices:
            return option.choices
        offered: dict[str, Callable[[], Iterable[str]]] = {
            "input": self._inputs,
            "output": self._outputs,
            "on": self._places,
            "param": self._parameters,
            "sweep": self._parameters,
            "strategy": _strategies,
            "maximize": self._results,
            "minimize": self._results,
            "keep": lambda: ("best", "all"),
        }
        return offered[option.name]() if option.name in offered else ()

    def _inputs(self) -> list[str]:
        given = self.words
        return sorted(
            name
            for name, value in self._live.items()
            if not name.startswith("_") and not isinstance(value, _NO_DATA) and name not in given
        )

    def _outputs(self) -> list[str]:
        parameters = {text.removesuffix("=") for text in self._parameters()}
        return sorted(bindings_of(self.body).names - parameters - set(self.words))

    def _results(self) -> list[str]:
        """Return the outputs that the line declares; without any, what could be one."""
        declared = [word for flag, word in zip(self.words, self.words[1:], strict=False) if flag in _OUTPUT]
        return [name for word in declared for name in word.split(",")] or self._outputs()

    def _parameters(self) -> list[str]:
        with suppress(Exception):
            return [f"{item.name}=" for item in parse_parameters(self.body, inputs=(), where="").parameters]
        return []

    def _places(self) -> list[str]:
        from mlrun_nb.plugins import engine_names
        from mlrun_nb.project import open_project

        return [*open_project(self._folder).config.profiles, *engine_names()]


def _strategies() -> list[str]:
    from mlrun_nb.plugins import strategy_names

    return strategy_names()


def _beginning(texts: Iterable[str], typed: str) -> Offers:
    return Offers([text for text in texts if text.startswith(typed)], typed)


def _option(flag: str) -> Option | None:
    return OPTIONS.get(SHORT.get(flag, flag.removeprefix("--")))


def verb_offers(line: str) -> Offers:
    """Return what may follow the words of *line* after `%mlrun`, as the command line's own completion has it."""
    *words, word = line.split(" ")
    words = [each for each in words if each]
    environment = child_environment() | {
        "_MLRUN_NB_COMPLETE": "zsh_complete",
        "COMP_WORDS": " ".join(["mlrun-nb", *words, word]),
        "COMP_CWORD": str(len(words) + 1),
    }
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        lines = done.stdout.splitlines()  # three for each offer. Source: click, `ZshComplete.format_completion`
        return Offers([value for kind, value in zip(lines[::3], lines[1::3], strict=False) if kind == "plain"], word)
    return Offers()


def make_matcher(session: Session) -> Callable[[Any], dict[str, Any]]:
    """Return what IPython asks at Tab; see `IPCompleter.custom_matchers`."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    @context_matcher(identifier="mlrun_nb", priority=100)  # type: ignore[untyped-decorator]  # IPython leaves it so
    def match(context: Any) -> dict[str, Any]:  # noqa: ANN401  # IPython's CompletionContext
        found = Offers()
        with suppress(Exception):
            found = offers(session, context)
        return {
            "completions": [SimpleCompletion(text, type="mlrun") for text in found.texts],
            "matched_fragment": found.fragment,
            "suppress": bool(found.texts),  # no other matcher knows these lines
            "ordered": True,
        }

    return match  # type: ignore[no-any-return]  # as above


def offers(session: Session, context: Any) -> Offers:  # noqa: ANN401  # as above
    """Return what is offered at the place of *context*."""
    before = context.text_until_cursor.lstrip()
    lines = context.full_text.split("\n")
    if before.startswith("%%mlrun ") and not any(line.strip() for line in lines[: context.cursor_line]):
        body = "\n".join(lines[context.cursor_line + 1 :])
        return Cell(before, body, live=session.live, folder=session.folder).offers()
    if before.startswith("%mlrun "):
        return verb_offers(before.removeprefix("%mlrun "))
    return Offers()
