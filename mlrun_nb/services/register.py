"""
Make a version of a cell or a notebook: read, capture, digest, record.

The notebook layer does the thinking and `sources` the reading; this is the order of things. `prepare` records nothing.
A cell comes from a file, or, as a `CellTarget`, from whoever has it: a kernel, a decorator.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.function import Provenance, Version
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.option_values import OptionValues, merge_repeated
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.notebook.building import build_function
from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import Captured, FunctionCell, Notebook
from mlrun_nb.notebook.declarations import parse_parameters
from mlrun_nb.notebook.diff import diff_versions
from mlrun_nb.notebook.discovery import find_function, notices_beside
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.notebook.parsing import cell_name, parse_notebook_options
from mlrun_nb.notebook.project_modules import find_notebook_modules
from mlrun_nb.notebook.with_setup import take_setup
from mlrun_nb.project import Project
from mlrun_nb.services.contents import keep, source_files
from mlrun_nb.services.hub import fetched
from mlrun_nb.services.inputs import known_inputs
from mlrun_nb.services.sources import DiskModules, load_files, load_notebook, surroundings
from mlrun_nb.services.targets import CellTarget, HubTarget, NotebookTarget

_NOTHING = Captured()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """
    A version that is not recorded yet, and what the cell says beside it.

    `files` is the content of its source files by path; `target` is None for a whole notebook. `sources` says where in
    the cell each option stands, `run_options` are those that never enter a version.
    """

    version: Version
    target: CellTarget | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    run_options: OptionValues = field(default_factory=dict)
    input_uris: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What recording a version did; `change` says in a line how it differs from the one that was `latest` before."""

    new: bool
    previous: Version | None = None
    change: str = ""


def prepare(
    project: Project,
    target: NotebookTarget | HubTarget | CellTarget,
    *,
    code: OptionValues = MappingProxyType({}),
    with_setup: bool = False,
    given: Collection[str] = (),
) -> Prepared:
    """
    Read, capture and digest what *target* names; writes nothing.

    *code* are inputs, outputs and files beside those that the notebook states; an item of a hub adds what it requires.
    With *with_setup* the cells above that define inputs which are neither *given* nor have a value otherwise belong to
    the function and run first.
    Raises NotFoundError, NotebookError, OptionError, ParameterError, CaptureError, and HubError for one of a hub.
    """
    hub, work = "", None
    if isinstance(target, HubTarget):
        work = target.folder or Path.cwd()
        target, item, hub = fetched(project, target)
        code = {**code, "requirement": [*item.requirements]} if item.requirements else code
    if isinstance(target, NotebookTarget):
        notebook = load_notebook(target.path)
        if target.function is None:
            return _prepare_notebook(project, target.path, notebook, code)
        target = replace(_cell_in(notebook, target.path, target.function), hub=hub, work=work)
    cell = target.cell
    target = replace(target, cell=replace(cell, options={**cell.options, **_joined(cell.options, code)}))
    if with_setup or target.cell.options.get("with-setup"):
        known = known_inputs(project, target, names_of(target.cell.options, "input"))
        cell, above = take_setup(target.cell, target.above, given={*given, *cell.input_uris, *known})
        target = replace(target, cell=cell, above=above)
    return _prepare_cell(project, target)


def record(project: Project, prepared: Prepared, *, tags: tuple[str, ...] = ()) -> Registered:
    """Record the version, its files first, and move `latest` and *tags* to it."""
    project.store.check_writable()
    version = prepared.version
    previous = _latest(project, version)
    keep(project, prepared.files)
    new = project.store.save_version(version, tags=("latest", *tags))
    if previous is None or previous.hash == version.hash:
        return Registered(new=new)
    return Registered(new=new, previous=previous, change=diff_versions(previous, version).summary)


def _cell_in(notebook: Notebook, path: Path, function: str) -> CellTarget:
    cell = find_function(notebook, function)
    notebook = replace(notebook, notices=(*notebook.notices, *notices_beside(notebook, function)))
    above = notebook.cells[: cell.cell.index]
    path = path.absolute()
    return CellTarget(cell=cell, above=above, notebook=notebook, folder=path.parent, path=path)


def _prepare_cell(project: Project, target: CellTarget) -> Prepared:
    cell = target.cell
    data = load_files(target.folder, names_of(cell.options, "file"))
    folder = target.folder if data or target.work is None else target.work
    inputs = names_of(cell.options, "input")
    where = f"`{cell.name}` ({cell_name(cell.cell)})"
    declared = parse_parameters(cell.body, inputs=inputs, where=where, lines=cell.lines).parameters
    captured = capture(
        cell.body,
        target.above,
        given=[*inputs, *(item.name for item in declared)],
        finder=DiskModules(_search_folders(project, target.folder)),
        live=target.live,
        unrun=target.unrun,
        where=where,
    )
    files = {**captured.modules, **data}
    return Prepared(
        version=_build(
            project,
            target.notebook,
            cell,
            captured=captured,
            files=files,
            provenance=_provenance(target.path, folder, hub=target.hub),
        ),
        target=target,
        files=files,
        sources=cell.sources,
        run_options=_run_options(cell.options, target.folder),
        input_uris=cell.input_uris,
        notices=(*target.notebook.notices, *captured.notices),
    )


def _prepare_notebook(project: Project, path: Path, notebook: Notebook, code: OptionValues) -> Prepared:
    notebook = replace(notebook, options=_joined(parse_notebook_options(notebook).options, code))
    stated = parse_notebook_options(notebook)
    modules = find_notebook_modules(notebook, DiskModules(_search_folders(project, path)))
    files = {**modules.files, **load_files(path.parent, names_of(stated.options, "file"))}
    return Prepared(
        version=_build(
            project, notebook, None, files=files, provenance=_provenance(path.absolute(), path.absolute().parent)
        ),
        files=files,
        sources=stated.sources,
        run_options=_run_options(stated.options, path.absolute().parent),
        input_uris=stated.input_uris,
        notices=(*notebook.notices, *modules.notices),
    )


def _build(
    project: Project,
    notebook: Notebook,
    cell: FunctionCell | None,
    *,
    captured: Captured = _NOTHING,
    files: Mapping[str, bytes],
    provenance: Provenance,
) -> Version:
    return build_function(
        notebook,
        cell,
        captured=captured,
        files=source_files(files),
        project=project.config.project,
        created=project.clock(),
        provenance=provenance,
    )


def _provenance(path: Path | None, folder: Path, *, hub: str = "") -> Provenance:
    return Provenance(
        notebook=str(path) if path else "",
        hub=hub,
        folder="" if path and path.parent == folder else str(folder),
        **asdict(surroundings(folder)),
    )


def _joined(stated: OptionValues, code: OptionValues) -> dict[str, Json]:
    """Return each option of *code* together with what the notebook states for it."""
    return {
        name: merge_repeated(OPTIONS[name], [stated[name], value] if name in stated else [value])
        for name, value in code.items()
    }


def _search_folders(project: Project, folder: Path) -> tuple[Path, ...]:
    root = project.config.root
    return (folder,) if root is None or root == folder else (folder, root)


def _run_options(options: OptionValues, folder: Path) -> OptionValues:
    """Return what *options* say of runs; a path is one in *folder*, wherever the run is started."""
    found = {name: value for name, value in options.items() if not OPTIONS[name].in_version}
    file = found.get("params-file")
    return {**found, "params-file": str(folder / str(file))} if file else found


def _latest(project: Project, version: Version) -> Version | None:
    try:
        return project.store.get_version(version.project, version.function, "latest")
    except NotFoundError:
        return None
