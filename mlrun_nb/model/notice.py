"""Notices: things worth knowing before a run that do not stop it, each with a thing to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """
    What might be missed or would not be enforced. `cell` is the notebook's cell index and `line` a line in it, from 1.

    `place` is what people call the cell: `cell 4` in a file, `cell [3]` in a kernel, where there is no `cell`.
    """

    text: str
    hint: str = ""
    cell: int | None = None
    line: int | None = None
    place: str = ""
