"""What a hub source must do: find functions, and give their files as they were published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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

    def fetch(self, name: str, version: str = "") -> Bundle:
        """Return the files of one version, the newest for an empty one, whose digests were compared."""
        ...
