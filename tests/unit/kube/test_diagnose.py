"""`diagnose` on what is hard to bring about on a small cluster: lost nodes, pre-emption, retries, replicas."""

from __future__ import annotations

import pytest

from mlrun_nb.kube.diagnose import wants_events
from mlrun_nb.kube.diagnosis import Grace, JobState
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.model.states import PendingPhase
from tests.unit.kube.cases import NOW, RUNNING, ago, ended, event, seen_job, seen_pod, told, true, wait

FOUND = true("PodScheduled")
FAILED = true("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
NOT_HEARD = (FOUND, true("Ready", status="False", ago_s=200), true("ContainersReady"))
REFUSED = event("FailedCreate", 'Error creating: pods "train-2" is forbidden: exceeded quota: q, x', about="job-1")


@pytest.mark.parametrize(
    ("reason", "message", "cls", "fault"),
    [
        ("Evicted", "The node was low on resource: memory.", "Evicted", "environment"),
        ("Evicted", "Container main exceeded its local ephemeral storage limit", "Evicted", "resources"),
        ("NodeLost", "", "NodeLost", "environment"),
        ("Terminated", "Pod was terminated in response to imminent node shutdown.", "Drained", "environment"),
        ("Preempting", "", "Preempted", "environment"),
        ("OutOfcpu", "Node didn't have enough resource: cpu", "NodeRefused", "environment"),
        ("UnexpectedAdmissionError", "no devices", "NodeRefused", "environment"),
    ],
)
def test_what_a_node_says_of_a_pod_comes_before_its_exit_code(reason, message, cls, fault):
    """Often there is no container status at all."""
    diagnosis = told(seen_job(FAILED), seen_pod(phase="Failed", status={"reason": reason, "message": message}))
    assert (JobState.FAILED, cls, fault) == (diagnosis.state, diagnosis.cls, diagnosis.fault)


@pytest.mark.parametrize(
    ("reason", "cls"),
    [
        ("PreemptionByScheduler", "Preempted"),
        ("EvictionByEvictionAPI", "Drained"),
        ("DeletionByTaintManager", "Drained"),
        ("TerminationByKubelet", "Drained"),
        ("DeletionByPodGC", "NodeLost"),
        ("SomethingNew", "Drained"),
    ],
)
def test_a_disruption_comes_before_the_exit_code_that_it_caused(reason, cls):
    """137 is what it looks like from inside."""
    pod = seen_pod(ended(137), FOUND, true("DisruptionTarget", reason), phase="Failed", deleted_s=1, gone=True)
    assert cls == told(seen_job(FAILED), pod).cls


def test_a_kill_that_nobody_explains_may_be_one_at_the_limit_of_memory():
    """It is said where there is a limit, and not of who was only asked to end."""
    for code, is_said in ((137, True), (143, False)):
        diagnosis = told(seen_job(FAILED), seen_pod(ended(code), phase="Failed"))
        assert ("memory limit, `1Gi`" in diagnosis.hint) is is_said


@pytest.mark.parametrize(
    ("state", "cls", "fault"),
    [
        (ended(137, "OOMKilled"), "OutOfMemory", "resources"),
        (ended(143, "OOMKilled"), "RunnerKilled", "resources"),  # the flag stays from an earlier process
        (ended(137), "RunnerKilled", "resources"),
        (ended(139), "RunnerCrashed", "user"),
        (ended(134), "RunnerCrashed", "user"),
        (ended(127), "NotStarted", "request"),
        (ended(1, message="exec /usr/bin/python3: no such file or directory"), "NotStarted", "request"),
        (ended(1), "RunnerFailed", "user"),
        (ended(2), "RunnerFailed", "request"),
        (ended(5), "RunnerFailed", "resources"),
        (ended(200), "RunnerFailed", "product"),
    ],
)
def test_an_exit_code_says_whose_move_it_is(state, cls, fault):
    """As far as the container alone can tell, where the runner left no result."""
    diagnosis = told(seen_job(FAILED), seen_pod(state, phase="Failed"))
    assert (cls, fault) == (diagnosis.cls, diagnosis.fault)
    assert state["terminated"]["exitCode"] == diagnosis.exit_code


def test_the_last_words_of_a_container_stand_in_the_summary():
    """Those that the node keeps as its termination message."""
    diagnosis = told(seen_job(FAILED), seen_pod(ended(3, message="Traceback\nValueError: no\n"), phase="Failed"))
    assert diagnosis.summary.endswith("exit code 3 and no result: ValueError: no")


def test_a_pod_that_failed_fails_the_run_before_the_job_says_so():
    """The Job controller takes seconds; nothing else can come of it."""
    diagnosis = told(seen_job(), seen_pod(ended(1)))
    assert (diagnosis.state, diagnosis.pod, diagnosis.attempt) == (JobState.FAILED, "train-x", 1)


def test_a_pod_that_succeeded_ends_the_run_before_the_job_says_so():
    """Likewise."""
    assert JobState.COMPLETE is told(seen_job(), seen_pod(ended(0, "Completed"))).state


def test_a_failed_pod_with_attempts_left_is_waited_for():
    """And the reason of the last attempt is shown meanwhile."""
    diagnosis = told(seen_job(backoffLimit=2), seen_pod(ended(1)))
    assert (diagnosis.state, diagnosis.phase) == (JobState.PENDING, PendingPhase.BACKOFF)
    assert (diagnosis.cls, diagnosis.is_overdue) == ("RunnerFailed", False)


def test_the_newest_pod_is_the_present_attempt():
    """Not the first of the list."""
    diagnosis = told(seen_job(backoffLimit=2), seen_pod(ended(1), name="train-1"), seen_pod(RUNNING, name="train-2"))
    assert (diagnosis.state, diagnosis.pod, diagnosis.attempt) == (JobState.RUNNING, "train-2", 2)


def test_attempts_whose_pods_are_gone_count():
    """The Job has counted them."""
    job = seen_job(backoffLimit=3, failed=3)
    diagnosis = told(job, seen_pod(ended(1)))
    assert JobState.PENDING is diagnosis.state
    assert JobState.FAILED is told(seen_job(backoffLimit=3, failed=4), seen_pod(ended(1))).state
    assert told(seen_job(backoffLimit=3, failed=3, active=1), seen_pod(RUNNING)).attempt == 4


RULES = {
    "rules": [
        {"action": "FailJob", "onExitCodes": {"containerName": "main", "operator": "In", "values": [2, 3]}},
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]},
    ]
}


