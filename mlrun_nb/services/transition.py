"""
What a look at a run makes of its record: pure, so that every path through the states can be tested without an engine.

Takes the record, what the engine saw and the events since the last look; returns the record as it should be, and what
to ingest with it. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb._lib.records import Json, from_json, scalar_from_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.events import Event, Metric
from mlrun_nb.model.run import Observation, Progress, Run, RunId, RunResult
from mlrun_nb.model.states import RunState, may_follow


def next_record(run: Run, seen: Observation | None, events: Sequence[Event], *, now: datetime) -> tuple[Run, Ingest]:
    """
    Return *run* brought up to date, unchanged where nothing is new, and what to ingest with it.

    An observation that may not follow the run's state is stale and changes nothing; a result record beats everything.
    """
    updated = _with_events(run, events)
    ingest = Ingest(artifacts=_artifacts(events), metrics=_metrics(events))
    if seen is None:
        return updated, ingest
    if seen.result is not None and may_follow(run.state, seen.result.state):
        return _ended(updated, seen.result, now), Ingest(artifacts=seen.result.artifacts, metrics=ingest.metrics)
    if not may_follow(run.state, seen.state):
        return updated, ingest
    return _observed(updated, seen, now), ingest


def _observed(run: Run, seen: Observation, now: datetime) -> Run:
    changed = replace(run, state=seen.state, phase=seen.phase, reason=seen.reason, attempt=seen.attempt)
    if seen.state is RunState.RUNNING and run.started is None:
        changed = replace(changed, started=now)
    if seen.state.is_final and run.ended is None:
        changed = replace(changed, ended=now, error=seen.error, progress=_last_progress(run))
    return changed if changed == run else replace(changed, last_seen=now)


def _ended(run: Run, result: RunResult, now: datetime) -> Run:
    return replace(
        run,
        state=result.state,
        phase=None,
        reason=result.error.summary if result.error else "",
        error=result.error,
        attempt=result.attempt,
        results={**run.results, **result.results},
        started=result.started,
        ended=result.ended,
        duration_s=result.duration_s,
        cpu_s=result.cpu_s,
        peak_memory_bytes=result.peak_memory_bytes,
        progress=_last_progress(run),
        last_seen=now,
    )


def _last_progress(run: Run) -> Progress | None:
    """Return what still says something when *run* has ended: how many children a sweep had, of how many."""
    return run.progress if run.sweep is not None else None


def _with_events(run: Run, events: Sequence[Event]) -> Run:
    progress, results, best = run.progress, dict(run.results), run.best
    total = run.progress.total if run.progress else 0
    for event in events:
        data = event.data
        match event.type:
            case "run_started":
                names = data.get("cells")
                total = len(names) if isinstance(names, list) else total
                progress = Progress(done=0, total=total)
            case "cell_started":
                progress = Progress(done=_integer(data, "index"), total=total, cell=str(data.get("name", "")))
            case "cell_finished":
                progress = Progress(done=_integer(data, "index") + 1, total=total, cell=str(data.get("name", "")))
            case "children":
                progress = Progress(done=_integer(data, "done"), total=_integer(data, "total"))
                best = RunId(str(data["best"])) if data.get("best") else best
            case "result":
                results[str(data["name"])] = scalar_from_json(data.get("value"))
            case _:
                pass
    if (progress, results, best) == (run.progress, run.results, run.best):
        return run
    return replace(run, progress=progress, results=results, best=best)


def _integer(data: Mapping[str, Json], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) else 0


def _artifacts(events: Sequence[Event]) -> tuple[Artifact, ...]:
    return tuple(from_json(Artifact, dict(event.data)) for event in events if event.type == "artifact")


def _metrics(events: Sequence[Event]) -> tuple[Metric, ...]:
    return tuple(
        from_json(Metric, {**event.data, "time": event.time.isoformat()}) for event in events if event.type == "metric"
    )
