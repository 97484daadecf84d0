"""What a cell of the executed notebook is called, and whether it is executed at all."""

from __future__ import annotations

from typing import Any

LONGEST = 60


def cell_name(cell: dict[str, Any]) -> str:
    """Return the name that composing gave the cell, else its first line."""
    given = cell["metadata"].get("mlrun_nb")
    if isinstance(given, dict) and given.get("name"):
        return str(given["name"])
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    first = next((line.strip() for line in source.splitlines() if line.strip()), "")
    first = first.lstrip("#").strip() or first
    return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"


def cell_role(cell: dict[str, Any]) -> str:
    """Return what the cell is for, as composing noted it; empty for cells of a whole notebook."""
    given = cell["metadata"].get("mlrun_nb")
    return str(given.get("role", "")) if isinstance(given, dict) else ""


def is_executed(cell: dict[str, Any]) -> bool:
    """Tell whether the kernel gets the cell. Source: nbclient, `skip-execution`."""
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    tags = cell["metadata"].get("tags", [])
    return cell["cell_type"] == "code" and bool(source.strip()) and "skip-execution" not in tags