@pytest.mark.parametrize(
    ("pod", "state"),
    [
        (seen_pod(ended(2), phase="Failed"), JobState.FAILED),
        (seen_pod(ended(1), phase="Failed"), JobState.PENDING),
        (seen_pod(ended(137), true("DisruptionTarget", "PreemptionByScheduler"), phase="Failed"), JobState.PENDING),
    ],
)
def test_the_failure_policy_decides_whether_there_is_another_attempt(pod, state):
    """Some exit codes end the Job, disruptions do not count."""
    assert state is told(seen_job(backoffLimit=1, podFailurePolicy=RULES), pod).state


def test_ignored_failures_do_not_use_up_attempts():
    """Three pre-emptions and one failure are one failure."""
    gone = [
        seen_pod(ended(137), true("DisruptionTarget", "PreemptionByScheduler"), phase="Failed", name=f"train-{number}")
        for number in range(3)
    ]
    job = seen_job(backoffLimit=1, podFailurePolicy=RULES)
    assert PendingPhase.BACKOFF is told(job, *gone, seen_pod(ended(1), name="train-9")).phase


def test_a_deleted_pod_leaves_the_verdict_to_the_job():
    """It may have been a suspension, which does not count."""
    pod = seen_pod(ended(143), phase="Failed", deleted_s=2, gone=True)
    assert (told(seen_job(), pod).phase, told(seen_job(), pod).cls) == (PendingPhase.BACKOFF, "PodGone")
    assert JobState.FAILED is told(seen_job(FAILED), pod).state


def test_a_pod_whose_end_nobody_saw_is_named():
    """Found gone by a list after a break: it was running when it was last seen."""
    assert told(seen_job(FAILED), seen_pod(RUNNING, gone=True)).cls == "PodGone"


def test_a_job_that_failed_without_a_trace_still_says_what_it_says():
    """Its pods were deleted before we looked."""
    diagnosis = told(seen_job(FAILED))
    assert (diagnosis.state, diagnosis.cls) == (JobState.FAILED, "JobFailed")
    assert "reached the specified backoff limit" in diagnosis.summary


def test_a_job_at_its_deadline_is_not_over_while_its_pod_lives():
    """The runner may still write its result; but the reason is shown."""
    job = seen_job(true("FailureTarget", "DeadlineExceeded"), activeDeadlineSeconds=60)
    pod = seen_pod(RUNNING, deleted_s=-20)
    assert (told(job, pod).state, told(job, pod).cls) == (JobState.RUNNING, "Timeout")
    over = told(job, seen_pod(ended(137), phase="Failed", deleted_s=1, gone=True))
    assert (over.state, over.cls) == (JobState.FAILED, "Timeout")


