"""
Set, change and take away options in the text of a `%%mlrun` cell, and leave every other byte of it alone.

An option is changed where it stands, on the line or in `#|` lines; a new one goes to the line, unless it holds a line
break. A cell in which something else is wrong can be edited all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import NotebookError, UsageError
from mlrun_nb.model.option_texts import as_typed, typed_words
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import Option, find_option
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.option_comments import comment_numbers, with_comment
from mlrun_nb.notebook.option_line import check_given
from mlrun_nb.notebook.option_words import placed_options, with_words
from mlrun_nb.notebook.parsing import is_function, parse_comment_options

_MAGIC = "%%mlrun"
_WHERE = "the `%%mlrun` line"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A cell in parts: `head` up to the magic, the words behind it, and the lines below."""

    head: str
    words: str
    below: tuple[str, ...]

    @property
    def source(self) -> str:
        return "\n".join([self.head + self.words, *self.below])

    @property
    def indent(self) -> str:
        line = self.head.rpartition("\n")[2]
        return line[: len(line) - len(line.lstrip())]


def edit_options(source: str, wanted: Mapping[str, object]) -> str:
    """
    Return the cell *source* with the options *wanted*: a text as it is typed, or a value; empty or None takes away.

    Raises NotebookError for a cell that is no function, and OptionError for an unknown option or a bad value.
    """
    text = _taken_apart(source)
    for name, value in wanted.items():
        option = find_option(name, where="the options of the cell")
        text = _with_option(text, option, _words(option, value))
    return text.source


def _taken_apart(source: str) -> _Text:
    if not is_function(Cell(index=0, kind="code", source=source)):
        raise NotebookError(
            "the cell is no function, so it has no options", hint="Begin it with a line such as `%%mlrun train`."
        )
    start = source.index(_MAGIC) + len(_MAGIC)
    words, *below = source[start:].split("\n")
    return _Text(head=source[:start], words=words, below=tuple(below))


def _words(option: Option, value: object) -> list[str]:
    if value is None:
        return []
    text = value if isinstance(value, str) else as_typed(option, check_value(option, value, where=_WHERE))
    return typed_words(option, text, where=_WHERE)


def _with_option(text: _Text, option: Option, words: Sequence[str]) -> _Text:
    on_line = [each.value for each in placed_options(text.words, _WHERE) if each.option is option]
    numbers = comment_numbers(text.below, option)
    if words:
        wanted = _checked(option, words)
        if wanted == _current(option, on_line, [text.below[number] for number in numbers]):
            return text
    in_comment = bool(words) and (any("\n" in word or "\r" in word for word in words) or (not on_line and numbers))
    line = [] if in_comment else words
    comment = words if in_comment else None if words else []
    below = text.below if comment is None else with_comment(text.below, option, comment, indent=text.indent)
    return _Text(head=text.head, words=with_words(text.words, option, line, where=_WHERE), below=tuple(below))


def _checked(option: Option, words: Sequence[str]) -> tuple[Json, Mapping[str, str]]:
    options, uris = check_given({option.name: list(words)}, _WHERE)
    return options[option.name], uris


def _current(option: Option, on_line: Sequence[str], comments: Sequence[str]) -> tuple[Json, Mapping[str, str]] | None:
    """Return what the cell says now; None for nothing, and for what means nothing."""
    try:
        if on_line:
            return _checked(option, on_line)
        stated = parse_comment_options("\n".join(comments), first_line=1, where="the cell")
    except UsageError:
        return None
    return (stated.options[option.name], stated.input_uris) if option.name in stated.options else None
