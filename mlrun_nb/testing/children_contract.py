"""
The part of the store's contract about the children of sweeps: out of the way of everything, and found when asked for.

Authors inherit `store_contract.StoreContract`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.query import RunCount, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import NOON, make_hash, make_run, make_sweep, make_version
from mlrun_nb.testing.store_fixtures import Given, advanced, make_artifact, make_metric

PARENT = RunId("aaaaaaaaaaaa")
_STATES = (RunState.SUCCEEDED, RunState.FAILED, RunState.RUNNING, RunState.SUCCEEDED)


class ChildrenContract(Given):
    """A parent with four children, ids `c00000…` and labels of their own, between two other runs."""

    @pytest.mark.parametrize(
        "query",
        [
            RunQuery(),
            RunQuery(project="demo"),
            RunQuery(functions=("train",)),
            RunQuery(project="demo", functions=("train",), states=tuple(_STATES)),
            RunQuery(states=tuple(_STATES)),
            RunQuery(version=make_hash("x = 1")),
            RunQuery(labels=(("team", "risk"),)),
            RunQuery(since=NOON),
            RunQuery(text="c"),
            RunQuery(text="c0000"),
            RunQuery(text="train"),
            RunQuery(text="risk"),
            RunQuery(text="point"),
        ],
    )
    def test_no_list_has_children(self, store: RunStore, query: RunQuery) -> None:
        """Neither whole nor by any of what narrows it."""
        _sweep(store)
        assert [run.parent for run in store.list_runs(query).items if run.parent is not None] == []

    def test_children_do_not_take_the_place_of_others_on_a_page(self, store: RunStore) -> None:
        """The page is full, and the next goes on behind it."""
        _sweep(store)
        first = store.list_runs(RunQuery(limit=2))
        rest = store.list_runs(RunQuery(limit=2, cursor=first.cursor))
        assert [len(first.items), len(rest.items), rest.cursor] == [2, 1, None]

    @pytest.mark.parametrize("text", ["c00000", "C00000000002", " cooooo "])
    def test_an_id_that_is_typed_finds_children(self, store: RunStore, text: str) -> None:
        """As soon as it is long enough to name a run."""
        children = _sweep(store)
        found = [run.id for run in store.list_runs(RunQuery(text=text)).items]
        assert children[2].id in found
        assert store.get_run(children[2].id[:12]) == children[2]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (RunQuery(), [0, 1, 2, 3]),
            (RunQuery(project="demo", functions=("train",)), [0, 1, 2, 3]),
            (RunQuery(project="other"), []),
            (RunQuery(functions=("evaluate",)), []),
            (RunQuery(version=make_hash("x = 2")), []),
            (RunQuery(states=(RunState.SUCCEEDED,)), [0, 3]),
            (RunQuery(states=(RunState.FAILED, RunState.RUNNING)), [1, 2]),
            (RunQuery(labels=(("team", "risk"), ("point", "point-1"))), [1]),
            (RunQuery(text="c0"), [0, 1, 2, 3]),
            (RunQuery(text="c00000000003"), [3]),
            (RunQuery(text="point-2"), [2]),
            (RunQuery(text="nothing"), []),
            (RunQuery(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)), [1, 2]),
        ],
    )
    def test_children_come_in_the_order_of_their_creation(
        self, store: RunStore, query: RunQuery, found: list[int]
    ) -> None:
        """Every field narrows, and pages go on where the last ended."""
        _sweep(store)
        asked = replace(query, parent=PARENT)
        assert [run.number for run in store.list_runs(asked).items] == found
        one_by_one, page = [], store.list_runs(replace(asked, limit=1))
        while page.items:
            one_by_one.append(page.items[0].number)
            cursor = page.cursor
            page = store.list_runs(replace(asked, limit=1, cursor=cursor)) if cursor else replace(page, items=())
        assert one_by_one == found

    def test_no_count_and_no_history_knows_of_children(self, store: RunStore) -> None:
        """A sweep is one run of its function and of its version, whatever becomes of its children."""
        store.save_version(make_version())
        children = _sweep(store)
        store.advance(children[2], replace(children[2], state=RunState.FAILED))
        assert list(store.count_runs("demo")) == [
            RunCount(function="train", state=RunState.FAILED, runs=2),
            RunCount(function="train", state=RunState.RUNNING, runs=1),
        ]
        assert [function.runs for function in store.functions("demo")] == [3]
        assert [version.runs for version in store.versions("demo", "train").items] == [3]
        assert store.last_runs("demo", ["train"])["train"].parent is None

    def test_children_are_counted_by_state(self, store: RunStore) -> None:
        """The count follows what becomes of them."""
        children = _sweep(store)
        assert dict(store.count_children(PARENT)) == {
            RunState.SUCCEEDED: 2,
            RunState.FAILED: 1,
            RunState.RUNNING: 1,
        }
        store.advance(children[2], replace(children[2], state=RunState.FAILED))
        assert dict(store.count_children(PARENT)) == {RunState.SUCCEEDED: 2, RunState.FAILED: 2}
        assert dict(store.count_children(children[0].id)) == {}

    def test_open_children_are_open_runs(self, store: RunStore) -> None:
        """Somebody has to look after them."""
        _sweep(store)
        assert [run.number for run in store.open_runs("demo")] == [None, 2]
        assert [run.number for run in store.open_runs()] == [None, 2]

    def test_a_parent_goes_with_its_children_and_not_before_they_have_ended(self, store: RunStore) -> None:
        """With what they left; the others stay."""
        children = _sweep(store)
        advanced(store, children[0], Ingest(artifacts=[make_artifact("model")], metrics=[make_metric()]))
        parent = store.get_run(PARENT)
        store.advance(parent, replace(parent, state=RunState.CANCELLED))
        assert store.delete_runs([PARENT]) == 0
        store.advance(children[2], replace(children[2], state=RunState.CANCELLED))
        assert store.delete_runs([PARENT]) == 1
        assert list(store.list_runs(RunQuery(parent=PARENT)).items) == []
        assert (store.artifacts(children[0].id), store.metrics(children[0].id)) == ((), ())
        assert len(store.list_runs(RunQuery()).items) == 2
        assert [count.runs for count in store.count_runs("demo")] == [2]


def _sweep(store: RunStore) -> list[Run]:
    """Return the children."""
    store.create_run(make_run(state=RunState.FAILED))
    store.create_run(make_run(id=PARENT, state=RunState.RUNNING, sweep=make_sweep(total=4), labels={"team": "risk"}))
    store.create_run(make_run(state=RunState.FAILED))
    children = [
        make_run(
            id=RunId(f"c{number:011}"),
            state=state,
            parent=PARENT,
            number=number,
            labels={"team": "risk", "point": f"point-{number}"},
            created=NOON + timedelta(hours=number),
        )
        for number, state in enumerate(_STATES)
    ]
    return [run for run in store.write_runs([RunChange(to=run) for run in children]) if run is not None]
