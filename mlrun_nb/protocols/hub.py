"""What a hub source must do: find functions, and give their files as they were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mlrun_nb.errors import HubError
from mlrun_nb.model.hub import Bundle, HubItem


class HubSource(Protocol):
    """
    Where functions are installed from. Nothing that it gives is executed while it is searched or asked.

    A version never changes: the same name and version have the same digest at any time. Raises HubError where it cannot
    be reached, or gives something else than it says, and NotFoundError, which names what there is, for what it lacks.
    """

    name: str

    def search(self, text: str) -> Sequence[HubItem]:
        """Return the newest version of each item that has all words of *text*, the best first; all for no word."""
        ...

    def versions(self, name: str) -> Sequence[HubItem]:
        """Return all versions of an item, newest first."""
        ...

    def fetch(self, name: str, version: str = "", *, revision: str = "") -> Bundle:
        """
        Return the files of one version, the newest for an empty one, whose digests were compared.

        *revision* is one that an earlier bundle had: a source that keeps its states gives what it had then.
        """
        ...

    def refresh(self) -> None:
        """Look at the place anew, for a source that else answers from what it found there earlier."""
        ...

    @property
    def notices(self) -> Sequence[HubError]:
        """What whoever got the last answers should know: items that are broken, and an answer that is an old one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Where a version was put: `place` as a person finds it; `next` is what is left to do, a command, or nothing."""

    place: str
    next: str = ""


@runtime_checkable
class Publishable(Protocol):
    """What a source may offer beside `HubSource`: to take a new version of an item."""

    def publish(self, bundle: Bundle, *, push: bool) -> Publication:
        """
        Take *bundle*; the same one again is no change.

        With *push* it goes on to where others find it, for a source that has a place of its own before that. Raises
        HubError for a version that is there with another content, and for a place that takes nothing.
        """
        ...
