"""
`--with-setup`: make inputs that have no value part of the function, by running the cells above that define them first.

Those cells, and the cells that they need in turn, are taken whole, as if they were tagged `mlrun-setup`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.bindings import bindings_of
from mlrun_nb.notebook.cells import Cell, FunctionCell
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.notebook.history import SETUP_TAG
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.parsing import cell_name, is_function
from mlrun_nb.notebook.statements import read_statements


def take_setup(
    cell: FunctionCell, above: Sequence[Cell], *, given: Collection[str]
) -> tuple[FunctionCell, tuple[Cell, ...]]:
    """
    Return *cell* without the inputs that are not *given*, and the cells *above* with those that define them tagged.

    Raises CaptureError for an input that no cell above binds.
    """
    inputs = names_of(cell.options, "input")
    wanted = [name for name in inputs if name not in given]
    bound = _bound(above)
    unknown = next((name for name in wanted if not any(name in names for names in bound.values())), None)
    if unknown is not None:
        raise CaptureError(
            f"no cell above {cell_name(cell.cell)} defines the input `{unknown}`",
            hint=f"Give it a file or URL, `--input {unknown}=PATH`.",
        )
    chosen = _closure(above, bound, wanted)
    kept: list[str] = [name for name in inputs if name in given]
    options = {name: value for name, value in cell.options.items() if name != "input"} | (
        {"input": kept} if kept else {}
    )
    tagged = tuple(replace(item, tags=(*item.tags, SETUP_TAG)) if item.index in chosen else item for item in above)
    return replace(cell, options=options), tagged


def _bound(above: Sequence[Cell]) -> Mapping[int, frozenset[str]]:
    code = (cell for cell in above if cell.kind == "code" and not is_function(cell))
    return {cell.index: bindings_of(cell.source).names for cell in code}


def _closure(above: Sequence[Cell], bound: Mapping[int, frozenset[str]], wanted: Collection[str]) -> set[int]:
    """Return the indices of cells that bind *wanted*, and of those that bind what these read."""
    sources = {cell.index: cell.source for cell in above}
    chosen: set[int] = set()
    names = set(wanted)
    while names:
        new = {index for index, binds in bound.items() if binds & names and index not in chosen}
        chosen |= new
        names = {name for index in new for name in _read_by(sources[index])}
    return chosen


def _read_by(source: str) -> frozenset[str]:
    try:
        names = read_statements(source).names
    except Unreadable:
        return frozenset()
    return names.needed | names.maybe | names.later
