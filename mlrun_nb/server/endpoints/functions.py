"""`/functions`: what can be run, its versions and tags, and a run of it."""

from __future__ import annotations

from mlrun_nb._lib.records import finite, to_json
from mlrun_nb.commands.card.fitting import tidy
from mlrun_nb.commands.code import command_of_version, python_of_version
from mlrun_nb.commands.run import plan_run
from mlrun_nb.commands.views.runs import main_result
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.model.function import Function, Version
from mlrun_nb.model.option_values import check_values
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import declaration
from mlrun_nb.notebook.parameter_schema import parameter_schema
from mlrun_nb.project import Project
from mlrun_nb.server.endpoints import starting
from mlrun_nb.server.endpoints.rows import hub_place, row
from mlrun_nb.server.endpoints.status import below
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.functions import (
    FunctionDetail,
    FunctionRow,
    Functions,
    Outcome,
    ParameterRow,
    RunFunction,
    Source,
    TagMoved,
    VersionAsked,
    VersionRow,
    Versions,
    VersionsAsked,
)
from mlrun_nb.server.shapes.runs import RunRow
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.targets import StoredTarget
from mlrun_nb.services.versions import VersionStep, move_tag, step_of, steps

_HISTORY = 30


def functions(call: Call[Where, NoBody]) -> Functions:
    """Return all functions of the project, each with its newest run."""
    project = call.project
    call.held.freshness.refresh(project)
    revision = project.store.revision()
    known = project.store.functions(project.config.project)
    last = project.store.last_runs(project.config.project, [each.name for each in known])
    items = tuple(_function(each, last.get(each.name)) for each in known)
    return Functions(items=items, revision=revision)


def function(call: Call[VersionAsked, NoBody]) -> FunctionDetail:
    """Return a function at one version, with what a form needs to run it."""
    project = call.project
    step = step_of(project, call.places["function"], call.query.version)
    version, spec = step.version, step.version.spec
    runs = _runs(project, version.function, _HISTORY)
    main = _main_result(runs)
    tag = "latest" if "latest" in step.info.tags else next(iter(step.info.tags), "")
    return FunctionDetail(
        name=version.function,
        project=version.project,
        description=version.description,
        notebook=None if version.provenance.hub else below(call.root, version.provenance.notebook),
        hub=hub_place(version),
        version=_version(step),
        parameters=tuple(parameter_row(each) for each in spec.parameters),
        inputs=spec.inputs,
        outputs=spec.outputs,
        options={name: shown(value) for name, value in spec.options.items()},
        source=_source(version),
        history=tuple(_outcome(run, main) for run in runs),
        result=main,
        call=python_of_version(version, tag=tag),
        command=command_of_version(version, tag=tag),
    )


def versions(call: Call[VersionsAsked, NoBody]) -> Versions:
    """Return a page of versions, last registered first."""
    page = steps(call.project, call.places["function"], limit=call.query.limit, cursor=call.query.cursor)
    return Versions(items=tuple(_version(step) for step in page.items), cursor=page.cursor)


def tag(call: Call[Where, TagMoved]) -> VersionRow:
    """Move a tag to a version of the function, and return that version."""
    return _version(move_tag(call.project, call.places["function"], call.places["tag"], call.body.version))


def start(call: Call[Where, RunFunction]) -> RunRow:
    """Run a version of the function as the body says."""
    body = call.body
    choice = Choice(
        parameters=body.parameters,
        inputs=starting.inputs_in(call.root, call.query.folder, body.inputs),
        options=check_values(body.options, where="this request"),
        on=body.on or None,
    )
    target = StoredTarget(function=call.places["function"], reference=body.version)
    return row(starting.start(call.project, plan_run(call.project, target, choice)))


def _function(found: Function, last: Run | None) -> FunctionRow:
    return FunctionRow(
        name=found.name,
        description=tidy(found.description.partition("\n")[0]),
        notebook=found.notebook,
        latest=found.latest,
        versions=found.versions,
        runs=found.runs,
        updated=found.updated,
        last_run=row(last) if last else None,
    )


def _runs(project: Project, function: str, limit: int) -> tuple[Run, ...]:
    query = RunQuery(project=project.config.project, functions=(function,), limit=limit)
    return project.store.list_runs(query).items


def _version(step: VersionStep) -> VersionRow:
    origin = step.version.provenance
    return VersionRow(
        hash=step.info.hash,
        tags=step.info.tags,
        created=step.info.created,
        runs=step.info.runs,
        change=tidy(step.change),
        author=origin.author,
        commit=origin.git_commit,
    )


def parameter_row(parameter: Parameter) -> ParameterRow:
    """Return a parameter with what a form needs of it."""
    schema = to_json(parameter_schema(parameter))
    assert isinstance(schema, dict)  # a mapping's JSON form
    return ParameterRow(
        name=parameter.name,
        type=parameter.type,
        description=parameter.description,
        required=parameter.required,
        declaration=declaration(parameter),
        schema=schema,
    )


def _source(version: Version) -> tuple[Source, ...]:
    origins = version.provenance.origins
    return tuple(
        Source(role=cell.role, text=cell.source, origin=origins[index].index if index < len(origins) else None)
        for index, cell in enumerate(version.spec.cells)
    )


def _main_result(runs: tuple[Run, ...]) -> str:
    mains = (main_result(dict(run.results)) for run in runs)
    return next((main[0] for main in mains if main is not None and finite(main[1]) is not None), "")


def _outcome(run: Run, main: str) -> Outcome:
    return Outcome(
        id=run.id,
        state=run.state.value,
        created=run.created,
        duration_s=run.duration_s,
        value=finite(run.results.get(main)),
    )
