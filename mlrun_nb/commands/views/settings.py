"""What a run was told beside its parameters, each value with the place that it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.commands.document import Document, clean, line, table
from mlrun_nb.commands.humane import duration, exact
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.settings import Settings
from mlrun_nb.services.history import RunDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """An option in force, as it would be typed, and the place that it came from."""

    name: str
    text: str
    source: str


def settings_rows(found: RunDetails, width: int) -> Document:
    """Return each option in force with its value and source."""
    rows = settings_in_force(found)
    return table(
        [(line((row.name, "dim")), line(clean(row.text)), line((row.source, "dim"))) for row in rows], width, flexible=1
    )


def settings_in_force(found: RunDetails) -> list[InForce]:
    """Return what the run was told beside its parameters, its engine first."""
    run = found.run
    stated = dict(found.version.spec.options) if found.version else {}
    profile = f"profile {run.profile}" if run.profile else ""
    sources = found.request.sources if found.request else {}
    others = dict(settings_values(found.request.settings)) if found.request else {}
    known = {name: (value, "configuration") for name, value in others.items()}
    known |= {name: (value, "the function") for name, value in stated.items()}
    known |= {name: (value, "this run") for name, value in run.overrides.items()}
    return [
        InForce(name="engine", text=run.engine, source=profile or "default"),
        *(
            InForce(name=name, text=shown(value), source=sources.get(name, source))
            for name, (value, source) in known.items()
        ),
    ]


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
