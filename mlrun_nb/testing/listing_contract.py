"""
The part of the store's contract about many runs: lists, counts, open runs.

Authors inherit `store_contract.StoreContract`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mlrun_nb.errors import UsageError
from mlrun_nb.model.query import Page, RunCount, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import NOON, make_hash, make_run
from mlrun_nb.testing.store_fixtures import Given, in_state


class ListContract(Given):
    """Questions about many runs."""

    def test_runs_are_listed_newest_first_in_pages_that_new_runs_do_not_disturb(self, store: RunStore) -> None:
        """A run created between two pages is on neither."""
        ids = [store.create_run(make_run()).id for _ in range(5)]
        first = store.list_runs(RunQuery(limit=2))
        store.create_run(make_run())
        second = store.list_runs(RunQuery(limit=3, cursor=first.cursor))
        assert [run.id for run in (*first.items, *second.items)] == ids[::-1]
        assert second.cursor is None

    @pytest.mark.parametrize("cursor", ["", "x", "-1", "\uff11", "9" * 30])
    def test_a_cursor_that_no_page_gave_is_refused(self, store: RunStore, cursor: str) -> None:
        """It came from a user's URL, so it is a user's error."""
        with pytest.raises(UsageError):
            store.list_runs(RunQuery(cursor=cursor))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (RunQuery(), "fedcba"),
            (RunQuery(project="demo"), "fdcba"),
            (RunQuery(project="nowhere"), ""),
            (RunQuery(functions=("train",)), "edba"),
            (RunQuery(project="demo", functions=("train",)), "dba"),
            (RunQuery(functions=("evaluate", "train")), "fedcba"),
            (RunQuery(functions=("evaluate", "nothing"), states=(RunState.FAILED,)), "c"),
            (RunQuery(functions=("train", "nothing"), labels=(("team", "risk"),)), "ea"),
            (RunQuery(functions=("train", "evaluate"), version=make_hash("x = 2")), "c"),
            (RunQuery(states=(RunState.FAILED,)), "dc"),
            (RunQuery(states=(RunState.FAILED, RunState.PENDING, RunState.FAILED)), "fedca"),
            (RunQuery(project="demo", functions=("train",), states=(RunState.FAILED, RunState.SUCCEEDED)), "db"),
            (RunQuery(version=make_hash("x = 2")), "c"),
            (RunQuery(version=make_hash("x = 1"), states=(RunState.FAILED,)), "d"),
            (RunQuery(labels=(("team", "risk"),)), "ea"),
            (RunQuery(project="demo", labels=(("team", "risk"), ("tier", "1"))), "a"),
            (RunQuery(labels=(("team", "risk"),), states=(RunState.FAILED,)), ""),
            (RunQuery(text="tr"), "edba"),
            (RunQuery(text="e"), "fec"),  # evaluate, and the run whose id begins with e
            (RunQuery(text="ab"), "a"),
            (RunQuery(text="AB"), "a"),
            (RunQuery(text="abc", functions=("evaluate",)), ""),
            (RunQuery(text="train%"), ""),
            (RunQuery(text="  "), "fedcba"),
            (RunQuery(text="ri"), "ea"),  # a label's value
            (RunQuery(text="risk", project="demo"), "a"),
            (RunQuery(text="risk", functions=("evaluate",)), ""),
            (RunQuery(text="risk", states=(RunState.PENDING,), labels=(("tier", "1"),)), "a"),
            (RunQuery(text="RISK"), ""),
            (RunQuery(text="risky"), ""),
            (RunQuery(text="team"), ""),  # a label's key
            (RunQuery(since=NOON + timedelta(hours=2)), "fdc"),
            (RunQuery(until=NOON + timedelta(hours=2)), "eba"),
            (RunQuery(since=NOON + timedelta(hours=2), until=NOON + timedelta(hours=3), functions=("train",)), ""),
            (RunQuery(since=NOON + timedelta(days=9)), ""),
            (RunQuery(parent=RunId("abcdefghjkmn")), ""),
        ],
    )
    def test_every_field_of_a_query_narrows(self, store: RunStore, query: RunQuery, found: str) -> None:
        """Six runs, a to f; run e was made by a host whose clock is slow."""
        names = {run.id: name for name, run in _six_runs(store).items()}
        assert "".join(names[run.id] for run in store.list_runs(query).items) == found
        one_by_one, page = "", store.list_runs(replace(query, limit=1))
        while page.items:
            one_by_one += names[page.items[0].id]
            page = (
                store.list_runs(replace(query, limit=1, cursor=page.cursor)) if page.cursor else replace(page, items=())
            )
        assert one_by_one == found

    def test_a_run_whose_clock_ran_ahead_hides_no_other(self, store: RunStore) -> None:
        """Times and sequence disagree; `since` looks at the time alone."""
        hours = (5, 2, 3)
        runs = [store.create_run(make_run(created=NOON + timedelta(hours=hour))) for hour in hours]
        found = {since: store.list_runs(RunQuery(since=NOON + timedelta(hours=since))).items for since in (1, 3, 4)}
        assert found == {1: (runs[2], runs[1], runs[0]), 3: (runs[2], runs[0]), 4: (runs[0],)}

    def test_a_run_that_a_text_finds_twice_is_listed_once(self, store: RunStore) -> None:
        """Its id and the name of its function both begin with it; pages are not cut short by that."""
        ids = [RunId(f"abc00000000{number}") for number in range(3)]
        for run_id in ids:
            store.create_run(make_run(id=run_id, function="abc"))
        found, page = [], store.list_runs(RunQuery(text="abc", limit=1))
        while page.items:
            found += [run.id for run in page.items]
            page = store.list_runs(RunQuery(text="abc", limit=1, cursor=page.cursor)) if page.cursor else Page(items=())
        assert found == ids[::-1]

    def test_a_text_that_begins_very_many_labels_finds_them_all(self, store: RunStore) -> None:
        """More values than anybody could look up one by one, letters of all languages among them."""
        values = ["ä" * 3, *(f"äa{number:03}" for number in range(90)), "other", "ä\U0010ffff"]
        runs = [store.create_run(make_run(labels={"commit": value})) for value in values]
        begun = [run.id for run in runs if run.labels["commit"] != "other"]
        first = store.list_runs(RunQuery(text="ä", limit=60))
        rest = store.list_runs(RunQuery(text="ä", limit=60, cursor=first.cursor))
        assert [run.id for run in (*first.items, *rest.items)] == begun[::-1]
        assert [run.id for run in store.list_runs(RunQuery(text="ää")).items] == [runs[0].id]

    def test_a_list_follows_changes_of_state_and_labels(self, store: RunStore) -> None:
        """What was true of a run before is found no more."""
        run = store.create_run(make_run(labels={"a": "1"}))
        store.advance(run, replace(run, state=RunState.RUNNING, labels={"a": "2", "b": "1"}))
        found = {value: len(store.list_runs(RunQuery(labels=(("a", value),))).items) for value in "12"}
        states = {
            state: len(store.list_runs(RunQuery(states=(state,))).items) for state in (run.state, RunState.RUNNING)
        }
        assert (found, states) == ({"1": 0, "2": 1}, {run.state: 0, RunState.RUNNING: 1})

    def test_counts_follow_every_change(self, store: RunStore) -> None:
        """Created, moved, deleted, per function and project."""
        _six_runs(store)
        store.delete_runs([in_state(store, RunState.SUCCEEDED, function="train").id])
        assert list(store.count_runs("demo")) == [
            RunCount(function="evaluate", state=RunState.FAILED, runs=1),
            RunCount(function="evaluate", state=RunState.PENDING, runs=1),
            RunCount(function="train", state=RunState.FAILED, runs=1),
            RunCount(function="train", state=RunState.PENDING, runs=1),
            RunCount(function="train", state=RunState.SUCCEEDED, runs=1),
        ]

    def test_open_runs_come_oldest_first_with_those_lately_lost(self, store: RunStore) -> None:
        """A run judged lost may still be corrected by a late result."""
        old, young, pending = (
            in_state(store, RunState.LOST, ended=NOON),
            in_state(store, RunState.LOST, ended=NOON + timedelta(hours=1)),
            in_state(store, RunState.PENDING),
        )
        in_state(store, RunState.FAILED)
        in_state(store, RunState.RUNNING, project="other")
        assert [run.id for run in store.open_runs("demo", lost_since=NOON)] == [young.id, pending.id]
        assert [run.id for run in store.open_runs("demo")] == [pending.id]
        assert len(store.open_runs(lost_since=NOON - timedelta(hours=1))) == 4
        assert old.sequence < young.sequence


def _six_runs(store: RunStore) -> dict[str, Run]:
    runs = {
        "a": make_run(id=RunId("abcdefghjkmn"), labels={"team": "risk", "tier": "1"}),
        "b": make_run(id=RunId("bbbbbbbbbbbb"), created=NOON + timedelta(hours=1), state=RunState.SUCCEEDED),
        "c": make_run(
            id=RunId("cccccccccccc"),
            function="evaluate",
            version=make_hash("x = 2"),
            state=RunState.FAILED,
            created=NOON + timedelta(hours=2),
        ),
        "d": make_run(id=RunId("dddddddddddd"), created=NOON + timedelta(hours=3), state=RunState.FAILED),
        "e": make_run(id=RunId("eeeeeeeeeeee"), project="other", labels={"team": "risk"}),
        "f": make_run(id=RunId("ffffffffffff"), function="evaluate", created=NOON + timedelta(hours=4)),
    }
    return {name: store.create_run(run) for name, run in runs.items()}
