"""What a run was told beside its parameters, each value with the place that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.commands.document import Document, clean, line, table
from mlrun_nb.commands.humane import duration, exact
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.settings import Settings
from mlrun_nb.services.history import RunDetails


def settings_rows(found: RunDetails, width: int) -> Document:
    """Return each option in force with its value and source."""
    run = found.run
    stated = dict(found.version.spec.options) if found.version else {}
    profile = f"profile {run.profile}" if run.profile else ""
    sources = found.request.sources if found.request else {}
    others = dict(settings_values(found.request.settings)) if found.request else {}
    known = {name: (value, "configuration") for name, value in others.items()}
    known |= {name: (value, "the function") for name, value in stated.items()}
    known |= {name: (value, "this run") for name, value in run.overrides.items()}
    rows = [("engine", run.engine, profile or "default")]
    rows += [(name, shown(value), sources.get(name, source)) for name, (value, source) in known.items()]
    return table(
        [(line((name, "dim")), line(clean(value)), line((source, "dim"))) for name, value, source in rows],
        width,
        flexible=1,
    )


def settings_values(settings: Settings) -> Iterator[tuple[str, Json]]:
    """Yield the options that *settings* came from, as far as each field is one option."""
    for group in (settings.resources, settings.environment, settings.placement, settings.policy):
        plain = to_json(group)
        assert isinstance(plain, Mapping)  # a record's JSON form
        for field, value in plain.items():
            name = field.removesuffix("_s").replace("_", "-")
            if name in OPTIONS:
                yield name, duration(float(str(value))) if field.endswith("_s") else value


def shown(value: Json) -> str:
    """Return an option's value as it would be typed."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={exact(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(exact(item) for item in value)
    return "yes" if value is True else exact(value)
