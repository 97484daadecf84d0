"""
Options of the command line: made from the one table in `model.options`, and shown in its sections.

Also reads what click collected back into the words of the services: a `Choice`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mlrun_nb.cli import completing
from mlrun_nb.model.options import OPTIONS, SECTIONS, Kind, Option

if TYPE_CHECKING:
    from mlrun_nb._lib.records import Json
    from mlrun_nb.services.choice import Choice

Command = TypeVar("Command", bound=Callable[..., object])

_METAVARS = {
    Kind.TEXT: "TEXT",
    Kind.CPU: "CORES",
    Kind.BYTES: "BYTES",
    Kind.COUNT: "N",
    Kind.DURATION: "TIME",
    Kind.NAMES: "NAME",
    Kind.TEXTS: "TEXT",
    Kind.PAIRS: "KEY=VALUE",
    Kind.RANGE: "MIN..MAX",
    Kind.DATA: "JSON",
}
_METAVARS_OF = {"input": "NAME=URI", "on": "ENGINE|PROFILE", "file": "GLOB", "param": "NAME=VALUE", "tag": "TAG"}
_SHORT = {"param": ("-p",)}
_HELP = {
    "input": "A value that the run gets, from a file or URL.",
    "wait": "Wait for the end of the run (the default).",
}
_SECTIONS = {**SECTIONS, "": "Output"}
_REPEATED = {Kind.NAMES, Kind.TEXTS, Kind.PAIRS}


class TableOption(click.Option):
    """An option of the command line that stands in the table of options."""

    def __init__(self, *args: Any, section: str = "", **kwargs: Any) -> None:  # noqa: ANN401  # click's signature
        super().__init__(*args, **kwargs)
        self.section = section


class SectionedCommand(click.Command):
    """A command whose help shows options in the sections of the table."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a section of the help for each section of the table, then one for the options of output."""
        order = list(_SECTIONS)
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        listed = [(getattr(param, "section", ""), param.get_help_record(ctx)) for param in options]
        for section, items in groupby(sorted(listed, key=lambda item: order.index(item[0])), key=lambda item: item[0]):
            records = [record for _, record in items if record is not None]
            with formatter.section(_SECTIONS[section]):
                formatter.write_dl(records)


def table_options(*, without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Return a decorator that gives a command every option of the table but *without*."""

    def decorate(command: Command) -> Command:
        for option in reversed(OPTIONS.values()):
            if option.name not in without:
                command = _decorator(option)(command)
        return command

    return decorate


def file_of_parameters(command: Command) -> Command:
    """Give *command* the option `-f`, as `parameters_file`."""
    return click.option(
        "-f",
        "parameters_file",
        cls=TableOption,
        section="run",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Parameters from a YAML or JSON file; `-p` wins over it.",
    )(command)


def _decorator(option: Option) -> Callable[[Command], Command]:
    flags = (*_SHORT.get(option.name, ()), option.flag)
    text = _HELP.get(option.name, option.help)
    if option.kind is Kind.FLAG:
        return click.option(*flags, cls=TableOption, section=option.section, is_flag=True, help=text)
    return click.option(
        *flags,
        cls=TableOption,
        section=option.section,
        multiple=option.kind in _REPEATED,
        metavar="|".join(option.choices) or _METAVARS_OF.get(option.name, _METAVARS[option.kind]),
        help=text,
        shell_complete=completing.BY_OPTION.get(option.name),
    )


def choice_from(words: Mapping[str, Any], parameters: Mapping[str, Any]) -> Choice:
    """Return the choice that collected *words* stand for; raises OptionError, naming option and value."""
    from mlrun_nb.model.option_values import check_value
    from mlrun_nb.services.choice import Choice
    from mlrun_nb.services.sweep.asking import asked_from

    given = {name.replace("_", "-"): value for name, value in words.items() if value not in {None, False, ()}}
    checked = {
        name: check_value(OPTIONS[name], _plain(value), where="this command")
        for name, value in given.items()
        if name in OPTIONS and name != "input"
    }
    return Choice(
        parameters_text=_texts(checked.pop("param", {})),
        parameters=parameters,
        inputs=_inputs(given.get("input", ())),
        options={name: value for name, value in checked.items() if OPTIONS[name].in_version},
        on=words.get("on"),
        labels=_texts(checked.get("label", {})),
        tags=tuple(map(str, given.get("tag", ()))),
        with_setup=bool(words.get("with_setup")),
        cache=bool(words.get("cache")),
        explain_cache=bool(words.get("explain_cache")),
        sweep=asked_from({name: value for name, value in checked.items() if OPTIONS[name].section == "sweep"}),
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _texts(value: Json) -> dict[str, str]:
    return {key: str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}


def _inputs(texts: Iterable[str]) -> dict[str, str]:
    from mlrun_nb.errors import OptionError

    inputs: dict[str, str] = {}
    for text in texts:
        name, equals, uri = text.partition("=")
        if not name.isidentifier():
            raise OptionError(f"`--input {text}` gives no Python name", hint="Write `--input NAME=FILE`, or a URL.")
        if not equals or not uri:
            raise OptionError(f"`--input {text}` gives no value", hint=f"Write `--input {name}=FILE`, or a URL.")
        inputs[name] = uri
    return inputs
