"""Builders of records as stores and services return them: what a test does not name is unremarkable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.function import FunctionSpec, SourceCell, Version, VersionHash
from mlrun_nb.model.run import CellReport, Run, RunError, RunId, RunRequest, RunResult
from mlrun_nb.model.settings import Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.services.history import RunDetails

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
ERROR = RunError(
    cls="CellFailed",
    fault="user",
    summary="cell 3 (`train`) raised `ValueError`: no such column",
    hint="Read the traceback.",
    cell=2,
    cell_name="train",
    ename="ValueError",
    evalue="no such column",
    traceback="------\nValueError   Traceback\n----> 1 fit()\nValueError: no such column",
)
ARTIFACT = Artifact(name="model", kind="skops", uri="/runs/a/artifacts/model.skops", size=1_258_291, digest="sha256:ab")
CELLS = (
    CellReport(index=0, name="imports", role="definition", origin=1, state="succeeded", duration_s=1.1),
    CellReport(index=1, name="load inputs", role="prepare", state="succeeded", duration_s=13.4),
    CellReport(index=2, name="train", role="body", origin=4, state="failed", duration_s=48.2),
    CellReport(index=3, name="save outputs", role="save", state="pending"),
)


def make_run(**fields: object) -> Run:
    """Return a run of `train` that succeeded a minute before NOW."""
    usual: dict[str, object] = {
        "id": RunId("4k7q2mabcdef"),
        "project": "default",
        "function": "train",
        "version": VersionHash("7f3a91c" + "0" * 57),
        "code_hash": "c" * 64,
        "engine": "local",
        "state": RunState.SUCCEEDED,
        "phase": None,
        "run_directory": "/runs/a",
        "created": NOW - timedelta(minutes=1),
        "started": NOW - timedelta(seconds=59),
        "ended": NOW,
        "duration_s": 72.0,
    }
    return Run(**(usual | fields))  # type: ignore[arg-type]  # a test that misspells a field fails


def failed_run(**fields: object) -> Run:
    """Return a run of `train` that failed."""
    return make_run(state=RunState.FAILED, error=ERROR, duration_s=62.7, **fields)


def make_version() -> Version:
    """Return a version of `train` that asks for memory."""
    spec = FunctionSpec(form="cell", cells=(SourceCell(role="body", source="fit()"),), options={"memory": "4Gi"})
    return Version(
        project="default",
        function="train",
        hash=VersionHash("7f3a91c" + "0" * 57),
        code_hash="c" * 64,
        cell_digest="d",
        spec=spec,
        created=NOW,
    )


def make_details(run: Run, *, last_good: Run | None = None, settings: Settings | None = None) -> RunDetails:
    """Return all about *run*, with request, result and version."""
    version = make_version()
    request = RunRequest(
        id=run.id,
        version=version,
        engine="local",
        settings=settings or Settings(resources=Resources(memory="4Gi", cpu="4")),
        run_directory="/runs/a",
        artifacts="/runs/a/artifacts",
        created=NOW,
    )
    state = RunState.FAILED if run.error else RunState.SUCCEEDED
    result = RunResult(id=run.id, state=state, cells=CELLS, started=NOW, ended=NOW, duration_s=63.0)  # type: ignore[arg-type]  # one of two
    return RunDetails(
        run=run,
        version=version,
        request=request,
        result=result,
        artifacts=(ARTIFACT,),
        metrics=tuple,
        last_good=last_good,
        last_good_version=version if last_good else None,
    )
