"""
The part of the store's contract about many changes in one transaction.

Authors inherit `store_contract.StoreContract`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mlrun_nb._lib.ids import new_id
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.query import RunCount, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import make_run, make_version
from mlrun_nb.testing.store_fixtures import Given, Opened, advanced, make_artifact, make_metric


class BatchContract(Given):
    """Many changes at once come to what they would one after the other, and are kept all or not at all."""

    def test_many_runs_are_created_in_their_order(self, store: RunStore) -> None:
        """Each with what came with it; one whose id is known is answered with what is there, and left alone."""
        known = store.create_run(make_run())
        runs = [make_run(labels={"n": str(number)}) for number in range(3)]
        ingest = Ingest(artifacts=[make_artifact("model")], metrics=[make_metric()])
        wanted = [*(RunChange(to=run, ingest=ingest) for run in runs), RunChange(to=replace(known, reason="again"))]
        answers = _all(store.write_runs([wanted[0], wanted[3], *wanted[1:3]]))
        assert [answer.id for answer in answers] == [runs[0].id, known.id, runs[1].id, runs[2].id]
        assert answers[1] == known
        assert list(store.list_runs(RunQuery()).items) == [answers[3], answers[2], answers[0], known]
        assert list(store.list_runs(RunQuery(labels=(("n", "1"),))).items) == [answers[2]]
        for run in runs:
            assert (store.artifacts(run.id), store.metrics(run.id)) == ((make_artifact("model"),), (make_metric(),))

    def test_many_runs_are_changed_and_the_answer_says_which(self, store: RunStore) -> None:
        """Somebody else had changed one and deleted another; that hinders none of the rest."""
        runs = [store.create_run(make_run()) for _ in range(4)]
        stale = advanced(store, runs[1], Ingest())
        store.delete_runs([_moved(store, runs[2], RunState.FAILED).id])
        ingest = Ingest(artifacts=[make_artifact("model")])
        answers = store.write_runs(
            [RunChange(before=run, to=replace(run, state=RunState.RUNNING), ingest=ingest) for run in runs]
        )
        assert [answer is not None for answer in answers] == [True, False, False, True]
        assert store.get_run(stale.id) == stale
        assert store.artifacts(stale.id) == ()
        for number in (0, 3):
            assert answers[number] == store.get_run(runs[number].id)
            assert answers[number] == replace(runs[number], state=RunState.RUNNING, revision=runs[number].revision + 1)
            assert store.artifacts(runs[number].id) == (make_artifact("model"),)

    def test_two_changes_of_one_run_come_one_after_the_other(self, store: RunStore) -> None:
        """The second finds what the first has made of it."""
        run = store.create_run(make_run())
        twice = RunChange(before=run, to=replace(run, state=RunState.RUNNING, labels={"a": "1"}))
        first, second = store.write_runs([twice, twice])
        assert (first is not None, second) == (True, None)
        new = make_run(labels={"a": "2"})
        created, same = store.write_runs([RunChange(to=new), RunChange(to=replace(new, reason="again"))])
        assert created == same == store.get_run(new.id)
        assert [run.id for run in store.list_runs(RunQuery(labels=(("a", "1"),))).items] == [run.id]

    def test_points_and_artifacts_of_many_runs_stay_apart(self, store: RunStore) -> None:
        """In their order, none doubled, whether the run had some before or not."""
        points = [make_metric(step=step) for step in range(4)]
        old, new = store.create_run(make_run()), store.create_run(make_run())
        old = advanced(store, old, Ingest(metrics=points[:2], artifacts=[make_artifact("model")]))
        more = Ingest(metrics=points[1:], artifacts=[make_artifact("model", size=2)])
        _all(store.write_runs([RunChange(before=run, to=run, ingest=more) for run in (old, new)]))
        assert [list(store.metrics(run.id)) for run in (old, new)] == [points, points[1:]]
        assert [store.artifacts(run.id) for run in (old, new)] == [(make_artifact("model", size=2),)] * 2

    def test_counts_follow_many_changes(self, store: RunStore) -> None:
        """Of states, of functions, and of versions."""
        store.save_version(make_version())
        runs = _all(store.write_runs([RunChange(to=make_run()) for _ in range(5)]))
        ends = [RunState.SUCCEEDED, RunState.SUCCEEDED, RunState.FAILED, RunState.RUNNING]
        changes = [RunChange(before=run, to=replace(run, state=state)) for run, state in zip(runs, ends, strict=False)]
        _all(store.write_runs([*changes, RunChange(to=make_run(state=RunState.FAILED))]))
        expected = {RunState.FAILED: 2, RunState.PENDING: 1, RunState.RUNNING: 1, RunState.SUCCEEDED: 2}
        assert list(store.count_runs("demo")) == [
            RunCount(function="train", state=state, runs=number) for state, number in expected.items()
        ]
        assert [item.runs for item in store.versions("demo", "train").items] == [6]

    def test_one_that_may_not_be_stops_them_all(self, store: RunStore) -> None:
        """Nothing is recorded, and nobody hears of a change."""
        runs = [store.create_run(make_run(state=state)) for state in (RunState.PENDING, RunState.FAILED)]
        before = store.revision()
        with pytest.raises(ValueError, match="cannot follow"):
            store.write_runs(
                [
                    RunChange(to=make_run()),
                    *(RunChange(before=run, to=replace(run, state=RunState.RUNNING)) for run in runs),
                ]
            )
        assert list(store.list_runs(RunQuery()).items) == runs[::-1]
        assert store.revision() == before

    def test_what_changes_nothing_is_no_change(self, store: RunStore) -> None:
        """No changes, known ones and late ones."""
        run = store.create_run(make_run())
        late = replace(run, id=RunId(new_id()))
        before = store.revision()
        assert list(store.write_runs([])) == []
        assert list(store.write_runs([RunChange(to=run), RunChange(before=late, to=late)])) == [run, None]
        assert store.revision() == before

    def test_very_many_are_no_other_than_few(self, store: RunStore) -> None:
        """More than a database takes values in one statement."""
        created = _all(store.write_runs([RunChange(to=make_run()) for _ in range(1200)]))
        ended = _all(
            store.write_runs([RunChange(before=run, to=replace(run, state=RunState.FAILED)) for run in created])
        )
        assert [run.id for run in ended] == [run.id for run in created]
        assert [count.runs for count in store.count_runs("demo")] == [1200]

    def test_of_many_who_change_the_same_runs_at_once_one_wins_each(self, opened: Opened) -> None:
        """Compare and set, across connections, whatever the order."""
        store = opened()
        runs = _all(store.write_runs([RunChange(to=make_run()) for _ in range(6)]))
        views = [opened() for _ in range(4)]
        changes = [RunChange(before=run, to=replace(run, reason="mine")) for run in runs]
        with ThreadPoolExecutor(4) as threads:
            answers = list(
                threads.map(
                    lambda number: views[number].write_runs(changes[number:] + changes[:number]), range(len(views))
                )
            )
        won = [answer.id for given in answers for answer in given if answer is not None]
        assert sorted(won) == sorted(run.id for run in runs)
        for view in (store, *views):
            view.close()


def _moved(store: RunStore, run: Run, state: RunState) -> Run:
    """Return *run* after it went to *state*."""
    changed = store.advance(run, replace(run, state=state))
    assert changed is not None
    return changed


def _all(answers: Sequence[Run | None]) -> list[Run]:
    """Return *answers*, none of which is that somebody was quicker."""
    found = [answer for answer in answers if answer is not None]
    assert len(found) == len(answers)
    return found
