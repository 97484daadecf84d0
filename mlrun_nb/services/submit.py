"""
From a function and a choice to a recorded run that an engine works on.

`plan` checks everything and changes nothing, so that bad input leaves no trace; `submit` writes the run directory, then
the record, then hands over, in this order: at whatever point it is interrupted, reconcile can finish it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import rfc8785

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import to_json
from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.errors import OptionError
from mlrun_nb.model.artifact import InputReference
from mlrun_nb.model.function import FunctionSpec, Version
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.option_values import Sourced
from mlrun_nb.model.run import Run, RunId, RunRequest
from mlrun_nb.model.settings import settings_from
from mlrun_nb.notebook.compose import compose
from mlrun_nb.notebook.digests import version_hash
from mlrun_nb.notebook.parameters import bind_parameters
from mlrun_nb.project import Project
from mlrun_nb.services.cache import CacheLook, identify_inputs, look, reuse
from mlrun_nb.services.choice import Choice, InForce, laid_over_cell, options_in_force, split_code_options
from mlrun_nb.services.contents import deliver
from mlrun_nb.services.inputs import Live, keep_inputs, resolve_inputs
from mlrun_nb.services.register import Prepared, Registered, prepare, record
from mlrun_nb.services.resubmit import hand_over
from mlrun_nb.services.targets import StoredTarget, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    A run that could be submitted now. `prepared` stands for a function of a notebook, None for a recorded version.

    `options` has for each option the value in force and where it came from. `live` are inputs that only this process
    has; they are kept, and join the request, when it is submitted.
    """

    request: RunRequest
    prepared: Prepared | None
    options: Mapping[str, Sourced]
    notices: tuple[Notice, ...]
    tags: tuple[str, ...] = ()
    live: Mapping[str, object] = field(default_factory=dict)
    cache: bool = False
    explain_cache: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """
    A recorded run, and what recording its version did (None for a recorded version).

    `cache` is what the cache had for it, None where it was not asked.
    """

    run: Run
    registered: Registered | None
    cache: CacheLook | None = None


def plan(project: Project, target: Target, choice: Choice) -> Plan:
    """
    Check that what *target* names can run as *choice* says, and return what would be submitted; writes nothing.

    Raises UsageError of every kind for what cannot be used, EngineRejected and EngineUnavailable.
    """
    version, choice, prepared = find(project, target, choice)
    return plan_version(project, version, choice, prepared=prepared)


def find(project: Project, target: Target, choice: Choice) -> tuple[Version, Choice, Prepared | None]:
    """
    Return the version that *target* names, and *choice* with what its cell says below it; see `plan`.

    What was prepared is None for a recorded version.
    """
    code, options = split_code_options(choice.options)
    if isinstance(target, StoredTarget):
        if code:
            raise OptionError(
                f"`--{next(iter(code))}` cannot change `{target.function}`, which is recorded",
                hint=f"Name its notebook, `notebook.ipynb::{target.function}`, or leave the option out.",
            )
        version = project.store.get_version(target.project or project.config.project, target.function, target.reference)
        return version, choice, None
    prepared = prepare(project, target, code=code, with_setup=choice.with_setup, given=choice.inputs)
    return prepared.version, laid_over_cell(replace(choice, options=options), prepared.run_options), prepared


def plan_version(
    project: Project,
    version: Version,
    choice: Choice,
    *,
    prepared: Prepared | None = None,
    inputs: Mapping[str, InputReference | Live] = MappingProxyType({}),
) -> Plan:
    """Return what would be submitted for *version*; *inputs* are values known already. See `plan`."""
    in_force = options_in_force(
        project.config,
        choice,
        version.spec.options,
        prepared.run_options if prepared else {},
        prepared.sources if prepared else {},
    )
    given = {**inputs, **_given_inputs(version, choice, prepared)}
    found = resolve_inputs(project, version, given, prepared.target if prepared else None)
    request = _request(project, version, choice, in_force, found.references)
    project.check_places(requirements=request.settings.environment.requirement)
    engine = project.engine(in_force.engine)
    notices = (*(prepared.notices if prepared else ()), *engine.check(request))
    return Plan(
        request=request,
        prepared=prepared,
        options=in_force.options,
        notices=notices,
        tags=choice.tags,
        live=found.live,
        cache=choice.cache,
        explain_cache=choice.explain_cache,
    )


def example_request(project: Project, choice: Choice) -> RunRequest:
    """
    Return the request of a run that does nothing, as *choice* says; nothing is checked, and nothing written.

    Raises ConfigError and OptionError for an engine, a profile or an option that means nothing.
    """
    spec = FunctionSpec(form="notebook", cells=())
    digest = version_hash(spec)
    version = Version(
        project=project.config.project,
        function="doctor",
        hash=digest,
        code_hash=digest,
        cell_digest=digest,
        spec=spec,
        created=project.clock(),
    )
    return _request(project, version, choice, options_in_force(project.config, choice, {}, {}, {}), {})


