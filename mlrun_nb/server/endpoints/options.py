"""`/options`: the table of options, as forms need it."""

from __future__ import annotations

from collections.abc import Iterable

from mlrun_nb.commands.option_schema import options_schema
from mlrun_nb.model.options import OPTIONS, SECTIONS, Option
from mlrun_nb.plugins import engine_names
from mlrun_nb.server.endpoints.starting import startable
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.status import Field, Options, Section


def options(call: Call[Where, NoBody]) -> Options:
    """Return all options under their headings, and where runs can be started."""
    targets = tuple(dict.fromkeys([*engine_names(), *call.project.config.profiles]))
    return Options(
        sections=tuple(
            Section(name=name, title=title, fields=tuple(_fields(name))) for name, title in SECTIONS.items()
        ),
        targets=targets,
        startable=tuple(startable(call.project)),
        schema=options_schema(targets),
    )


def _fields(section: str) -> Iterable[Field]:
    return (_field(option) for option in OPTIONS.values() if option.section == section)


def _field(option: Option) -> Field:
    return Field(
        name=option.name,
        kind=option.kind.value,
        section=option.section,
        help=option.help,
        example=option.example,
        choices=option.choices,
    )
