"""
What a change of a run means for every store of ours: which changes are allowed, and what is recorded of them.

Pure; the stores in memory and in SQL share it so that they cannot drift apart. Whether a change is *wise* is decided by
the services that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState, may_follow

_FIXED = ("id", "sequence", "project", "function", "version", "created", "parent", "number")
MetricKey = tuple[str, int | None, datetime]


def recorded(run: Run, *, sequence: int, revision: int) -> Run:
    """Return *run* as reading it back would give it: plain JSON inside, numbered by the store."""
    return from_json(Run, to_json(replace(run, sequence=sequence, revision=revision)))


def check(change: RunChange) -> None:
    """Raise ValueError unless its run is new, or may replace the one before: the same, in a state that may follow."""
    run, to = change.before, change.to
    if run is None:
        return
    changed = [name for name in _FIXED if getattr(run, name) != getattr(to, name)]
    if (run.sweep is None) != (to.sweep is None):
        changed.append("sweep")
    if changed:
        raise ValueError(f"`{changed[0]}` of run {run.id} never changes")
    of_sweep = run.sweep is not None or run.parent is not None
    if not may_follow(run.state, to.state, of_sweep=of_sweep):
        raise ValueError(f"run {run.id} is {run.state}; {to.state} cannot follow")


def may_delete(run: Run, children: Iterable[Run]) -> bool:
    """Tell whether the record of *run* may go: it and its *children* have ended, and nobody has pinned it."""
    return run.state.is_final and not run.pinned and all(child.state.is_final for child in children)


def is_open(run: Run, *, lost_since: datetime | None) -> bool:
    """Tell whether more may be heard of *run*: it is open, or was judged lost (`ended`) after *lost_since*."""
    if run.state is RunState.LOST and lost_since is not None:
        return run.ended is None or run.ended > lost_since
    return not run.state.is_final


def latest_artifacts(artifacts: Iterable[Artifact]) -> Mapping[str, Artifact]:
    """Return *artifacts* by name; of two with one name the later."""
    return {artifact.name: artifact for artifact in artifacts}


def metric_key(metric: Metric) -> MetricKey:
    """Return what makes a point of a series the same point when it is sent twice."""
    return metric.name, metric.step, metric.time


def new_metrics(metrics: Iterable[Metric], known: set[MetricKey]) -> list[Metric]:
    """Return those of *metrics* whose key is not in *known*, each once, in their order."""
    fresh = {metric_key(metric): metric for metric in reversed(list(metrics)) if metric_key(metric) not in known}
    return list(reversed(fresh.values()))