def test_a_suspended_job_waits_in_its_queue():
    """Kueue suspends what it has not admitted; a pod that was ended for it is no failure."""
    labels = {"kueue.x-k8s.io/queue-name": "gpus"}
    job = seen_job(true("Suspended", "JobSuspended"), suspend=True, labels=labels)
    diagnosis = told(job, seen_pod(ended(143), phase="Failed", deleted_s=9, gone=True))
    assert (
        diagnosis.phase,
        diagnosis.cls,
        diagnosis.summary,
    ) == (PendingPhase.QUEUED, "", "Job `train` waits in queue `gpus`")


def test_a_job_without_a_pod_is_queued_until_an_event_says_why():
    """The controller may be about to make it."""
    assert (told(seen_job()).phase, told(seen_job()).cls) == (PendingPhase.QUEUED, "")
    assert told(seen_job(), events=[REFUSED]).cls == "QuotaExceeded"


def test_a_quota_is_waited_for_longer_than_what_never_mends():
    """Others' runs end; a service account does not make itself."""
    missing = event(
        "FailedCreate", 'Error creating: pods "t-" is forbidden: serviceaccount "x" not found', about="job-1"
    )
    job = seen_job(age_s=120)
    assert not told(job, events=[REFUSED]).is_overdue
    assert told(job, events=[missing]).is_overdue
    assert not told(job, events=[missing], grace=Grace(no_pod_s=None)).is_overdue


def test_a_node_that_is_not_heard_of_is_told_and_in_the_end_given_up():
    """Its pod stays `Running` for ever: the cluster only says that it is not ready any more."""
    diagnosis = told(seen_job(), seen_pod(RUNNING, *NOT_HEARD))
    assert (diagnosis.state, diagnosis.cls, diagnosis.is_overdue) == (JobState.RUNNING, "NodeLost", False)
    assert "`node-1`" in diagnosis.summary
    assert told(seen_job(), seen_pod(RUNNING, *NOT_HEARD), grace=Grace(node_s=100)).is_overdue


def test_a_pod_that_is_not_ready_by_its_own_node_is_no_lost_one():
    """A probe that somebody patched in."""
    pod = seen_pod(RUNNING, FOUND, true("Ready", status="False"), true("ContainersReady", status="False"))
    assert told(seen_job(), pod).cls == ""


def test_a_pod_that_does_not_end_in_time_is_on_a_lost_node():
    """Deletion is confirmed by the node within seconds."""
    assert told(seen_job(), seen_pod(RUNNING, deleted_s=5)).cls == ""
    assert told(seen_job(), seen_pod(RUNNING, deleted_s=60)).cls == "NodeLost"
    assert told(seen_job(), seen_pod(RUNNING, deleted_s=400)).is_overdue


def test_a_pod_that_is_being_ended_says_for_what():
    """Its runner may still leave a result, so the run goes on."""
    pod = seen_pod(RUNNING, FOUND, true("DisruptionTarget", "PreemptionByScheduler"), deleted_s=-20)
    assert (told(seen_job(), pod).state, told(seen_job(), pod).cls) == (JobState.RUNNING, "Preempted")


@pytest.mark.parametrize("job", [None, seen_job(gone=True)])
def test_a_job_that_is_gone_is_lost_once_no_pod_of_it_lives(job: Seen | None):
    """Not before: the runner gets its grace period, and an orphan runs to its end."""
    assert (told(job).state, told(job).cls) == (JobState.LOST, "JobDeleted")
    assert "`train`" in told(job).summary
    assert JobState.RUNNING is told(job, seen_pod(RUNNING)).state
    assert JobState.RUNNING is told(job, seen_pod(RUNNING, deleted_s=-5)).state
    assert JobState.LOST is told(job, seen_pod(ended(143), phase="Failed", deleted_s=1, gone=True)).state


def test_a_job_that_is_gone_leaves_how_its_pod_had_ended():
    """By itself, and not because of the deletion."""
    assert JobState.COMPLETE is told(None, seen_pod(ended(0), phase="Succeeded")).state
    assert (
        told(None, seen_pod(ended(1), phase="Failed")).state,
        told(None, seen_pod(ended(1), phase="Failed")).cls,
    ) == (JobState.FAILED, "RunnerFailed")


def test_a_job_that_was_deleted_after_its_end_keeps_its_end():
    """Such as by its time to live."""
    assert JobState.COMPLETE is told(seen_job(true("Complete"), gone=True)).state
    assert told(seen_job(FAILED, gone=True), seen_pod(ended(137, "OOMKilled"), phase="Failed")).cls == "OutOfMemory"


