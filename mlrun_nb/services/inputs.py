"""
Find the values that a run gets: given by URI, or left by an earlier run of a cell above that declares them as outputs.

Live variables of a kernel are the magics' business; they arrive here as references.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.artifact import InputReference
from mlrun_nb.model.function import Version
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.cells import FunctionCell, Notebook
from mlrun_nb.notebook.discovery import function_cells
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.project import Project
from mlrun_nb.services.register import Prepared


def resolve_inputs(
    project: Project, version: Version, given: Mapping[str, InputReference], prepared: Prepared | None
) -> dict[str, InputReference]:
    """
    Return a reference for each input of *version*.

    Raises NotFoundError that lists all inputs without a value and the ways to give them one.
    """
    found = {name: _absolute(reference) for name, reference in given.items()}
    for name in version.spec.inputs:
        if name not in found and prepared is not None and prepared.cell is not None:
            reference = _from_earlier_run(project, prepared.notebook, prepared.cell, name)
            if reference is not None:
                found[name] = reference
    missing = [name for name in version.spec.inputs if name not in found]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise NotFoundError(
            f"inputs of `{version.function}` without a value: {names}", hint=_ways(missing[0], prepared)
        )
    return found


def _absolute(reference: InputReference) -> InputReference:
    """Return the reference with a local path made absolute; raises NotFoundError for a file that is not there."""
    if reference.digest or len(urlsplit(reference.uri).scheme) > 1:
        return reference
    path = Path(reference.uri).expanduser().absolute()
    if not path.exists():
        raise NotFoundError(f"there is no file `{reference.uri}` to take an input from", hint="Give its path or a URL.")
    return InputReference(uri=str(path), kind=reference.kind, type=reference.type)


def _from_earlier_run(project: Project, notebook: Notebook, cell: FunctionCell, name: str) -> InputReference | None:
    makers = [other for other in function_cells(notebook) if other.cell.index < cell.cell.index]
    for maker in reversed(makers):
        if name not in names_of(maker.options, "output"):
            continue
        query = RunQuery(project=project.config.project, function=maker.name, states=(RunState.SUCCEEDED,), limit=1)
        for run in project.store.list_runs(query).items:
            for artifact in project.store.artifacts(run.id):
                if artifact.name == name:
                    return InputReference(
                        uri=artifact.uri, digest=artifact.digest, kind=artifact.kind, type=artifact.type
                    )
    return None


def _ways(name: str, prepared: Prepared | None) -> str:
    ways = f"Give a file or URL, `--input {name}=PATH`"
    if prepared is None or prepared.cell is None:
        return f"{ways}."
    return f"{ways}; run the `%%mlrun` cell above that has it as output; or add `--with-setup`."