def submit(project: Project, plan: Plan) -> Submitted:
    """
    Record the planned run and hand it to its engine.

    Raises EngineRejected, ArtifactError and StoreError when nothing was recorded, and EngineUnavailable when the run
    stays pending and is tried again.
    """
    asks_cache = plan.cache or plan.explain_cache
    request = make_ready(project, plan)
    request = identify_inputs(request) if asks_cache else request
    registered = register(project, plan)
    cached = look(project, request) if asks_cache else None
    write_run_directory(project, request)
    run = project.store.create_run(record_of(request))
    if cached is not None and cached.origin is not None and plan.cache:
        return Submitted(run=reuse(project, run, cached), registered=registered, cache=cached)
    engine = project.engine(request.engine)
    return Submitted(run=hand_over(project, engine, run, request), registered=registered, cache=cached)


def make_ready(project: Project, plan: Plan) -> RunRequest:
    """Return the planned request with all that may take long: an environment that was made, inputs that are kept."""
    project.store.check_writable()
    request = project.engine(plan.request.engine).prepare(plan.request)
    return replace(request, inputs={**request.inputs, **keep_inputs(project, plan.live)})


def register(project: Project, plan: Plan) -> Registered | None:
    """Record the version of a planned run; returns what that did, None for one that was recorded before."""
    if plan.prepared:
        return record(project, plan.prepared, tags=plan.tags)
    if plan.tags:
        project.store.save_version(plan.request.version, tags=plan.tags)
    return None


def write_run_directory(project: Project, request: RunRequest) -> None:
    """Write everything that a runner needs; request.json last, so that its presence says that all is there."""
    folder = LocalFolder(Path(request.run_directory))
    folder.write("input.ipynb", json.dumps(compose(request.version), indent=1, ensure_ascii=False).encode())
    deliver(project, request.version.spec.files, folder.child("source"))
    folder.write("request.json", json.dumps(to_json(request), ensure_ascii=False).encode(), sync=True)


def _request(
    project: Project, version: Version, choice: Choice, in_force: InForce, inputs: Mapping[str, InputReference]
) -> RunRequest:
    run_id = RunId(new_id())
    directory = project.config.runs / run_id
    settings = settings_from(in_force.values)
    return RunRequest(
        id=run_id,
        version=version,
        engine=in_force.engine,
        profile=in_force.profile,
        parameters=bind_parameters(
            version.spec.parameters, choice.parameters, texts=choice.parameters_text, function=version.function
        ),
        inputs=inputs,
        overrides=choice.options,
        sources={name: item.source for name, item in in_force.options.items()},
        settings=settings,
        settings_digest=digest_bytes(rfc8785.dumps(to_json(settings))),
        labels=choice.labels,
        run_directory=str(directory),
        artifacts=_artifacts(project, run_id) or str(directory / "artifacts"),
        working_directory=_working_directory(project, version),
        created=project.clock(),
    )


def _given_inputs(version: Version, choice: Choice, prepared: Prepared | None) -> Mapping[str, InputReference]:
    given = {**(prepared.input_uris if prepared else {}), **choice.inputs}
    unknown = next((name for name in given if name not in version.spec.inputs), None)
    if unknown is not None:
        inputs = ", ".join(version.spec.inputs) or "none"
        is_parameter = any(each.name == unknown for each in version.spec.parameters)
        raise OptionError(
            f"`{version.function}` has no input `{unknown}`",
            hint=f"It is a parameter: `-p {unknown}=…`."
            if is_parameter
            else f"Its inputs are: {inputs}. Parameters are given with `-p`.",
        )
    return {name: InputReference(uri=uri) for name, uri in given.items()}


def _artifacts(project: Project, run_id: RunId) -> str:
    base = project.config.artifacts.rstrip("/")
    return f"{base}/{project.config.project}/{run_id}" if base else ""


def _working_directory(project: Project, version: Version) -> str:
    """
    Return the folder of the notebook or kernel, where that still is there; else the engine chooses.

    A copy of a hub's item is to stay as it came: its data files go to a folder of the run's own.
    """
    origin = version.provenance
    folder = Path(origin.folder or Path(origin.notebook).parent) if origin.folder or origin.notebook else None
    if folder is None or folder.is_relative_to(project.config.hubs) or not folder.is_dir():
        return ""
    return str(folder)


def record_of(request: RunRequest) -> Run:
    """Return the record of a run that *request* asks for, before anybody has heard of it."""
    version = request.version
    return Run(
        id=request.id,
        project=version.project,
        function=version.function,
        version=version.hash,
        code_hash=version.code_hash,
        engine=request.engine,
        profile=request.profile,
        parameters=request.parameters,
        overrides=request.overrides,
        labels=request.labels,
        run_directory=request.run_directory,
        notebook=version.provenance.place,
        parent=request.parent,
        number=request.number,
        sweep=request.sweep,
        created=request.created,
    )
