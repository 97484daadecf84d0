"""
The source map of a composed cell: which cell of which notebook it came from, and line by line where it stands there.

`compose` puts it into the cell's metadata; whoever executes the notebook reads it there, also as papermill left it. The
runner needs it in any image: standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.model.function import CellOrigin


def source_map(origin: CellOrigin) -> Json:
    """Return *origin* as the metadata of a composed cell has it: a first line where the others follow it one by one."""
    if origin.index is None and origin.count is None:
        return None
    place: dict[str, Json] = {"index": origin.index, "id": origin.id}
    if origin.count is not None:
        place["count"] = origin.count
    if not origin.lines:
        return place
    first = origin.lines[0]
    follows = origin.lines == tuple(range(first, first + len(origin.lines)))
    return {**place, "line": first} if follows else {**place, "line": first, "lines": list(origin.lines)}


def original_cell(cell: Mapping[str, Json]) -> int | None:
    """Return the index of the cell that *cell*, a composed cell's JSON, came from; None for generated code."""
    return _number(cell, "index")


def original_count(cell: Mapping[str, Json]) -> int | None:
    """Return the number that the cell had in the kernel that *cell* came from; None where it came from a file."""
    return _number(cell, "count")


def original_line(cell: Mapping[str, Json], line: int) -> int | None:
    """Return the line of the original cell that is *line* of *cell*, both from 1; None for generated code."""
    origin = _origin(cell)
    first, lines = origin.get("line"), origin.get("lines")
    if not isinstance(first, int):
        return None
    if not isinstance(lines, Sequence):
        return first + line - 1
    place = lines[line - 1] if 0 < line <= len(lines) else None
    return place if isinstance(place, int) else None


def _number(cell: Mapping[str, Json], name: str) -> int | None:
    number = _origin(cell).get(name)
    return number if isinstance(number, int) else None


def _origin(cell: Mapping[str, Json]) -> Mapping[str, Json]:
    metadata = cell.get("metadata")
    ours = metadata.get("mlrun_nb") if isinstance(metadata, Mapping) else None
    origin = ours.get("origin") if isinstance(ours, Mapping) else None
    return origin if isinstance(origin, Mapping) else {}
