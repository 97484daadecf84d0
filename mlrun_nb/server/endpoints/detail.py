"""Everything about a run, in its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane
from mlrun_nb.commands.card.fitting import fit, tidy
from mlrun_nb.commands.cell_reports import MACHINERY
from mlrun_nb.commands.code import python_of_artifact, python_of_run
from mlrun_nb.commands.states import hint_of
from mlrun_nb.commands.usage import usage
from mlrun_nb.commands.views import headline
from mlrun_nb.commands.views.card import memory_in_force
from mlrun_nb.commands.views.changes import changes
from mlrun_nb.commands.views.fields import distance_from
from mlrun_nb.commands.views.run import commands_of
from mlrun_nb.commands.views.settings import settings_in_force
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import CellReport, Run
from mlrun_nb.model.states import RunState
from mlrun_nb.server.endpoints.rows import hub_place, named, row
from mlrun_nb.server.endpoints.status import below
from mlrun_nb.server.endpoints.sweep import parent_row, sweep_detail
from mlrun_nb.server.route import shaped
from mlrun_nb.server.shapes.run import (
    ArtifactRow,
    CellRow,
    Command,
    Failure,
    Neighbour,
    Remedy,
    RunDetail,
    Setting,
    Usage,
    Value,
)
from mlrun_nb.server.shapes.runs import Named
from mlrun_nb.services.artifact_files import file_name
from mlrun_nb.services.executed import executed_path
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.series import RunSeries

_LONG = 20_000
"""Characters of a text that a page shows."""


def detail(
    found: RunDetails, cells: Sequence[CellReport], series: RunSeries, *, root: str, dashboard: str
) -> RunDetail:
    """Return all that is known of a run; *root* is the folder that the server shows, *dashboard* a link."""
    run, good = found.run, found.last_good
    return RunDetail(
        run=row(run),
        code_hash=run.code_hash,
        directory=run.run_directory,
        notebook=below(root, run.notebook) if run.notebook and Path(run.notebook).is_file() else None,
        hub=hub_place(found.version),
        executed=executed_path(run).is_file(),
        failure=_failure(run),
        remedy=_remedy(found),
        notices=tuple(tidy(text) for text in (found.result.notices if found.result else ())),
        parameters=tuple(_values(run.parameters, good.parameters if good else {}, humane.exact)),
        results=tuple(_values(run.results, good.results if good else {}, humane.rounded)),
        missing_results=_missing(run, good),
        inputs=tuple(_inputs(found)),
        settings=tuple(
            Setting(name=item.name, text=fit(item.text, _LONG), source=item.source) for item in settings_in_force(found)
        ),
        usage=tuple(shaped(each, Usage) for each in usage(found)),
        cells=tuple(_cell(cell) for cell in cells),
        artifacts=tuple(_artifact(run, each) for each in found.artifacts),
        metrics=series.names,
        points=series.count,
        provenance=tuple(_provenance(found)),
        last_good=shaped(good, Neighbour) if good else None,
        changed=changes(found),
        commands=tuple(Command(text=text, purpose=purpose) for text, purpose in commands_of(found)),
        python=python_of_run(run),
        dashboard=dashboard,
        sweep=sweep_detail(found),
        parent=parent_row(found),
    )


def _failure(run: Run) -> Failure | None:
    error = run.error
    if error is None:
        return None
    return Failure(
        cls=error.cls,
        fault=error.fault,
        summary=fit(error.summary, _LONG),
        hint=fit(hint_of(run), _LONG),
        cell=error.cell,
        cell_name=tidy(error.cell_name),
        ename=tidy(error.ename),
        evalue=fit(error.evalue, _LONG),
        traceback=error.traceback,
    )


def _remedy(found: RunDetails) -> Remedy | None:
    if found.run.state not in {RunState.FAILED, RunState.CANCELLED, RunState.LOST}:
        return None
    chosen = headline.remedy(found.run, memory_in_force(found))
    return Remedy(text=chosen.purpose, options=dict(chosen.options))


def _values(values: Mapping[str, Json], before: Mapping[str, Json], text: Callable[[Json], str]) -> Iterator[Value]:
    for name, value in values.items():
        now, was = text(value), text(before[name]) if name in before else None
        yield Value(
            name=name,
            text=fit(now, _LONG),
            before=fit(was, _LONG) if was is not None and was != now else None,
            distance=distance_from(value, before.get(name)),
        )


def _missing(run: Run, good: Run | None) -> tuple[str, ...]:
    if good is None or not run.state.is_final:
        return ()
    return tuple(name for name in good.results if name not in run.results)


def _inputs(found: RunDetails) -> Iterator[Named]:
    for name, item in (found.request.inputs if found.request else {}).items():
        yield Named(name=name, text=fit(item.uri, _LONG))


def _cell(cell: CellReport) -> CellRow:
    return CellRow(
        index=cell.index,
        name=tidy(cell.name),
        role=cell.role or "",
        state=cell.state,
        origin=cell.origin,
        duration_s=cell.duration_s,
        cpu_s=cell.cpu_s,
        peak_memory_bytes=cell.peak_memory_bytes,
        output_bytes=cell.output_bytes,
        machinery=cell.role in MACHINERY,
    )


def _artifact(run: Run, artifact: Artifact) -> ArtifactRow:
    return ArtifactRow(
        name=artifact.name,
        kind=artifact.kind,
        type=artifact.type,
        media_type=artifact.media_type,
        size=artifact.size,
        digest=artifact.digest,
        uri=artifact.uri,
        file=file_name(artifact),
        previews=dict(artifact.previews),
        facts=tuple(named(name, value) for name, value in artifact.metadata.items()),
        load=python_of_artifact(run, artifact),
    )


def _provenance(found: RunDetails) -> Iterator[Named]:
    run, origin = found.run, found.version.provenance if found.version else None
    place = "hub" if origin is not None and origin.hub else "notebook"
    facts = {"version": run.version, place: run.notebook}
    if origin is not None:
        dirty = ", with local changes" if origin.git_dirty else ""
        facts["commit"] = f"{origin.git_commit}{dirty}" if origin.git_commit else ""
        facts["author"] = origin.author
        facts["host"] = origin.host
    facts["distributions"] = found.result.distributions if found.result else ""
    yield from (Named(name=name, text=tidy(text)) for name, text in facts.items() if text)
