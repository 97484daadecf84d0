"""
What is said of runs on Kubernetes that do not start or do not end well: the rows of a page of the reference.

Each comes out of the product itself, given what a real cluster said of a Job (recorded for the tests), or what is hard
to bring about on a small one. `generate` makes the page.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import mlrun_nb
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.engines.kubernetes.judging import without_outputs
from mlrun_nb.errors import ArtifactError
from mlrun_nb.kube.classes import CLASSES
from mlrun_nb.kube.diagnose import diagnose
from mlrun_nb.kube.diagnosis import Finding
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal, refusal_of_pods
from mlrun_nb.model.run import RunId, RunResult
from mlrun_nb.model.states import RunState
from tests.unit.kube.cases import NOW, ended, event, seen_job, seen_pod, told, true, wait
from tests.unit.kube.recorded import NAMES, record

BOOTSTRAP = Path(mlrun_nb.__file__).parent / "engines/kubernetes/bootstrap.py"
Example: TypeAlias = tuple[str, str, str]
"""A class, what is said, what to do."""

_OF_THE_ENGINE = {
    "ImageLacks": "The image has an old Python, or lacks what executes notebooks.",
    "RequirementsNotMet": "What the run requires could not be installed when it started.",
    "NotDelivered": "What travels with the run could not be unpacked.",
    "StoreUnreachable": "The pod does not reach the place of artifacts.",
    "OutputsTooLarge": "There is no place of artifacts, and outputs do not fit into the log.",
}
_FAILED = true("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
_NODES = "0/3 nodes are available: "
_POD = re.compile(r"\b(?:pods? )`[\w-]+`")
_JOB = re.compile(r"\bJob `[\w-]+`")


@dataclass(frozen=True, slots=True)
class Row:
    """A class, what it means, an example of what is said, and what to do about that."""

    cls: str
    means: str
    said: str
    hint: str


def rows() -> Iterator[Row]:
    """Yield a row for each class, in the order in which they can happen."""
    examples: dict[str, tuple[str, str]] = {}
    for cls, said, hint in (*_refused(), *_diagnosed(), *_in_the_pod(), *_on_the_way_home()):
        examples.setdefault(cls, (said, hint))
    for cls, means in {**CLASSES, **_OF_THE_ENGINE}.items():
        yield Row(cls, means, *examples[cls])


def _refused() -> Iterator[Example]:
    """Yield what the API server, or the Job controller for a pod, says when it makes nothing."""
    messages = {
        403: (
            'jobs.batch is forbidden: User "ana" cannot create resource "jobs" in the namespace "team-a"',
            'pods "train-x" is forbidden: exceeded quota: team, requested: limits.memory=64Gi, used: …, limited: …',
            "unable to create new content in namespace team-a because it is being terminated",
            'admission webhook "policy.example" denied the request: images come from registry.example only',
        ),
        404: ('namespaces "team-a" not found',),
        422: ("spec.template.spec.containers[0].resources.limits: Invalid value",),
    }
    for status, texts in messages.items():
        for text in texts:
            fields = [{"field": "spec.template.spec.containers[0].resources.limits"}] if status == 422 else []
            problem = ApiProblem(status, reason="", message=text, details={"causes": fields})
            yield _example(refusal(problem, what="Job `train`", namespace="team-a"))
    for text in (
        'violates PodSecurity "restricted:latest": host namespaces (hostNetwork=true)',
        "maximum memory usage per Container is 32Gi, but limit is 64Gi",
        'error looking up service account team-a/trainer: serviceaccount "trainer" not found',
        "no PriorityClass with name high was found",
    ):
        message = f'Error creating: pods "train-x" is forbidden: {text}'
        yield _example(refusal_of_pods(message, what="Job `train`", namespace="team-a"))


def _diagnosed() -> Iterator[Example]:
    """Yield what a Job, its pods and its events come to: recorded ones, then others."""
    found: list[Finding] = []
    for name in NAMES:
        seen = record(name)
        found.append(diagnose(seen.job, seen.pods, seen.events, now=seen.now))
    found += _rare()
    yield from map(_example, found)


def _rare() -> Iterator[Finding]:
    """Yield what takes a larger cluster than that of the tests, or worse luck."""
    for text in (
        f"{_NODES}3 node(s) had untolerated taint {{gpu: true}}.",
        f"{_NODES}3 node(s) had volume node affinity conflict.",
        "the scheduler has no opinion",
    ):
        yield told(seen_job(), seen_pod(None, true("PodScheduled", "Unschedulable", text, status="False")))
    yield told(seen_job(), seen_pod(wait("CreateContainerError", 'failed to reserve container name "main"')))
    yield told(seen_job(), seen_pod(), events=[event("FailedMount", 'configmap "words" not found')])
    yield told(seen_job(), seen_pod(), events=[event("FailedCreatePodSandBox", "no address is left")])
    for reason in ("PreemptionByScheduler", "DeletionByTaintManager", "DeletionByPodGC"):
        pod = seen_pod(ended(137), true("PodScheduled"), true("DisruptionTarget", reason), phase="Failed", deleted_s=1)
        yield told(seen_job(_FAILED), pod)
    refused = {"reason": "OutOfcpu", "message": "Node didn't have enough resource: cpu"}
    yield told(seen_job(_FAILED), seen_pod(phase="Failed", status=refused))
    yield told(seen_job(_FAILED), seen_pod(ended(139)))
    yield told(seen_job(_FAILED))


def _in_the_pod() -> Iterator[Example]:
    """Yield what the container says that finds itself without what a run needs, as its source has it."""
    for call in ast.walk(ast.parse(BOOTSTRAP.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "end":
            cls, said, hint = map(_text, call.args[:3])
            yield cls, said, hint


def _on_the_way_home() -> Iterator[Example]:
    """Yield what becomes of a run that went well, and whose files do not arrive."""
    try:
        open_folder("memory://team-runs").read("result.json")
    except ArtifactError as err:
        yield "StoreUnreachable", err.message.replace("memory:", "s3:"), err.hint
    result = RunResult(id=RunId("n9pc7f73p4qv"), state=RunState.SUCCEEDED, started=NOW, ended=NOW, duration_s=3.5)
    error = without_outputs(result, {"artifacts/model.skops": 50_000_000}).error
    assert error is not None
    yield error.cls, error.summary, error.hint


def _text(node: ast.expr) -> str:
    """Return the text that *node* makes, with `…` for what is put into it."""
    template = node.left if isinstance(node, ast.BinOp) else node
    return re.sub(r"%[sd]", "…", str(ast.literal_eval(template)))


def _example(found: Finding) -> Example:
    said = _JOB.sub("Job `train`", _POD.sub("pod `train-x`", found.summary))
    return found.cls, said, found.hint.replace("-n space ", "-n team-a ")  # as the tests call theirs
