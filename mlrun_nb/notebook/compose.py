"""
A version as an ordinary notebook: runnable by our runner and by plain `papermill -p`.

Order: setup and definitions, `parameters` (papermill injects behind it), prepare, body, save. Generated code is plain
Python and as little as possible. The runner reads names and origins from `metadata.mlrun_nb`; only the standard library
is imported, because it runs in any image.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mlrun_nb._lib.records import Json
from mlrun_nb.model.function import CellOrigin, CellRole, FunctionSpec, SourceCell, Version
from mlrun_nb.notebook.cell_names import label, prose_heading
from mlrun_nb.notebook.cells import is_python
from mlrun_nb.notebook.generated import call_source, parameters_source, prepare_source, save_source
from mlrun_nb.notebook.source_map import source_map

FORMAT = 1
"""Number of the form of `metadata.mlrun_nb`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Composed:
    role: CellRole
    name: str
    source: str
    origin: CellOrigin = CellOrigin()
    tags: tuple[str, ...] = ()
    kind: str = "code"


def compose(version: Version, *, inputs: Sequence[str] | None = None) -> dict[str, Json]:
    """
    Return *version* as nbformat 4.5 JSON, equal for equal arguments. *inputs* narrows what is loaded; None loads all.

    Source of the layout: nbformat 4.5 format description; papermill, tag `parameters`.
    """
    spec = version.spec
    wanted = spec.inputs if inputs is None else tuple(name for name in spec.inputs if name in set(inputs))
    cells = _whole(version, wanted) if spec.form == "notebook" else _function(version, wanted)
    return {
        "cells": [_cell(cell, cell_id) for cell, cell_id in _with_ids(list(cells))],
        "metadata": {
            "kernelspec": {"display_name": _display_name(spec), "language": spec.language, "name": spec.kernel},
            "language_info": {"name": spec.language},
            "mlrun_nb": {"format": FORMAT, "function": version.function, "version": version.hash},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _pieces(version: Version) -> list[tuple[SourceCell, CellOrigin]]:
    origins = version.provenance.origins
    cells = version.spec.cells
    return list(zip(cells, origins if len(origins) == len(cells) else [CellOrigin()] * len(cells), strict=True))


def _function(version: Version, inputs: Sequence[str]) -> Iterator[_Composed]:
    spec, pieces = version.spec, _pieces(version)
    for cell, origin in pieces:
        if cell.role in {"setup", "definition"}:
            yield _Composed(role=cell.role, name=label(cell), source=cell.source, origin=origin)
    stated = next(((cell, origin) for cell, origin in pieces if cell.role == "parameters"), None)
    source, origin = (stated[0].source, stated[1]) if stated else (parameters_source(spec.parameters), CellOrigin())
    if source:
        yield _Composed(role="parameters", name="parameters", source=source, origin=origin, tags=("parameters",))
    yield from _prepare(spec, inputs)
    for cell, origin in pieces:
        if cell.role == "body":
            yield _Composed(role="body", name=version.function, source=cell.source, origin=origin)
            if spec.form == "def":
                yield _call(version, cell.source, origin)
    yield from _save(spec)


def _call(version: Version, source: str, origin: CellOrigin) -> _Composed:
    place = replace(origin, lines=())  # it belongs to that cell, and stands on no line of it
    call = call_source(source, version.spec)
    return _Composed(role="body", name=f"call of {version.function}", source=call, origin=place)


def _whole(version: Version, inputs: Sequence[str]) -> Iterator[_Composed]:
    spec = version.spec
    generates = is_python(spec.language)
    prepare = list(_prepare(spec, inputs)) if generates else []
    heading, below = "", 0
    if not any(cell.role == "parameters" for cell in spec.cells):
        yield from prepare
        prepare = []
    for cell, origin in _pieces(version):
        kind = cell.role if cell.role in {"markdown", "raw"} else "code"
        if kind == "markdown" and prose_heading(cell.source):
            heading, below = prose_heading(cell.source), 0
        below += kind == "code"
        name = "parameters" if cell.role == "parameters" else label(cell, heading, below)
        yield _Composed(role=cell.role, name=name, source=cell.source, origin=origin, tags=cell.tags, kind=kind)
        if cell.role == "parameters":
            yield from prepare
    yield from _save(spec) if generates else ()


def _prepare(spec: FunctionSpec, inputs: Sequence[str]) -> Iterator[_Composed]:
    source = prepare_source(spec.parameters, inputs)
    if source:
        yield _Composed(role="prepare", name="load inputs" if inputs else "prepare", source=source)


def _save(spec: FunctionSpec) -> Iterator[_Composed]:
    if spec.outputs:
        yield _Composed(role="save", name="save outputs", source=save_source(spec.outputs))


def _with_ids(cells: Sequence[_Composed]) -> Iterator[tuple[_Composed, str]]:
    """Give each cell the id of its origin where that is its own, else one made of role and number."""
    uses = Counter(cell.origin.id for cell in cells)
    numbers: Counter[str] = Counter()
    for cell in cells:
        numbers[cell.role] += 1
        own = cell.origin.id if uses[cell.origin.id] == 1 else ""
        yield cell, own if _is_cell_id(own) else f"mlrun-{cell.role}-{numbers[cell.role]}"


def _is_cell_id(text: str) -> bool:
    return 0 < len(text) <= 64 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()


def _cell(cell: _Composed, cell_id: str) -> dict[str, Json]:
    metadata: dict[str, Json] = {"mlrun_nb": {"role": cell.role, "name": cell.name, "origin": source_map(cell.origin)}}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    common: dict[str, Json] = {"cell_type": cell.kind, "id": cell_id, "metadata": metadata, "source": cell.source}
    return {**common, "execution_count": None, "outputs": []} if cell.kind == "code" else common


def _display_name(spec: FunctionSpec) -> str:
    return "Python 3 (ipykernel)" if spec.kernel == "python3" else spec.kernel
