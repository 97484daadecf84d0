"""
Names to back ends: what ships with the product, and what other distributions add through entry points.

A back end is imported when it is asked for, and a name of ours always means ours. A broken plug-in is reported (by
`doctor`, and to whoever asks for it) and passed over, never fatal. Packagers have a registry below the services.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint
from typing import Protocol, cast

from mlrun_nb._lib import entry_points
from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.artifacts.packagers import registry
from mlrun_nb.config import Config
from mlrun_nb.errors import ConfigError, EngineUnavailable, StoreError
from mlrun_nb.protocols import Engine, RunStore
from mlrun_nb.stores import opening

ENGINES = {
    "inline": "mlrun_nb.engines.inline:InlineEngine",
    "kubernetes": "mlrun_nb.engines.kubernetes.engine:KubernetesEngine",
    "local": "mlrun_nb.engines.local:LocalEngine",
}
"""The engines that ship with the product; the entry-point group `mlrun_nb.engines` adds to them."""

ENGINE_GROUP = "mlrun_nb.engines"
STORE_GROUP = "mlrun_nb.stores"


class EngineFactory(Protocol):
    """What an engine's entry point names: called with the configuration in force."""

    def __call__(self, config: Config) -> Engine:
        """Return a new engine."""
        ...


class StoreFactory(Protocol):
    """What a store's entry point names, which is the scheme of its URLs: called with the whole URL."""

    def __call__(self, url: str) -> RunStore:
        """Return the opened store; raises StoreError for one that cannot be used."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """Something that another distribution added; `fault` says why it is passed over, empty for one that works."""

    kind: str
    name: str
    target: str
    fault: str = ""
    hint: str = ""


def engine_names() -> list[str]:
    """Return the names of all engines, built-in and plugged in, sorted."""
    return sorted({*ENGINES, *entry_points.found(ENGINE_GROUP)})


def make_engine(name: str, config: Config) -> Engine:
    """
    Return a new engine called *name*.

    Raises ConfigError for an unknown name, with the nearest engine or profile, and EngineUnavailable for a plug-in that
    does not load.
    """
    if name in ENGINES:
        module, _, attribute = ENGINES[name].partition(":")
        factory: EngineFactory = getattr(import_module(module), attribute)
        return factory(config)
    point = entry_points.found(ENGINE_GROUP).get(name)
    if point is None:
        raise _no_engine(name, sorted(config.profiles))
    try:
        return cast("Engine", entry_points.make(point, config))
    except entry_points.Broken as err:
        raise EngineUnavailable(f"the engine `{name}` does not load, {err}", hint=entry_points.remedy(point)) from err


def make_store(url: str) -> RunStore:
    """
    Open the store at *url*, of ours or of a plug-in for its scheme.

    Raises ConfigError for a URL of no known form, and StoreError for a store, or a plug-in, that cannot be used.
    """
    point = _store_point(url)
    if point is None:
        return opening.open_store(url)
    try:
        return cast("RunStore", entry_points.make(point, url))
    except entry_points.Broken as err:
        raise _broken_store(point, err) from err


def check_store(url: str) -> None:
    """Raise what `make_store` would raise for a reason that can be known without opening the store at *url*."""
    point = _store_point(url)
    if point is None:
        opening.check_url(url)
        return
    try:
        entry_points.load(point)
    except entry_points.Broken as err:
        raise _broken_store(point, err) from err


def migrate_store(url: str) -> tuple[str, str]:
    """Bring the store at *url* to this release's schema; see `stores.opening`. A plug-in looks after its own."""
    return ("", "") if _store_point(url) else opening.migrate(url)


def plug_ins() -> Iterator[PlugIn]:
    """Load every store and packager that others added, and yield what came of it; engines are asked one by one."""
    for name, point in entry_points.found(STORE_GROUP).items():
        yield _examined("store", name, point)
    for each in registry.plug_ins():
        hint = entry_points.remedy(each.point) if each.fault else ""
        yield PlugIn(kind="packager", name=each.point.name, target=each.point.value, fault=each.fault, hint=hint)


def _examined(kind: str, name: str, point: EntryPoint) -> PlugIn:
    try:
        entry_points.load(point)
    except entry_points.Broken as err:
        fault, hint = f"does not load, {err}", entry_points.remedy(point)
        return PlugIn(kind=kind, name=name, target=point.value, fault=fault, hint=hint)
    return PlugIn(kind=kind, name=name, target=point.value)


def _store_point(url: str) -> EntryPoint | None:
    """Return the plug-in for the scheme of *url*; None for a scheme of ours, and for one that nobody knows."""
    scheme = url.partition("://")[0]
    return None if opening.knows(url) else entry_points.found(STORE_GROUP).get(scheme)


def _broken_store(point: EntryPoint, err: entry_points.Broken) -> StoreError:
    return StoreError(f"the store `{point.name}` does not load, {err}", hint=entry_points.remedy(point))


def _no_engine(name: str, profiles: Sequence[str]) -> ConfigError:
    known = engine_names()
    near = nearest(name, [*known, *profiles])
    of_project = f"Profiles are: {some(profiles)}." if profiles else "Profiles stand in project.yaml."
    hint = f"Did you mean `{near}`?" if near else f"Engines are: {some(known)}. {of_project}"
    return ConfigError(f"there is no engine or profile `{name}`", hint=hint)
