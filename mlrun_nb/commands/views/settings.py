"""What a run was told beside its parameters, each value with the place that it came from."""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb._lib.records import Json
from mlrun_nb.commands.document import Document, clean, line, table
from mlrun_nb.commands.humane import exact
from mlrun_nb.services.history import RunDetails


def settings_rows(found: RunDetails, width: int) -> Document:
    """Return each option in force with its value and source."""
    run = found.run
    stated = found.version.spec.options if found.version else {}
    profile = f"profile {run.profile}" if run.profile else "default"
    rows = [("engine", run.engine, profile)]
    rows += [(name, shown(value), "this run") for name, value in run.overrides.items()]
    rows += [(name, shown(value), "the function") for name, value in stated.items() if name not in run.overrides]
    return table(
        [(line((name, "dim")), line(clean(value)), line((source, "dim"))) for name, value, source in rows], width, flexible=1
    )


def shown(value: Json) -> str:
    """Return an option's value as it would be typed."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={exact(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(exact(item) for item in value)
    return "yes" if value is True else exact(value)


