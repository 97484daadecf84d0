"""Plain progress: one line for a short cell, its beginning too for a long one, and the log in between."""

from __future__ import annotations

import io
import time

import pytest

from mlrun_nb.cli.reporters import PlainReporter
from mlrun_nb.cli.screen import Screen
from mlrun_nb.model.events import Event
from mlrun_nb.services.follow import Update
from tests.unit.commands.records import NOW, make_run

LONG_S = 3600.0


class Watched:
    """A plain reporter, and what it has printed."""

    def __init__(self, patience_s: float) -> None:
        self._memory = io.BytesIO()
        screen = Screen(io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(self._memory, "utf-8"), {})
        self.reporter = PlainReporter(screen, patience_s=patience_s)
        self.hear("run_started", cells=["train"])

    def hear(self, kind, log: bytes = b"", **data) -> None:
        """Tell the reporter of one event and of the log since the last."""
        event = Event(type=kind, time=NOW, data=data)
        self.reporter.update(Update(run=make_run(), events=(event,), log=log))

    @property
    def said(self) -> list[str]:
        """The lines on stderr."""
        return self._memory.getvalue().decode().splitlines()


def test_a_short_cell_has_one_line_after_its_log():
    """Nobody needs to read that it began."""
    watched = Watched(LONG_S)
    watched.hear("cell_started", log=b"epoch 0\n", index=0, name="train")
    assert watched.said == []
    watched.hear("cell_finished", index=0, name="train", duration_s=0.2)
    assert watched.said == ["epoch 0", "[1/1] train: 0.2 s"]


def test_a_long_cell_says_that_it_began_while_it_is_at_work():
    """Nothing more has to happen for that."""
    watched = Watched(0.05)
    watched.hear("cell_started", log=b"epoch 0\n", index=0, name="train")
    until = time.monotonic() + 10
    while len(watched.said) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert watched.said == ["[1/1] train: started", "epoch 0"]
    watched.hear("cell_finished", log=b"epoch 1\n", index=0, name="train", duration_s=72.0)
    assert watched.said[2:] == ["epoch 1", "[1/1] train: 1 min 12 s"]


def test_a_long_cell_that_is_heard_of_late_has_both_lines():
    """What is printed does not depend on when it was read."""
    watched = Watched(60.0)
    watched.hear("cell_started", index=0, name="train")
    watched.hear("cell_failed", index=0, name="train", duration_s=72.0, ename="E", evalue="no")
    assert watched.said == ["[1/1] train: started", "[1/1] train: failed after 1 min 12 s: E: no"]


@pytest.mark.parametrize("end", ["close", "attempt_ended"])
def test_a_cell_that_never_ended_is_named(end):
    """It may be the one that killed the run."""
    watched = Watched(LONG_S)
    watched.hear("cell_started", log=b"begun\n", index=0, name="train")
    if end == "close":
        watched.reporter.close()
    else:
        watched.hear("attempt_ended", reason="killed", retry_in_s=1)
    assert watched.said[:2] == ["[1/1] train: started", "begun"]
