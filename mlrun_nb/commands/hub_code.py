"""Code of a hub's item to put into a notebook: a cell that uses it, or its source as cells that can be changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mlrun_nb.commands.code import IMPORT
from mlrun_nb.commands.hub import Page
from mlrun_nb.model.hub import Lock
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.as_cells import percent_text
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.discovery import find_function
from mlrun_nb.notebook.reading import read_notebook
from mlrun_nb.services.targets import HubTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """Texts of code cells in their order, and what is to be said of them."""

    cells: tuple[str, ...]
    notices: tuple[str, ...] = ()


def reference_of(page: Page, *, is_only_source: bool, lock: Lock | None = None) -> str:
    """
    Return how *page* is named where code uses it, so that nothing else can be meant.

    A name alone is what the project has locked, else what the first source has. *lock* is the project's for that name.
    """
    item = page.item
    is_newest = item.version == page.versions[0]
    named = HubTarget(name=item.name)
    exact = replace(named, source=page.source, version=item.version)
    if lock is not None:
        return (named if (lock.source, lock.version) == (exact.source, exact.version) else exact).address
    source = "" if is_only_source else exact.source
    return replace(named, source=source, version="" if is_newest else exact.version).address


def use_of(page: Page, reference: str, frames: Sequence[str]) -> Pasted:
    """
    Return the cell that runs *page* with its parameters as they are, and shows the run.

    *frames* are the tables that the notebook has: an input is the one of its name, or the only one.
    """
    spec = page.function.spec
    lines = [f"{name}={value}," for name, value in _inputs(spec.inputs, frames).items()]
    lines += [_argument(each) for each in spec.parameters if each.required or not each.default_source]
    arguments = "\n".join(["", *(f"    {line}" for line in lines), ""]) if lines else ""
    name = f"{page.function.function}_run"
    call = f"mn.get_function({json.dumps(reference)}).run({arguments})"
    return Pasted(cells=(f"{IMPORT}\n\n{name} = {call}\n{name}",))


def source_of(page: Page) -> Pasted:
    """Return the function's cell, and above it the cells of its notebook that it needs, as they were published."""
    cells = notebook_of(page, page.item.notebook)
    notebook = read_notebook(page.files[page.item.notebook], name=page.item.notebook)
    cell = find_function(notebook, page.item.function).cell
    needed = {origin.index for origin in page.function.provenance.origins} - {cell.index}
    files = ", ".join(f"`{file.path}`" for file in page.function.spec.files)
    return Pasted(
        cells=(*(each.source for each in cells if each.index in needed), cell.source),
        notices=(f"It needs {files} beside the notebook.",) if files else (),
    )


def script_of(page: Page) -> str:
    """Return the same as a script with `# %%`, which is a notebook of ours."""
    return percent_text([], source_of(page).cells)


def notebook_of(page: Page, name: str) -> Sequence[Cell]:
    """Return the cells of one of its notebooks; none for an empty *name*. Raises NotebookError."""
    return read_notebook(page.files[name], name=name).cells if name else ()


def _inputs(names: Sequence[str], frames: Sequence[str]) -> Mapping[str, str]:
    """Return a variable for each input; the only frame stands for the first one that no frame is called as."""
    found = {name: name for name in names}
    unknown = [name for name in names if name not in frames]
    if unknown and len(frames) == 1 and frames[0] not in names:
        found[unknown[0]] = frames[0]
    return found


def _argument(parameter: Parameter) -> str:
    value = "..." if parameter.required else repr(parameter.default)
    note = f"  # {parameter.description}" if parameter.description else ""
    return f"{parameter.name}={value},{note}"
