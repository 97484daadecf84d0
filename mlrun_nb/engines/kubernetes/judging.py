"""
The result of a run whose last attempt left none, and the better reason for one whose kernel the cluster ended: pure.

Says only what is known: what the cluster says of the Job, which cell was executing by the events.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.engines.unfinished import executing, placed, result_of
from mlrun_nb.kube.diagnosis import Diagnosis
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import RunError, RunId, RunResult
from mlrun_nb.model.states import RunState

OOM_KILLED = "OOMKilled"
GAP = (
    "some of what it printed is missing, and what it told meanwhile, such as metrics: its node keeps 10 MB of a log, "
    "and nobody looked in time; print less, or follow the run while it goes on"
)


def judged(run: RunId, error: RunError, events: Sequence[Event], order: Order, *, attempt: int) -> RunResult:
    """Return the result of an attempt that left none and ended for the reason of *error*."""
    own = [event for event in events if event.attempt == attempt]
    started = own[0].time if own else now()
    return result_of(
        run,
        own,
        placed(error, executing(own, order.notebook)),
        attempt=attempt,
        started=started,
        ended=max([started, *(event.time for event in own)]),
        duration_s=max((event.elapsed_s for event in own), default=0.0),
    )


def error_of(seen: Diagnosis) -> RunError:
    """Return what *seen* comes to as the reason of a run's end."""
    return RunError(cls=seen.cls or "JobFailed", fault=seen.fault, summary=seen.summary, hint=seen.hint)


def error_in_message(ended: Mapping[str, Json]) -> RunError | None:
    """Return the reason that the pod's own termination message gives, where it is one of ours."""
    try:
        said = json.loads(str(ended.get("message", "")))
        return from_json(RunError, {name: said[name] for name in ("cls", "fault", "summary", "hint")})
    except (ValueError, KeyError, TypeError):
        return None


def with_reason(result: RunResult, order: Order, ended: Mapping[str, Json]) -> RunResult:
    """Return *result*, by a runner that saw its kernel die, with the reason that the cluster knows: its memory."""
    error = result.error
    if error is None or ended.get("reason") != OOM_KILLED:
        return result
    known = out_of_memory(order, where=f" while executing {error.cell_name}" if error.cell_name else "")
    if error.cls == "CellFailed":  # a child of the kernel was killed, and the cell saw it
        return replace(result, error=replace(error, hint=f"One of its processes was killed for memory. {known.hint}"))
    if error.cls in {"OutOfMemory", "KernelDied"}:
        return replace(result, error=replace(known, cell=error.cell, cell_name=error.cell_name))
    return result


def not_cancelled(result: RunResult, error: RunError) -> RunResult:
    """Return *result*, by a runner that was told to end, with the reason of who told it: the cluster, no user."""
    if result.state is not RunState.CANCELLED or error.fault == "cancelled":
        return result
    at = f", while executing `{result.error.cell_name}`" if result.error is not None and result.error.cell_name else ""
    return replace(result, state=RunState.FAILED, error=replace(error, summary=f"{error.summary}{at}"))


def out_of_memory(order: Order, *, where: str = "") -> RunError:
    """Return what the memory limit of the container comes to."""
    limit = order.memory
    known = f", its memory limit is `{limit.amount}`" if limit else ", and its node had no more"
    more = f"--{limit.option} {limit.raised(0)}" if limit else "--memory 8Gi"
    return RunError(
        cls="OutOfMemory",
        fault="resources",
        summary=f"the run was killed for its memory{where}{known}",
        hint=f"Give it more, `{more}`, or less to do.",
    )


def missing(result: RunResult, folder: Path) -> dict[str, int]:
    """Return the artifacts of *result*, name → size, that should be in the run directory *folder* and are not."""
    uris = ((artifact, Path(artifact.uri)) for artifact in result.artifacts)
    return {
        artifact.name: artifact.size for artifact, path in uris if path.is_relative_to(folder) and not path.exists()
    }


def with_gap(result: RunResult) -> RunResult:
    """Return *result*, of a run that printed more than its node kept until somebody looked, with a notice of that."""
    return replace(result, notices=tuple(dict.fromkeys((*result.notices, GAP))))


def without_outputs(result: RunResult, left: Mapping[str, int], *, has_gap: bool = False) -> RunResult:
    """
    Return *result* as failed where files of it could not come home: nobody would find its outputs.

    That may be so because its log *has_gap*.
    """
    if not left or result.state is not RunState.SUCCEEDED:
        return result
    name, size = max(left.items(), key=lambda item: item[1])
    error = RunError(
        cls="OutputsTooLarge",
        fault="environment",
        summary=f"`{name}` ({size / 1e6:.1f} MB) did not come home: "
        + ("its node had not kept all of the log" if has_gap else "the log of a pod carries 8 MB of files"),
        hint="Set `artifacts: s3://bucket/folder` in project.yaml, or mount a volume that you share with the pod.",
    )
    return replace(result, state=RunState.FAILED, error=error)
