"""
Names to backends: what ships with the product, and what other distributions add through entry points.

A backend is imported when it is asked for. A broken plug-in is reported and passed over, never fatal.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Protocol, cast

from mlrun_nb.config import Config
from mlrun_nb.errors import ConfigError, EngineUnavailable
from mlrun_nb.protocols import Engine

ENGINES = {
    "inline": "mlrun_nb.engines.inline:InlineEngine",
    "local": "mlrun_nb.engines.local:LocalEngine",
}
"""The engines that ship with the product; the entry-point group `mlrun_nb.engines` adds to them."""


class EngineFactory(Protocol):
    """What an engine's entry point names: called with the configuration in force."""

    def __call__(self, config: Config) -> Engine:
        """Return a new engine."""
        ...


def engine_names() -> list[str]:
    """Return the names of all engines, built-in and plugged in, sorted."""
    return sorted({*ENGINES, *(point.name for point in entry_points(group="mlrun_nb.engines"))})


def make_engine(name: str, config: Config) -> Engine:
    """
    Return a new engine called *name*.

    Raises ConfigError for an unknown name, with the nearest one, and EngineUnavailable for a plug-in that does not
    load.
    """
    factory = _load(name)
    return factory(config)


def _load(name: str) -> EngineFactory:
    if name in ENGINES:
        module, _, attribute = ENGINES[name].partition(":")
        return cast("EngineFactory", getattr(import_module(module), attribute))
    points = {point.name: point for point in entry_points(group="mlrun_nb.engines")}
    if name not in points:
        known = engine_names()
        near = get_close_matches(name, known, n=1)
        hint = (
            f"Did you mean `{near[0]}`?"
            if near
            else f"Engines are: {', '.join(known)}. Profiles stand in project.yaml."
        )
        raise ConfigError(f"there is no engine or profile `{name}`", hint=hint)
    return _load_point(points[name])


def _load_point(point: EntryPoint) -> EngineFactory:
    try:
        return cast("EngineFactory", point.load())
    except Exception as err:  # foreign code: whatever it raises, the plug-in is broken
        raise EngineUnavailable(
            f"the engine `{point.name}` of `{point.value}` does not load: {err}",
            hint=f"Reinstall or remove the distribution that provides `{point.value}`.",
        ) from err