INDEXED = {"completionMode": "Indexed", "completions": 3, "parallelism": 3}


def test_of_replicas_the_first_says_the_state_and_a_troubled_one_why():
    """Rank 0 runs and waits for another, which fits on no node."""
    refused = true("PodScheduled", "Unschedulable", "0/2 nodes are available: 2 Insufficient cpu.", status="False")
    pods = [seen_pod(RUNNING, name=f"train-{index}", index=index) for index in range(2)]
    diagnosis = told(seen_job(**INDEXED), *pods, seen_pod(None, refused, name="train-2", index=2))
    assert (diagnosis.state, diagnosis.cls, diagnosis.pod) == (JobState.RUNNING, "Unschedulable.Resources", "train-2")


def test_of_replicas_the_one_that_failed_by_itself_is_the_cause():
    """The others were ended because of it."""
    pods = [
        seen_pod(ended(143), phase="Failed", name="train-0", index=0, deleted_s=1),
        seen_pod(ended(137, "OOMKilled"), phase="Failed", name="train-1", index=1),
        seen_pod(ended(143), phase="Failed", name="train-2", index=2, deleted_s=1),
    ]
    diagnosis = told(seen_job(FAILED, **INDEXED), *pods)
    assert (diagnosis.cls, diagnosis.pod, diagnosis.exit_code) == ("OutOfMemory", "train-1", 137)


def test_of_replicas_one_that_is_refused_is_told():
    """The quota lets two of three in."""
    pods = [seen_pod(RUNNING, name=f"train-{index}", index=index) for index in range(2)]
    diagnosis = told(seen_job(**INDEXED), *pods, events=[REFUSED])
    assert (diagnosis.state, diagnosis.cls) == (JobState.RUNNING, "QuotaExceeded")


def test_of_replicas_all_have_to_succeed():
    """Two of three are not enough."""
    done = [seen_pod(ended(0), phase="Succeeded", name=f"train-{index}", index=index) for index in range(3)]
    assert JobState.RUNNING is told(seen_job(**INDEXED), *done[:2], seen_pod(RUNNING, index=2)).state
    assert JobState.COMPLETE is told(seen_job(**INDEXED), *done).state


def test_with_a_limit_for_each_index_the_failures_of_one_count_for_itself():
    """`backoffLimitPerIndex`."""
    job = seen_job(backoffLimitPerIndex=1, backoffLimit=9, **INDEXED)
    first, second = (seen_pod(ended(1), name=f"train-{number}", index=1) for number in range(2))
    other = seen_pod(ended(1), name="other", index=2)
    assert PendingPhase.BACKOFF is told(job, first, other).phase
    assert JobState.FAILED is told(job, first, second).state


@pytest.mark.parametrize(
    ("state", "phase", "cls"),
    [
        (wait("ContainerCreating"), PendingPhase.STARTING, ""),
        (wait("PodInitializing"), PendingPhase.STARTING, ""),
        (None, PendingPhase.STARTING, ""),
        (wait("CreateContainerError", "no command"), PendingPhase.STARTING, "ContainerNotCreated"),
        (wait("ErrImagePull", "manifest unknown"), PendingPhase.PULLING, "ImagePull"),
    ],
)
def test_a_pod_on_its_node_says_how_far_it_is(state, phase, cls):
    """By its container's state."""
    diagnosis = told(seen_job(), seen_pod(state))
    assert (JobState.PENDING, phase, cls) == (diagnosis.state, diagnosis.phase, diagnosis.cls)


@pytest.mark.parametrize(
    ("events", "phase", "cls"),
    [
        ([event("Pulling")], PendingPhase.PULLING, ""),
        ([event("Pulling", ago_s=9), event("Pulled", ago_s=5)], PendingPhase.STARTING, ""),
        ([event("FailedMount", "no such disk")], PendingPhase.STARTING, "VolumeNotMounted"),
        ([event("FailedAttachVolume", "in use elsewhere")], PendingPhase.STARTING, "VolumeNotMounted"),
        ([event("FailedCreatePodSandBox", "no address left")], PendingPhase.STARTING, "NodeNetwork"),
        ([event("FailedMount", "slow", ago_s=20), event("Pulling", ago_s=5)], PendingPhase.PULLING, ""),  # mended
        ([event("FailedMount", "no such disk", about="another")], PendingPhase.STARTING, ""),
    ],
)
def test_before_its_containers_only_events_say_what_a_node_does(events, phase, cls):
    """And only those that came after it had last got on."""
    diagnosis = told(seen_job(), seen_pod(wait("ContainerCreating")), events=events)
    assert (phase, cls) == (diagnosis.phase, diagnosis.cls)


