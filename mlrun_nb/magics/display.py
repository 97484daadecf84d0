"""
Where a run is shown while the cell waits for it: one output that changes in place, or lines in a terminal.

Knows how front ends are spoken to and nothing of what a card says.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.document import Document, line, plain
from mlrun_nb.commands.progress import LogLines, Progress
from mlrun_nb.model.run import RunId
from mlrun_nb.services.follow import Update
from mlrun_nb.services.history import RunDetails

SHORTEST_S = 0.1
"""Between two changes of a card; what comes faster is shown together."""

BEAT_S = 1.0
"""A card shows how time passes at least this often."""


class Display(Protocol):
    """Shows one run from its start to its end."""

    def update(self, update: Update) -> None:
        """Take in what is new."""
        ...

    def end(self, found: RunDetails, *, unbound: Collection[str] = ()) -> None:
        """Show what came of it; *unbound* names outputs that are no variables."""
        ...


def display_for(shell: Any, run: RunId, card: Card) -> Display:  # noqa: ANN401  # IPython's shell
    """Show *card* in the way that fits the front end of *shell*."""
    return InPlace(run, card) if hasattr(shell, "kernel") else Lines(card)


class InPlace:
    """A card that changes where it stands; for everything that speaks to a kernel."""

    def __init__(self, run: RunId, card: Card) -> None:
        self._id, self._card = f"mlrun-nb-{run}", card
        self._shown = 0.0
        self._publish(first=True)

    def update(self, update: Update) -> None:
        """Take in what is new, and show it unless something was shown just now."""
        self._card.take(update)
        if time.monotonic() - self._shown >= SHORTEST_S:
            self._publish()

    def end(self, found: RunDetails, *, unbound: Collection[str] = ()) -> None:
        """Show the card for the last time."""
        self._card.end(found, unbound=unbound)
        self._publish()

    def _publish(self, *, first: bool = False) -> None:
        from IPython.display import display

        self._shown = time.monotonic()
        display(self._card.bundle(_now()), raw=True, display_id=self._id, update=not first)


class Lines:
    """What the run prints, as it comes, and the card at the end; for a terminal, which takes nothing back."""

    def __init__(self, card: Card) -> None:
        self._card, self._progress, self._log = card, Progress(), LogLines()

    def update(self, update: Update) -> None:
        """Print the log's new lines and what else there is to say."""
        self._card.take(update)
        said = [each for event in update.events if event.type != "cell_started" for each in self._progress.take(event)]
        self._print([*(line(text) for text in self._log.feed(update.log)), *said, *self._progress.waits(update.run)])

    def end(self, found: RunDetails, *, unbound: Collection[str] = ()) -> None:
        """Print the card."""
        self._card.end(found, unbound=unbound)
        self._print([line(text) for text in self._log.rest()])
        sys.stdout.write(f"{self._card.bundle(_now())['text/plain']}\n")

    def _print(self, lines: Document) -> None:
        sys.stdout.write(plain(lines))
        sys.stdout.flush()


def _now() -> datetime:
    return datetime.now().astimezone()
