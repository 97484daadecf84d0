"""
Find the values that a run gets: given by URI, a live variable of the kernel, or left by an earlier run of a cell above.

A live variable is only found here; `keep_inputs` stores it, when everything else about the run is settled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.files import expanded
from mlrun_nb._lib.ids import LENGTH, is_id_prefix
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.blobs import Blobs
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.suffixes import is_code
from mlrun_nb.errors import NotFoundError, UsageError
from mlrun_nb.model.artifact import DATA_URI, Artifact, InputReference
from mlrun_nb.model.function import Version
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.cells import Cell, FunctionCell
from mlrun_nb.notebook.digests import cell_digest
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.project import Project
from mlrun_nb.services.targets import CellTarget

_LOOKED_AT = 50
"""How many runs of a function's name are looked through for one of this notebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a run gets: values that are kept somewhere, and those that so far only the kernel has."""

    references: Mapping[str, InputReference] = field(default_factory=dict)
    live: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Live:
    """A value that so far only this process has: a variable of the kernel, an argument."""

    value: object


def resolve_inputs(
    project: Project, version: Version, given: Mapping[str, InputReference | Live], target: CellTarget | None
) -> Inputs:
    """
    Return a value for each input of *version*; *target* is the cell that it was made of, None for a recorded one.

    Raises NotFoundError that lists all inputs without a value and the ways to give them one.
    """
    wanted = [name for name in version.spec.inputs if name not in given]
    found = {**given, **(known_inputs(project, target, wanted) if target else {})}
    missing = [name for name in wanted if name not in found]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise NotFoundError(f"inputs of `{version.function}` without a value: {names}", hint=_ways(missing[0], target))
    references = {
        name: _as_recorded(project, _absolute(value))
        for name, value in found.items()
        if isinstance(value, InputReference)
    }
    live = {name: value.value for name, value in found.items() if isinstance(value, Live)}
    return Inputs(references=references, live=live)


def known_inputs(project: Project, target: CellTarget, names: Iterable[str]) -> dict[str, InputReference | Live]:
    """Return what is known of the inputs *names* around their cell: a live variable, else what an earlier run left."""
    found: dict[str, InputReference | Live] = {}
    for name in names:
        if target.live is not None and name in target.live:
            found[name] = Live(target.live[name])
        elif (reference := _from_earlier_run(project, target, name)) is not None:
            found[name] = reference
    return found


def keep_inputs(project: Project, live: Mapping[str, object]) -> dict[str, InputReference]:
    """Store the values of *live* variables by content; raises ArtifactError for one that cannot be kept."""
    if not live:
        return {}
    blobs = Blobs(open_folder(project.config.inputs))
    return {name: blobs.put(value, name=name) for name, value in live.items()}


def _absolute(reference: InputReference) -> InputReference:
    """Return the reference with a local path made absolute; raises NotFoundError for a file that is not there."""
    if reference.digest or len(urlsplit(reference.uri).scheme) > 1:
        return reference
    path = expanded(reference.uri)
    if not path.exists():
        raise NotFoundError(f"there is no file `{reference.uri}` to take an input from", hint="Give its path or a URL.")
    return InputReference(uri=str(path), kind=reference.kind, type=reference.type)


def _as_recorded(project: Project, reference: InputReference) -> InputReference:
    """
    Return the reference to a pickle that a run has left with its digest and kind, by which it may be read.

    What other files are their suffixes say.
    """
    if reference.digest or reference.kind or not is_code(reference.uri):
        return reference
    for part in PurePosixPath(urlsplit(reference.uri).path).parts:
        kept = _artifact_at(project, part, reference.uri) if len(part) == LENGTH and is_id_prefix(part) else None
        if kept is not None:
            return InputReference(uri=kept.uri, digest=kept.digest, kind=kept.kind, type=kept.type)
    return reference


def _artifact_at(project: Project, run: str, uri: str) -> Artifact | None:
    try:
        found = project.store.get_run(run)
    except NotFoundError:
        return None
    return next((each for each in project.store.artifacts(found.id) if each.uri == uri), None)


def _from_earlier_run(project: Project, target: CellTarget, name: str) -> InputReference | None:
    for maker in _makers(target.above, name):
        run = _last_run(project, maker, target.path)
        if run is not None and (reference := _left_by(project, run, name)) is not None:
            return reference
    return None


def _last_run(project: Project, maker: FunctionCell, notebook: Path | None) -> Run | None:
    """Return the last good run of *maker*: of its text or its notebook, not of a namesake in another one."""
    good = (RunState.SUCCEEDED, RunState.CACHED)
    query = RunQuery(project=project.config.project, functions=(maker.name,), states=good, limit=_LOOKED_AT)
    text = cell_digest(maker.cell.source)
    for run in project.store.list_runs(query).items:
        version = project.store.get_version(run.project, run.function, run.version)
        if version.cell_digest == text or (notebook and version.provenance.notebook == str(notebook)):
            return run
    return None


def _left_by(project: Project, run: Run, name: str) -> InputReference | None:
    if name in run.results:
        value = _plain_json(run.results[name])
        return InputReference(uri=DATA_URI + quote(value), digest=digest_bytes(value.encode()), kind="json")
    kept = next((artifact for artifact in project.store.artifacts(run.id) if artifact.name == name), None)
    if kept is None:
        return None
    return InputReference(uri=kept.uri, digest=kept.digest, kind=kept.kind, type=kept.type)


def _makers(above: Iterable[Cell], name: str) -> list[FunctionCell]:
    """Return the functions that declare *name* as output, the nearest first."""
    found: list[FunctionCell] = []
    for cell in above:
        try:
            function = parse_function_cell(cell)
        except UsageError:  # a cell that failed for its options made nothing
            continue
        if function is not None and name in names_of(function.options, "output"):
            found.insert(0, function)
    return found


def _plain_json(result: Json) -> str:
    """Return a result as JSON that Python reads back; the texts of non-finite numbers become numbers again."""
    not_finite = result in {"NaN", "Infinity", "-Infinity"} if isinstance(result, str) else False
    return str(result) if not_finite else json.dumps(result)


def _ways(name: str, target: CellTarget | None) -> str:
    ways = f"Give a file or URL, `--input {name}=PATH`"
    if target is None or target.work is not None:
        return f"{ways}."
    if target.live is not None:
        return f"Assign `{name}` in the notebook; or give a file or URL, `--input {name}=PATH`."
    return f"{ways}; run the `%%mlrun` cell above that has it as output; or add `--with-setup`."
