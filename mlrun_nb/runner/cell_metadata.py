"""What is known of a cell of the executed notebook before it runs: its name, its part, and whether it is executed."""

from __future__ import annotations

from typing import Any, cast, get_args

from mlrun_nb.model.function import CellRole
from mlrun_nb.model.run import CellReport
from mlrun_nb.notebook.source_map import original_cell, original_count

LONGEST = 60
INJECTED = "parameters of this run"
"""Name of the cell that holds a run's values, which is no cell of the composed notebook."""


def cell_name(cell: dict[str, Any]) -> str:
    """Return the name that composing gave the cell, else its first line."""
    given = _ours(cell).get("name")
    if given:
        return str(given)
    first = next((line.strip() for line in cell_source(cell).splitlines() if line.strip()), "")
    first = first.lstrip("#").strip() or first
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"


def cell_role(cell: dict[str, Any]) -> CellRole | None:
    """Return what the cell is for, as composing noted it; None where nobody composed the notebook."""
    role = _ours(cell).get("role")
    return cast("CellRole", role) if role in get_args(CellRole) else None


def cell_source(cell: dict[str, Any]) -> str:
    """Return the cell's text."""
    source: str | list[str] = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def is_executed(cell: dict[str, Any]) -> bool:
    """Tell whether the kernel gets the cell. Source: nbclient, `skip-execution`."""
    tags = cell["metadata"].get("tags", [])
    return cell["cell_type"] == "code" and bool(cell_source(cell).strip()) and "skip-execution" not in tags


def before_it_runs(index: int, cell: dict[str, Any]) -> CellReport:
    """Return the report of a cell that nobody has executed yet."""
    return CellReport(
        index=index,
        name=cell_name(cell),
        role=cell_role(cell),
        origin=original_cell(cell),
        count=original_count(cell),
        state="pending",
    )


def _ours(cell: dict[str, Any]) -> dict[str, Any]:
    given = cell["metadata"].get("mlrun_nb")
    return given if isinstance(given, dict) else {}
