"""An Indexed Job as one of its indexes sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mlrun_nb.kube.diagnose import diagnose
from mlrun_nb.kube.diagnosis import Diagnosis, JobState
from mlrun_nb.kube.indexes import Indexed, indexes
from mlrun_nb.kube.pods import INDEX
from mlrun_nb.kube.snapshot import Seen

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RULES = [{"action": "FailIndex", "onExitCodes": {"containerName": "main", "operator": "In", "values": [2]}}]


def job(*, at_once: int = 2, retries: int = 0, **status: Any) -> Seen:
    """Return a Job of five points."""
    spec = {
        "completionMode": "Indexed", "completions": 5, "parallelism": at_once, "backoffLimitPerIndex": retries,
        "podFailurePolicy": {"rules": RULES},
    }  # fmt: skip
    about = {"name": "block", "creationTimestamp": "2026-03-01T00:00:00Z"}
    return Seen(thing={"metadata": about, "spec": spec, "status": status})


def pod(index: int, *, code: int | None = None, number: int = 1) -> Seen:
    """Return a pod that runs, or ended with *code*."""
    state: dict[str, Any] = {"running": {"startedAt": "2026-03-01T00:00:00Z"}}
    if code is not None:
        state = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}
    status = {"phase": "Running", "containerStatuses": [{"name": "main", "state": state}]}
    about = {"name": f"block-{index}-{number}", "annotations": {INDEX: str(index)}}
    return Seen(thing={"metadata": about, "spec": {"restartPolicy": "Never"}, "status": status})


def seen(index: int, of: Seen | None, *pods: Seen) -> Diagnosis:
    """Return what *index* comes to."""
    return diagnose(*Indexed(of, pods).of(index), now=NOW)


@pytest.mark.parametrize(("text", "found"), [("", set()), ("3", {3}), ("0,2-4,7", {0, 2, 3, 4, 7})])
def test_sets_of_indexes_are_read(text: str, found: set[int]):
    """As the status of a Job has them."""
    assert indexes(text) == found


def test_an_index_that_has_succeeded_is_complete_while_others_run():
    """By the Job's word, also when its pod is gone, and by its pod's before that."""
    others = [pod(1), pod(2)]
    assert seen(0, job(completedIndexes="0"), *others).state is JobState.COMPLETE
    assert seen(0, job(), pod(0, code=0), *others).state is JobState.COMPLETE
    assert seen(1, job(completedIndexes="0"), *others).state is JobState.RUNNING


def test_an_index_that_has_failed_is_so_at_once_and_alone():
    """For the reason of its own pod."""
    told = seen(0, job(), pod(0, code=2), pod(1))
    assert (told.state, told.pod, told.exit_code) == (JobState.FAILED, "block-0-1", 2)
    assert seen(1, job(failedIndexes="0"), pod(0, code=2), pod(1)).state is JobState.RUNNING
    assert seen(0, job(failedIndexes="0"), pod(1)).state is JobState.FAILED


def test_attempts_and_retries_are_counted_for_each_index():
    """What others failed of is theirs."""
    of, others = job(retries=1), [pod(1, code=5), pod(2, code=5)]
    assert seen(0, of, pod(0, code=5), *others).state is JobState.PENDING
    again = seen(0, of, pod(0, code=5), pod(0, number=2), *others)
    assert (again.state, again.attempt) == (JobState.RUNNING, 2)
    assert seen(0, of, pod(0, code=5), pod(0, code=5, number=2), *others).state is JobState.FAILED


def test_the_end_of_the_job_is_no_news_for_those_that_had_ended():
    """It fails in the end for each index that failed."""
    failed = [{"type": "Failed", "status": "True", "reason": "FailedIndexes"}]
    of = job(completedIndexes="0-3", failedIndexes="4", conditions=failed)
    assert [seen(index, of).state for index in (0, 3, 4)] == [JobState.COMPLETE, JobState.COMPLETE, JobState.FAILED]


def test_of_a_job_that_was_deleted_each_index_has_what_its_pod_came_to():
    """Those that had none are lost."""
    gone = seen(0, None, pod(0, code=0)), seen(1, None, pod(1, code=2)), seen(2, None)
    assert [told.state for told in gone] == [JobState.COMPLETE, JobState.FAILED, JobState.LOST]


def test_an_index_waits_while_as_many_others_run_as_may():
    """Not where it has begun or ended, or where there is room."""
    full = Indexed(job(completedIndexes="0"), [pod(1), pod(2)])
    assert [full.waits(index) for index in range(5)] == [False, False, False, True, True]
    assert not Indexed(job(), [pod(1)]).waits(3)
    assert not Indexed(None, []).waits(3)
