"""
What the sources of hubs have, for a list that is searched as somebody types.

Each source is asked in a thread of its own, one question at a time, so that one that is slow, or hangs, holds back
neither the others nor the server.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Lock, Thread

from mlrun_nb.config import Config
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.plugins import hub_sources
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.services.hub import Found, search_one

PATIENCE_S = 0.3
"""What is not there by then is asked for again."""
FRESH_S = 2.0
"""So long an answer counts as new; an older one is shown until there is another."""
_MOST_TEXTS, _MOST_LOOKS = 32, 64


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Sequence[Found]
    at: float


class _Look:
    """The questions to one source, whose answers count as new for *fresh_s*; may be used by several threads."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s = fresh_s
        self._answers: OrderedDict[str, _Answer] = OrderedDict()
        self._wanted: tuple[HubSource, str] | None = None
        self._is_at_work = False
        self._changed = Condition()

    def ask(self, source: HubSource, text: str) -> None:
        """Have *source* asked for *text*, unless that was done just now; returns at once."""
        with self._changed:
            if self._is_fresh(text):
                return
            self._wanted = (source, text)
            if not self._is_at_work:
                self._is_at_work = True
                Thread(target=self._work, daemon=True, name=f"hub {source.name}").start()

    def found(self, text: str, until: float) -> Sequence[Found] | None:
        """Return what it has for *text*, None where it has not said so until then."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_fresh(text), timeout=max(0.0, until - time.monotonic()))
            known = self._answers.get(text)
            return None if known is None else known.found

    def _is_fresh(self, text: str) -> bool:
        known = self._answers.get(text)
        return known is not None and time.monotonic() - known.at < self._fresh_s

    def _work(self) -> None:
        while True:
            with self._changed:
                if self._wanted is None:
                    self._is_at_work = False
                    return
                source, text = self._wanted
                self._wanted = None
                if self._is_fresh(text):  # answered while somebody asked once more
                    continue
            found = _asked(source, text)
            with self._changed:
                self._answers[text] = _Answer(found, time.monotonic())
                self._answers.move_to_end(text)
                if len(self._answers) > _MOST_TEXTS:
                    self._answers.popitem(last=False)
                self._changed.notify_all()


def _asked(source: HubSource, text: str) -> Sequence[Found]:
    try:
        return list(search_one(source, text))
    except MlrunNbError as err:
        return [Found(source=source.name, error=err.message, hint=err.hint)]
    except Exception as err:  # noqa: BLE001  # a plug-in's; the thread goes on with the next question
        text = f"hub source `{source.name}` failed: {type(err).__name__}: {err}"
        return [Found(source=source.name, error=text, hint="Tell those who make it.")]


class HubLooks:
    """Searches of all *sources* that a configuration has; an answer counts as new for *fresh_s*."""

    def __init__(
        self, sources: Callable[[Config], Sequence[HubSource]] = hub_sources, *, fresh_s: float = FRESH_S
    ) -> None:
        self._sources, self._fresh_s = sources, fresh_s
        self._looks: OrderedDict[tuple[str, str, str], _Look] = OrderedDict()
        self._lock = Lock()

    def search(self, config: Config, text: str) -> tuple[Sequence[Found], Sequence[str]]:
        """Return what the sources have for the words of *text* as far as that is quick, and which have not answered."""
        until = time.monotonic() + PATIENCE_S
        sources = self._sources(config)
        looks = [self._look(config, source.name) for source in sources]
        for look, source in zip(looks, sources, strict=True):
            look.ask(source, text)
        answers = [(source.name, look.found(text, until)) for look, source in zip(looks, sources, strict=True)]
        found = [each for _, answer in answers if answer is not None for each in answer]
        return found, [name for name, answer in answers if answer is None]

    def _look(self, config: Config, source: str) -> _Look:
        key = (str(config.root), repr(config.hub_sources), source)
        with self._lock:
            look = self._looks.setdefault(key, _Look(self._fresh_s))
            self._looks.move_to_end(key)
            if len(self._looks) > _MOST_LOOKS:
                self._looks.popitem(last=False)
            return look
