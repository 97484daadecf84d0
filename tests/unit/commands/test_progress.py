"""Progress in plain lines: where a run is, how each cell went, and its log without tricks."""

from __future__ import annotations

import pytest

from mlrun_nb.commands.document import plain
from mlrun_nb.commands.progress import LogLines, Progress
from mlrun_nb.model.events import Event
from mlrun_nb.model.states import PendingPhase, RunState
from tests.unit.commands.records import NOW, make_run


def event(kind, attempt=1, **data) -> Event:
    """Return an event of now."""
    return Event(type=kind, time=NOW, attempt=attempt, data=data)


TOLD = [
    (event("cell_started", index=2, name="train"), "[3/5] train: started\n"),
    (event("cell_finished", index=2, name="for x in y:", duration_s=72.0), "[3/5] for x in y: 1 min 12 s\n"),
    (
        event("cell_failed", index=2, name="train", duration_s=1.2, ename="ValueError", evalue="no\nmore"),
        "[3/5] train: failed after 1.2 s: ValueError: no\n",
    ),
    (event("cell_cancelled", index=2, name="train", duration_s=1.2), "[3/5] train: cancelled after 1.2 s\n"),
    (event("notice", text="no \x1b[31mcolours"), "notice: no colours\n"),
    (event("attempt_started", attempt=2), "attempt 2\n"),
    (
        event("attempt_ended", attempt=1, reason="the kernel died", retry_in_s=10.0),
        "attempt 1 failed, the kernel died, retry in 10 s\n",
    ),
    (event("attempt_ended", attempt=2, reason="", retry_in_s=90), "attempt 2 failed, retry in 1 min 30 s\n"),
    (event("attempt_ended", attempt=1, reason="done", retry_in_s=None), ""),
    (event("metric", name="loss", value=1.0), ""),
]


@pytest.mark.parametrize(("happened", "told"), TOLD)
def test_an_event_is_told_in_a_line(happened, told):
    """Cells with their number of all, durations with units."""
    progress = Progress()
    progress.take(event("run_started", cells=["a", "b", "train", "d", "e"]))
    assert plain(progress.take(happened)) == told


def test_what_a_run_waits_for_is_said_once():
    """Until it is something else."""
    progress = Progress()
    waiting = make_run(state=RunState.PENDING, phase=PendingPhase.QUEUED, reason="2 runs before this one")
    assert [plain(progress.waits(run)) for run in (waiting, waiting, make_run())] == [
        "waiting: 2 runs before this one\n",
        "",
        "",
    ]


def test_a_log_comes_in_whole_lines():
    """However its bytes are cut; a carriage return begins the line anew, and escapes are left out."""
    log = LogLines()
    data = "größe\n10 %\r100 %\n\x1b[1mlast".encode()
    lines = [line for index in range(len(data)) for line in log.feed(data[index : index + 1])]
    assert lines + log.rest() == ["größe", "100 %", "last"]


def test_a_line_that_is_being_written_can_be_seen():
    """A progress bar ends its line last of all; only what it wrote last is kept."""
    log = LogLines()
    assert log.feed(b"done\n10 %\r") == ["done"]
    assert log.begun == "10 %"
    assert log.feed(b"20 %") == []
    assert log.begun == "20 %"
    assert log.feed(b"\r\nnext\n") == ["20 %", "next"]
    assert log.begun == ""
