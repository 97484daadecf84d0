"""
The part of the store's contract about single runs: creation, change, what they left, deletion.

Authors inherit `store_contract.StoreContract`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from mlrun_nb._lib.ids import new_id
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import RunError, RunId
from mlrun_nb.model.states import RunState, may_follow
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import NOON, make_full_run, make_hash, make_run, make_sweep, make_version
from mlrun_nb.testing.store_fixtures import Given, Opened, advanced, in_state, make_artifact, make_metric


class RunContract(Given):
    """Single runs: creation, change, what they left, deletion."""

    def test_a_created_run_comes_back_as_it_was(self, store: RunStore) -> None:
        """All but its numbers."""
        run = make_run(
            labels={"team": "risk\n'; --"},
            parameters={"lr": 0.1, "deep": {"a": [1, None, True]}, "big": 10**30},
            results={"loss": 0.25, "rows": 10**30, "ok": True, "zero": "\x00", "none": None},
            error=RunError(
                cls="CellFailed", fault="user", summary="`train` failed", hint="See the cell.", evalue="\ud800"
            ),
        )
        created = store.create_run(run)
        assert created == replace(run, sequence=created.sequence, revision=created.revision)
        assert store.get_run(run.id) == created

    def test_results_hold_numbers_that_json_has_no_word_for(self, store: RunStore) -> None:
        """They come back as numbers by every way: created, changed, got, listed."""
        run = store.create_run(make_run(results={"loss": float("nan"), "best": float("-inf")}))
        changed = store.advance(run, replace(run, results={**run.results, "worst": float("inf")}))
        assert changed is not None
        for seen in (changed, store.get_run(run.id), *store.list_runs(RunQuery()).items):
            assert [repr(value) for value in seen.results.values()] == ["nan", "-inf", "inf"]

    def test_every_field_of_a_run_comes_back(self, store: RunStore) -> None:
        """Also those that only a reconciled run has; a new field without a value here fails this test."""
        full = make_full_run()
        unset = [field.name for field in fields(full) if getattr(full, field.name) == field.default]
        run = store.create_run(full)
        changed = store.advance(run, replace(run, phase=None, progress=None))
        assert unset == ["sequence", "revision"]
        assert store.get_run(run.id) == changed
        assert changed == replace(full, sequence=run.sequence, revision=2, phase=None, progress=None)
        assert run == replace(full, sequence=run.sequence, revision=1)

    def test_creating_a_run_twice_returns_what_is_there(self, store: RunStore) -> None:
        """A submission repeated after a crash finds its run."""
        run = make_run()
        moved = store.advance(store.create_run(run), replace(store.create_run(run), state=RunState.RUNNING))
        before = store.revision()
        assert store.create_run(run) == moved
        assert store.revision() == before

    def test_sequence_rises_with_creation_whatever_the_clock_says(self, store: RunStore) -> None:
        """The clock of the second run stands a day behind."""
        first = store.create_run(make_run())
        second = store.create_run(make_run(created=NOON - timedelta(days=1)))
        assert second.sequence > first.sequence

    @pytest.mark.parametrize("before", list(RunState))
    def test_states_follow_the_table(self, store: RunStore, before: RunState) -> None:
        """Every pair; a refused one changes nothing."""
        for after in RunState:
            run = in_state(store, before)
            to = replace(run, state=after, reason="moved")
            if may_follow(before, after):
                assert store.advance(run, to) == replace(to, revision=run.revision + 1)
            else:
                with pytest.raises(ValueError, match="cannot follow"):
                    store.advance(run, to)
                assert store.get_run(run.id) == run

    @pytest.mark.parametrize("before", list(RunState))
    @pytest.mark.parametrize("is_parent", [True, False])
    def test_a_sweep_may_be_resumed(self, store: RunStore, before: RunState, is_parent: bool) -> None:  # noqa: FBT001
        """Every pair again, for the parent of a sweep and for its children."""
        parent = store.create_run(make_run(sweep=make_sweep()))
        for after in RunState:
            one = make_run(state=before, sweep=make_sweep()) if is_parent else make_run(state=before, parent=parent.id)
            run = store.create_run(one)
            to = replace(run, state=after, reason="moved")
            if may_follow(before, after, of_sweep=True):
                assert store.advance(run, to) == replace(to, revision=run.revision + 1)
            else:
                with pytest.raises(ValueError, match="cannot follow"):
                    store.advance(run, to)
                assert store.get_run(run.id) == run

    @pytest.mark.parametrize(
        "field", ["id", "sequence", "project", "function", "version", "created", "parent", "number", "sweep"]
    )
    def test_what_identifies_a_run_never_changes(self, store: RunStore, field: str) -> None:
        """A run stays the run that was asked for."""
        run = store.create_run(make_run())
        other = replace(store.create_run(make_run(project="b", function="b", version=make_hash("b"))), parent=run.id)
        other = replace(other, created=NOON + timedelta(days=1), number=1, sweep=make_sweep())
        with pytest.raises(ValueError, match=f"`{field}`"):
            store.advance(run, replace(run, **{field: getattr(other, field)}))

    def test_a_stale_change_is_refused_whole(self, store: RunStore) -> None:
        """Neither the record nor what came with it is kept."""
        run = store.create_run(make_run())
        current = store.advance(run, replace(run, reason="first"))
        assert store.advance(run, replace(run, reason="second"), Ingest(artifacts=[make_artifact("model")])) is None
        assert store.get_run(run.id) == current
        assert store.artifacts(run.id) == ()

    def test_a_run_that_is_not_there_cannot_be_changed(self, store: RunStore) -> None:
        """Somebody deleted it: the same answer as for any other change by others."""
        run = make_run()
        assert store.advance(run, replace(run, reason="late")) is None

    def test_of_many_who_change_one_run_at_once_one_wins(self, opened: Opened) -> None:
        """Compare and set, across connections."""
        store = opened()
        run = store.create_run(make_run())
        views = [opened() for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda view: view.advance(run, replace(run, reason="mine")), views))
        assert sum(answer is not None for answer in answers) == 1
        for view in (store, *views):
            view.close()

    def test_artifacts_are_listed_by_name_and_the_last_of_a_name_stands(self, store: RunStore) -> None:
        """Sending again adds nothing."""
        run = store.create_run(make_run())
        for size in (1, 2, 2):
            run = advanced(store, run, Ingest(artifacts=[make_artifact("model", size=size), make_artifact("Data")]))
        assert store.artifacts(run.id) == (make_artifact("Data"), make_artifact("model", size=2))

    def test_metrics_keep_their_order_and_are_not_doubled(self, store: RunStore) -> None:
        """The same point sent twice is one; another step or time is another."""
        run = store.create_run(make_run())
        points = [
            make_metric(step=0),
            make_metric(step=1),
            make_metric(step=None),
            make_metric(seconds=1),
            make_metric(step=-(10**20)),
        ]
        run = advanced(store, run, Ingest(metrics=points[:3]))
        advanced(store, run, Ingest(metrics=[*points[1:], points[4]]))
        assert list(store.metrics(run.id)) == points
        assert [list(store.metrics(run.id, since=number)) for number in (2, 5, 6)] == [points[2:], [], []]

    def test_metrics_hold_numbers_that_json_has_no_word_for(self, store: RunStore) -> None:
        """A loss that diverged is a fact too."""
        run = store.create_run(make_run())
        advanced(store, run, Ingest(metrics=[make_metric(value=float("inf")), make_metric(step=1, value=float("nan"))]))
        assert [str(metric.value) for metric in store.metrics(run.id)] == ["inf", "nan"]

    def test_a_run_is_found_by_a_unique_prefix_however_it_is_typed(self, store: RunStore) -> None:
        """Letters that look like digits are read as those."""
        run = store.create_run(make_run(id=RunId("10abcdefgh01")))
        for typed in ("10abcd", "lOABCD", " ioabcdefghoi "):
            assert store.get_run(typed) == run

    @pytest.mark.parametrize("typed", ["10abc", "10abce", "", "no-such-run", "10abcdefgh01x", "10abc%"])
    def test_what_names_no_run_is_not_found(self, store: RunStore, typed: str) -> None:
        """Five characters are too few to mean one run."""
        store.create_run(make_run(id=RunId("10abcdefgh01")))
        with pytest.raises(NotFoundError) as caught:
            store.get_run(typed)
        assert "mlrun-nb runs" in caught.value.hint

    def test_an_ambiguous_prefix_lists_the_candidates_of_the_project(self, store: RunStore) -> None:
        """A run of another project is no candidate where a project is given."""
        for last, project in (("1", "demo"), ("2", "demo"), ("3", "other")):
            store.create_run(make_run(id=RunId(f"abcdef00000{last}"), project=project))
        with pytest.raises(NotFoundError, match="`abcdef000001`, `abcdef000002`, `abcdef000003`"):
            store.get_run("abcdef")
        assert store.get_run("abcdef", project="other").id == "abcdef000003"

    def test_open_and_pinned_runs_are_not_deleted(self, store: RunStore) -> None:
        """Deleting takes a run's artifacts, metrics and labels along, and its count."""
        ended, pinned, pending = (
            in_state(store, RunState.FAILED),
            make_run(state=RunState.FAILED, pinned=True),
            make_run(),
        )
        advanced(store, ended, Ingest(artifacts=[make_artifact("model")], metrics=[make_metric()]))
        kept = [store.create_run(run).id for run in (pinned, pending)]
        assert store.delete_runs([ended.id, *kept, RunId(new_id())]) == 1
        assert {run.id for run in store.list_runs(RunQuery()).items} == set(kept)
        assert (store.artifacts(ended.id), store.metrics(ended.id)) == ((), ())

    def test_a_sequence_is_never_given_twice(self, store: RunStore) -> None:
        """Not even when the newest run is deleted."""
        run = in_state(store, RunState.FAILED)
        store.delete_runs([run.id])
        assert store.create_run(make_run()).sequence > run.sequence

    def test_the_newest_run_of_each_function_is_found_at_once(self, store: RunStore) -> None:
        """Of functions that have a version and a run, in this project; the last created counts, whatever its clock."""
        store.save_version(make_version())
        runs = [store.create_run(make_run(created=NOON - timedelta(days=days))) for days in range(3)]
        for function, project in (("evaluate", "demo"), ("train", "other")):
            store.create_run(make_run(function=function, project=project))
        assert store.last_runs("demo", ["train", "evaluate", "nothing"]) == {"train": runs[-1]}
        assert store.last_runs("demo", []) == {}
