"""
What other distributions register under a group of entry points, and what they name, made without trusting it.

The code behind an entry point is a stranger's: whatever it raises comes out as `Broken`, with a reason to show.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from mlrun_nb.errors import MlrunNbError


class Broken(Exception):
    """A plug-in that does not load; the text is `TARGET: why`."""


def found(group: str) -> dict[str, EntryPoint]:
    """Return the entry points of *group* by name, sorted; nothing is imported."""
    return {point.name: point for point in sorted(entry_points(group=group), key=lambda point: point.name)}


def load(point: EntryPoint) -> Any:  # noqa: ANN401  # whatever it names
    """Return what *point* names; raises Broken."""
    try:
        return point.load()
    except (Exception, SystemExit) as err:
        raise _broken(point, err) from err


def make(point: EntryPoint, *arguments: object) -> Any:  # noqa: ANN401  # whatever it makes
    """Return what *point* makes of *arguments*; raises Broken, and errors of ours as they are."""
    try:
        return load(point)(*arguments)
    except (Broken, MlrunNbError):
        raise
    except (Exception, SystemExit) as err:
        raise _broken(point, err) from err


def remedy(point: EntryPoint) -> str:
    """Return what to do about a plug-in that is broken."""
    name = f"`{point.dist.name}`" if point.dist is not None else f"what provides `{point.value}`"
    return f"Reinstall or remove {name}, or ask those who make it."


def _broken(point: EntryPoint, err: BaseException) -> Broken:
    return Broken(f"`{point.value}`: {type(err).__name__}: {err}")
