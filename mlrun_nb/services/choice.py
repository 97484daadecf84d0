"""
What a person chose for one run, and what all layers of options come to for it.

Precedence: this run > the cell's line > its `#|` lines > profile > project.yaml > `MLRUN_NB_*` > user configuration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mlrun_nb._lib.records import Json
from mlrun_nb.config import Config, Layer
from mlrun_nb.errors import ConfigError, OptionError
from mlrun_nb.model.option_values import OptionValues, Sourced, check_values, lay
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.plugins import engine_names
from mlrun_nb.services.sweep.asking import Asked, asked_from
from mlrun_nb.services.versions import check_tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    What was asked for one run beside the function itself.

    `parameters_text` are values as typed (`-p lr=0.2`), `parameters` are JSON values (a file, Python); text wins.
    `inputs` are URIs by name. `options` are checked version options; `on` is an engine or profile. `cache` allows an
    earlier run's outcome to stand for this one, `explain_cache` only asks whether it could. With a `sweep` that has
    something to vary, the run is to be many.
    """

    parameters_text: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    options: OptionValues = field(default_factory=dict)
    on: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    with_setup: bool = False
    cache: bool = False
    explain_cache: bool = False
    sweep: Asked = field(default_factory=Asked)

    def __post_init__(self) -> None:
        """Raise OptionError for a tag that could not be addressed and for text that no record can hold."""
        for tag in self.tags:
            check_tag(tag)
        for name, text in {**self.parameters_text, **self.labels, **self.inputs}.items():
            _refuse_surrogates(name, text)


def _refuse_surrogates(name: str, text: str) -> None:
    try:
        f"{name}{text}".encode()
    except UnicodeEncodeError as err:
        shown = f"{name}={text}".encode(errors="backslashreplace").decode()
        raise OptionError(f"`{shown}` holds bytes that are not UTF-8", hint="Type it in a UTF-8 terminal.") from err


def laid_over_cell(choice: Choice, stated: OptionValues) -> Choice:
    """
    Return *choice* with what the cell itself has *stated* for its runs (`--param`, `--label`, `--sweep`) below it.

    A parameter that has one value by *choice* varies no more, and one that varies by it has no other value.
    """
    sweep = _sweep_over_cell(choice, stated)
    settled = {*choice.parameters, *(dimension.name for dimension in choice.sweep.dimensions)}
    parameters = {name: text for name, text in _texts(stated.get("param")).items() if name not in settled}
    tags = stated.get("tag")
    return replace(
        choice,
        parameters_text={**parameters, **choice.parameters_text},
        labels={**_texts(stated.get("label")), **choice.labels},
        tags=tuple(dict.fromkeys((*(map(str, tags) if isinstance(tags, list | tuple) else ()), *choice.tags))),
        cache=choice.cache or bool(stated.get("cache")),
        explain_cache=choice.explain_cache or bool(stated.get("explain-cache")),
        sweep=sweep,
    )


def _sweep_over_cell(choice: Choice, stated: OptionValues) -> Asked:
    cell = asked_from({name: value for name, value in stated.items() if OPTIONS[name].section == "sweep"})
    return choice.sweep.over(cell.without({*choice.parameters, *choice.parameters_text}))


def _texts(value: Json) -> dict[str, str]:
    return {key: str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Engine, profile, and the value in force for each option with the layer that it came from."""

    engine: str
    profile: str
    options: Mapping[str, Sourced]

    @property
    def values(self) -> OptionValues:
        """The values alone."""
        return {name: sourced.value for name, sourced in self.options.items()}


def split_code_options(options: OptionValues) -> tuple[OptionValues, OptionValues]:
    """Return those of *options* that belong to the function's code (`input`, `output`, `file`), and all others."""
    code = {name: value for name, value in options.items() if OPTIONS[name].section == "code"}
    return code, {name: value for name, value in options.items() if name not in code}


def options_in_force(
    config: Config, choice: Choice, cell: OptionValues, cell_run_options: OptionValues, sources: Mapping[str, str]
) -> InForce:
    """
    Return what all layers come to; *cell* are the version's options and *sources* says where in the cell each stands.

    Raises ConfigError for an unknown engine or profile and OptionError for a bad value in any layer, naming the layer.
    """
    general = [(layer.source, _checked(layer)) for layer in config.layers]
    on = choice.on or _text(cell_run_options.get("on")) or _text(_first(general, "on")) or _default_target(config)
    engine, profile = _resolve(config, on)
    layers = [
        ("this run", choice.options),
        *_cell_layers(cell, sources),
        *((layer.source, _checked(layer)) for layer in _profile_layers(config, profile)),
        *general,
    ]
    laid = lay(layers)
    return InForce(
        engine=engine, profile=profile, options={name: item for name, item in laid.items() if OPTIONS[name].in_version}
    )


def _cell_layers(cell: OptionValues, sources: Mapping[str, str]) -> Iterator[tuple[str, OptionValues]]:
    for name, value in cell.items():
        yield sources.get(name, "the function"), {name: value}


def _checked(layer: Layer) -> dict[str, Json]:
    values = {name: value for name, value in layer.values.items() if name != "engine"}
    if layer.source == "environment":  # other MLRUN_NB_ variables are settings of their own, not options
        values = {name: value for name, value in values.items() if name in OPTIONS}
    return check_values(values, where=layer.source)


def _first(layers: list[tuple[str, dict[str, Json]]], name: str) -> Json:
    return next((values[name] for _, values in layers if name in values), None)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _default_target(config: Config) -> str:
    return "default" if "default" in config.profiles else "local"


def _profile_layers(config: Config, profile: str) -> Iterator[Layer]:
    if profile:
        yield config.profiles[profile]


def _resolve(config: Config, on: str) -> tuple[str, str]:
    if on in config.profiles:
        engine = config.profiles[on].values.get("engine", "local")
        if not isinstance(engine, str):
            raise ConfigError(
                f"`engine` of profile `{on}` is not a name", hint=f"Engines are: {', '.join(engine_names())}."
            )
        return engine, on
    return on, ""