def test_an_older_node_says_why_an_image_is_missing_only_in_an_event():
    """Its state says `Back-off pulling image` and no more."""
    pod = seen_pod(wait("ImagePullBackOff", 'Back-off pulling image "lab/train:1"'))
    said = event("Failed", 'Failed to pull image "lab/train:1": rpc error: code = NotFound desc = not found')
    diagnosis = told(seen_job(), pod, events=[said, event("Failed", "Error: ErrImagePull")])
    assert (diagnosis.summary, diagnosis.fault) == ("image `lab/train:1` cannot be pulled: not found", "request")


_DENIED = "failed to authorize: 401 Unauthorized"
_UNREACHED = "dial tcp 10.0.0.1:443: connect: connection refused"


@pytest.mark.parametrize(
    ("secrets", "cause", "events", "summary", "hint"),
    [
        ((), _DENIED, (), "cannot be pulled: failed to", "`kubectl -n space create secret docker-registry NAME"),
        (("lab",), _DENIED, (), "cannot be pulled: failed to", "what the pull secret holds: `kubectl -n space get"),
        (("lab",), _DENIED, ("lab",), "(without the pull secret `lab`, which does not exist): ", "docker-registry lab"),
        (("lab",), _UNREACHED, ("lab",), "(without the pull secret `lab`, which does not exist): ", "reach the regis"),
    ],
)
def test_an_image_that_lets_nobody_in_is_about_the_pull_secret(secrets, cause, events, summary, hint):
    """That it is not there stands in an event, which is asked for where a pod names one."""
    pod = seen_pod(wait("ErrImagePull", cause))
    pod = Seen(thing={**pod.thing, "spec": {**pod.thing["spec"], "imagePullSecrets": [{"name": n} for n in secrets]}})
    said = "Unable to retrieve some image pull secrets (lab); attempting to pull the image may not succeed."
    diagnosis = told(seen_job(), pod, events=[event("FailedToRetrieveImagePullSecret", said) for _ in events])
    assert wants_events(seen_job(), [pod], now=NOW) is bool(secrets)
    assert summary in diagnosis.summary
    assert hint in diagnosis.hint


def test_a_pod_that_waits_for_the_scheduler_is_queued():
    """No condition yet, or a gate that somebody opens."""
    gated = seen_pod(None, true("PodScheduled", "SchedulingGated", status="False"))
    held = Seen(thing={**gated.thing, "spec": {**gated.thing["spec"], "schedulingGates": [{"name": "quota/gate"}]}})
    fresh = seen_pod(None, true("Initialized"))
    assert told(seen_job(), held).summary == "pod `train-x` is held back by `quota/gate`"
    assert PendingPhase.QUEUED is told(seen_job(), held).phase is told(seen_job(), fresh).phase


def test_how_long_no_node_was_found_decides():
    """By the scheduler's first refusal; for ever where that is wanted."""
    refused = true(
        "PodScheduled", "Unschedulable", "0/1 nodes are available: 1 Too many pods.", status="False", ago_s=700
    )
    assert told(seen_job(), seen_pod(None, refused)).is_overdue
    assert not told(seen_job(), seen_pod(None, refused), grace=Grace(unschedulable_s=None)).is_overdue
    assert ago(700) == told(seen_job(), seen_pod(None, refused)).since.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_container_that_is_started_again_and_again_says_how_it_last_ended():
    """A Dask worker, say: its pod never fails."""
    pod = seen_pod(None)
    status = {"name": "main", "state": wait("CrashLoopBackOff"), "lastState": ended(1, message="no scheduler")}
    thing = {
        **pod.thing,
        "spec": {**pod.thing["spec"], "restartPolicy": "Always"},
        "status": {**pod.thing["status"], "containerStatuses": [{**status, "restartCount": 4}]},
    }
    diagnosis = told(seen_job(), Seen(thing=thing))
    assert (diagnosis.phase, diagnosis.cls) == (PendingPhase.BACKOFF, "RunnerFailed")
    assert diagnosis.summary.endswith("exit code 1 and no result: no scheduler (started 5 times)")


def test_a_diagnosis_is_the_error_of_a_run():
    """With class, fault, summary and hint."""
    diagnosis = told(seen_job(FAILED), seen_pod(ended(137, "OOMKilled"), phase="Failed"))
    error = diagnosis.error()
    assert (error.cls, error.fault) == ("OutOfMemory", "resources")
    assert (diagnosis.summary, diagnosis.hint) == (error.summary, error.hint)
