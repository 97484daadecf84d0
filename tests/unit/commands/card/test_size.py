"""A card stays small in the saved notebook, whatever its run does."""

from __future__ import annotations

import json
from dataclasses import replace

import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.commands.card.bundle import LIMIT, MIME_TYPE, weight
from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.card.snapshot import Snapshot
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Event
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.services.follow import Update
from tests.unit.commands.card import scenes
from tests.unit.commands.records import NOW

HOSTILE = ["x", "&", "'", "\\", "実", "👩\u200d🔬", "\x1b[31m", "\ud800", "</script>"]
TELLING = [RunState.PENDING, RunState.RUNNING, RunState.SUCCEEDED, RunState.FAILED]


def saved(card: Card) -> int:
    """Return the bytes that *card* adds to a notebook's file."""
    output = nbformat.v4.new_output("display_data", data=card.bundle(NOW))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", id="a", outputs=[output])])
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", id="a")])
    return len(nbformat.writes(notebook).encode()) - len(nbformat.writes(empty).encode())


def loaded(text: str, state: RunState, *, cells: int, traceback: bool) -> Card:
    """Return a card of which everything is too much: *text* stands wherever a text can stand."""
    names = [f"{index}{text}" for index in range(50)]
    error = replace(
        scenes.ERROR,
        summary=text,
        hint=text,
        cell_name=text,
        evalue=text,
        traceback="\n".join(f"---> {line} {text}" for line in range(200)) if traceback else "",
    )
    run = scenes.a_run(
        state=state,
        phase=PendingPhase.UNSCHEDULABLE,
        **dict.fromkeys(("function", "engine", "profile", "project", "reason"), text),
        error=error if state in {RunState.FAILED, RunState.LOST, RunState.CANCELLED} else None,
        attempt=99,
        origin=RunId("2xw9ph000000"),
        results={name: text if index % 2 else index / 7 for index, name in enumerate(names)},
        parameters={text: text},
    )
    good = replace(run, state=RunState.SUCCEEDED, parameters={text: 1}, results=dict.fromkeys(names, 0.1), error=None)
    artifacts = tuple(Artifact(name=name, kind=text, uri=text, size=1 << 60, digest="") for name in names)
    notices = [Notice(text=name, hint=text, cell=10**6, line=10**6) for name in names]
    card = scenes.a_card(
        run,
        [*_cells(text, cells), *_metrics(names)],
        f"{text}\n".encode("utf-8", "replace") * 100,
        good=good,
        notices=notices,
        detached=True,
    )
    card.end(scenes.known(run, good=good, artifacts=artifacts), unbound=[item.name for item in artifacts])
    return card


def _cells(text: str, count: int) -> list[Event]:
    names = tuple(f"{index}{text}" for index in range(count))
    ended = [event for index, name in enumerate(names) for event in scenes.cell_events(index, name, 123_456.7, 9.9)]
    return [scenes.started(names), *ended]


def _metrics(names: list[str]) -> list[Event]:
    return [
        scenes.happened("metric", name=name, value=(-1.0) ** step * 1.2345e300 * step, step=step)
        for name in names
        for step in range(4)
    ]


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_an_ordinary_card_takes_little_of_a_notebook(scene: str):
    """A little more than half of what it may take at most; that of a sweep, which is many runs, more."""
    assert saved(scenes.SCENES[scene]()) < LIMIT * (5 / 6 if scene.startswith("sweep") else 5 / 9)


@pytest.mark.parametrize("state", TELLING)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_run_makes_its_card_larger_than_the_limit(state: RunState, text: str):
    """Long logs, names, tracebacks, 50 metrics: of the characters that take most in a file."""
    long, many = (
        loaded(text * 1_000, state, cells=24, traceback=True),
        loaded(f"{text}\n" * 300, state, cells=200, traceback=False),
    )
    assert [saved(card) <= LIMIT for card in (long, many)] == [True, True]


@settings(max_examples=25, deadline=None)
@example("\u2028", RunState.RUNNING, 40, True)  # in the order of the strategies
@example("\u2029\x85\v\x1c", RunState.FAILED, 40, True)  # the same
@given(st.text(max_size=400), st.sampled_from(list(RunState)), st.integers(1, 40), st.booleans())
def test_any_text_keeps_its_card_in_bounds(text: str, state: RunState, cells: int, traceback: bool):
    """Its weight is never underestimated, and its snapshot is JSON that can be read back."""
    card = loaded(text, state, cells=cells, traceback=traceback)
    bundle = card.bundle(NOW)
    assert saved(card) <= weight(bundle) <= LIMIT
    plain = json.loads(json.dumps(bundle[MIME_TYPE], allow_nan=False).encode())
    assert to_json(from_json(Snapshot, plain)) == plain


def test_a_card_holds_little_of_a_log_without_end():
    """Updates come and go; what a card keeps does not grow with them."""
    card = scenes.running()
    for _ in range(200):
        card.take(Update(run=scenes.a_run(state=RunState.RUNNING), log=b"a line of the log\n" * 100))
    lines, before = card._tail.lines(without_traceback=False)
    assert (len(lines) <= 400, before > 19_000) == (True, True)
