"""What `doctor` finds of a cluster: whether it is reached, which versions meet, and what its workers have and see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.dask.clusters import Clusters
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.survey import Survey, survey
from mlrun_nb.engines.dask.target import target_of
from mlrun_nb.errors import EngineError
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import RunRequest

_NAMED = 5


def examine(clusters: Clusters, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
    """Yield findings, what others stand on first; with *probe* a task is executed, in a cluster started for it."""
    target = target_of(request.settings.dask)
    try:
        connection = clusters.started(target) if probe else clusters.reached(target)
        if connection is None:
            yield Finding(name="scheduler", ok=None, text="no cluster of this machine now; the next run starts one")
            return
        yield from looked_at(connection, request, probe=probe)
    except EngineError as err:
        yield Finding(name="scheduler", ok=False, text=err.message, hint=err.hint)


def looked_at(connection: Connection, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
    """Yield what is found of a cluster that is reached; raises EngineError."""
    yield Finding(name="scheduler", ok=True, text=f"{connection.address}, reached")
    found = survey(connection, Path(request.run_directory), "" if local_path(request.artifacts) else request.artifacts)
    yield from _workers(found)
    yield from _places(connection, found)
    if probe:
        yield _task(connection)


def _workers(found: Survey) -> Iterator[Finding]:
    skew = found.skew()
    yield Finding(
        name="versions",
        ok=not skew,
        text=skew or f"distributed {version('distributed')} on client, scheduler and workers",
        hint="Install the same release of `distributed` on all three." if skew else "",
    )
    if not found.workers:
        yield Finding(name="workers", ok=False, text="there is none", hint=f"Start one: `dask worker {found.address}`.")
        return
    slots = sum(worker.slots for worker in found.workers)
    offers = ", ".join(sorted(found.offered)) or "nothing that Dask counts"
    yield Finding(
        name="workers", ok=True, text=f"{len(found.workers)}, with {slots} slots together, which offer {offers}"
    )
    for worker in [worker for worker in found.workers if worker.lacks][:_NAMED]:
        yield Finding(
            name=f"worker {worker.address}",
            ok=False,
            text=f"lacks {' and '.join(worker.lacks)}",
            hint=f"Install it where it runs, `pip install {' '.join(worker.lacks)}`, and start it again.",
        )


def _places(connection: Connection, found: Survey) -> Iterator[Finding]:
    if not found.workers:
        return
    yield _run_directories(found)
    if not found.url:
        return
    answers = connection.ask_workers("reach", found.url)
    faults = [f"{address}: {said}" for address, said in sorted(answers.items()) if said]
    yield Finding(
        name="artifacts from workers",
        ok=not faults,
        text=f"not reached by {faults[0]}" if faults else "reached by all workers",
        hint="Give workers the store's credentials and its library (`pip install s3fs`)." if faults else "",
    )


def _run_directories(found: Survey) -> Finding:
    if found.is_away:
        text = f"`{found.folder}`, seen by no worker: runs come home through `{found.url}`"
        return Finding(name="run directories", ok=True, text=text)
    blind = [worker.address for worker in found.workers if not worker.sees]
    if not blind:
        return Finding(name="run directories", ok=True, text="seen by all workers")
    return Finding(
        name="run directories",
        ok=False,
        text=f"`{found.folder}`, not seen by {', '.join(blind[:_NAMED])}",
        hint="Put it on a file system that workers have at the same path, `export MLRUN_NB_HOME=/shared/you`, or have "
        "runs come home through an object store: `artifacts: s3://bucket/folder` in project.yaml.",
    )


def _task(connection: Connection) -> Finding:
    began = time.monotonic()
    answers = connection.ask_workers("look", "/")
    took_ms = (time.monotonic() - began) * 1000
    faults = [f"{address}: {said}" for address, said in sorted(answers.items()) if isinstance(said, Exception)]
    if faults:
        hint = "Look at its log, and start it again."
        return Finding(name="probe", ok=False, text=f"a task failed on {faults[0]}", hint=hint)
    return Finding(name="probe", ok=bool(answers), text=f"all workers ({len(answers)}) answered in {took_ms:.0f} ms")
