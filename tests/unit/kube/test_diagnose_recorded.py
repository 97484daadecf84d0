"""`diagnose` on what a real cluster said: 37 Jobs, each recorded at its end, or after half a minute of waiting."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from mlrun_nb.kube.diagnose import diagnose, wants_events
from tests.integration.kube.scenarios import SCENARIOS
from tests.unit.kube.recorded import NAMES, record

SUMMARIES = {
    "claim": "pod `P` is not given a node: the claim `nope` of its volume does not exist",
    "config-map": 'container `main` of pod `P` cannot be set up: configmap "nope" not found',
    "deadline": "Job `deadline` was ended at its deadline, 3 s after its start",
    "disk": "pod `P` was evicted: Pod ephemeral local storage usage exceeds the total limit of containers 50Mi",
    "evicted": "pod `P` was evicted, as a drain of its node does",
    "exit": "the runner in pod `P` ended with exit code 9 and no result",
    "fail-job": "the runner in pod `P` ended with exit code 42 and no result",
    "gpu": "pod `P` fits on no node: 1 of 1 is short of `nvidia.com/gpu`",
    "image-absent": "image `localhost:9/absent:1` cannot be pulled: "
    'Head "http://localhost:9/v2/absent/manifests/1": dial tcp 127.0.0.1:9: connect: connection refused',
    "image-name": "`Bad Name` is no name of an image",
    "image-never": "image `localhost:9/absent:1` is not on the node, and may not be pulled",
    "init": "container `prepare` of pod `P`, which prepares the run, ended with exit code 1",
    "job-deleted": "Job `job-deleted` was deleted before it had left a result",
    "killed": "the runner in pod `P` was killed by SIGKILL",
    "limit-range": "Job `limit-range` gets no pod: maximum memory usage per Container is 32Mi, but limit is 64Mi",
    "memory": "pod `P` fits on no node: 1 of 1 is short of memory",
    "no-command": "the command of pod `P` cannot be started in its image: failed to create containerd task: failed to "
    "create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "
    '"nope": executable file not found in $PATH: unknown',
    "oom": "pod `P` needed more than its memory limit, `48Mi`",
    "oom-child": "the runner in pod `P` ended with exit code 5 and no result; a process of it was killed at its memory "
    "limit",
    "pod-deadline": "pod `P` was ended at its deadline",
    "pod-deleted": "pod `P` of Job `pod-deleted` was deleted by somebody",
    "pod-security": 'Job `pod-security` gets no pod: violates PodSecurity "restricted:latest": allowPrivilegeEscalation'
    ' != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities '
    '(container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container '
    '"main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set '
    'securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    "priority-class": "Job `priority-class` gets no pod: no PriorityClass with name nope was found",
    "quota": "Job `quota` gets no pod: exceeded quota: quota, requested: limits.memory=64Mi, used: limits.memory=0, "
    "limited: limits.memory=32Mi",
    "retried": "the runner in pod `P` ended with exit code 1 and no result",
    "root": "container `main` of pod `P` cannot be set up: container's runAsUser breaks non-root policy",
    "running": "pod `P` runs",
    "secret": 'container `main` of pod `P` cannot be set up: secret "nope" not found',
    "segfault": "the runner in pod `P` ended with exit code 139 and no result",
    "selector": "pod `P` fits on no node: 1 of 1 is without the labels asked for",
    "service-account": "Job `service-account` gets no pod: error looking up service account space/nope: serviceaccount "
    '"nope" not found',
    "succeeded": "Job `succeeded` succeeded, but left no result",
    "suspended": "Job `suspended` is suspended",
    "volume": 'a volume of pod `P` cannot be mounted: MountVolume.SetUp failed for volume "data" : configmap "nope" not'
    " found",
}

pytestmark = pytest.mark.parametrize("name", NAMES)


def test_a_job_gets_the_state_and_class_that_belong_to_it(name):
    """The words that programs go by."""
    told = diagnose(**_arguments(name))
    assert (SCENARIOS[name].state, SCENARIOS[name].cls) == (told.state, told.cls)


def test_the_summary_names_the_object_and_the_cause(name):
    """One line, as a person reads it."""
    told = diagnose(**_arguments(name))
    assert SUMMARIES[name] == re.sub(rf"{name}-[a-z0-9]{{5}}\b", "P", told.summary)


def test_what_is_wrong_comes_with_a_thing_to_do(name):
    """A class, a hint and what was read go together; nothing wrong, nothing to do."""
    told = diagnose(**_arguments(name))
    assert bool(told.cls) <= bool(told.hint)
    assert told.hint == "" or re.search(r"`.+`|wait|Wait|Ask", told.hint)
    assert bool(told.evidence) == (told.cls not in {"", "NoResult", "JobDeleted"})


def test_waiting_is_given_up_only_after_its_grace(name):
    """Half a minute is within every grace; after an hour only what may wait for ever does."""
    hopeless, patient = {"image-name", "image-never"}, {"suspended"}
    early = diagnose(**_arguments(name))
    late = diagnose(**{**_arguments(name), "now": record(name).now + timedelta(hours=1)})
    assert early.is_overdue == (name in hopeless)
    assert late.is_overdue == (SCENARIOS[name].state == "pending" and name not in patient)


def test_events_are_asked_for_only_where_they_alone_say_why(name):
    """Pods that are refused, and volumes that are not mounted."""
    told = record(name)
    silent = {"quota", "limit-range", "pod-security", "service-account", "priority-class", "volume"}
    assert wants_events(told.job, told.pods, now=told.now) == (name in silent)


def test_without_events_nothing_is_made_up(name):
    """The state is the same; the class may be missing where events alone say it."""
    blind = diagnose(**{**_arguments(name), "events": ()})
    assert SCENARIOS[name].state == blind.state
    assert blind.cls in {SCENARIOS[name].cls, ""}


def _arguments(name):
    told = record(name)
    return {"job": told.job, "pods": told.pods, "events": told.events, "now": told.now}
