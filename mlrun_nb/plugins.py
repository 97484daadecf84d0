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
from pathlib import Path
from typing import Protocol, cast

from mlrun_nb._lib import entry_points
from mlrun_nb._lib.digest import PREFIX, digest_bytes
from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.artifacts.packagers import registry
from mlrun_nb.config import Config
from mlrun_nb.errors import ConfigError, EngineUnavailable, HubError, OptionError, StoreError
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.protocols.strategy import Strategy
from mlrun_nb.stores import opening

ENGINES = {
    "dask": "mlrun_nb.engines.dask.engine:DaskEngine",
    "inline": "mlrun_nb.engines.inline:InlineEngine",
    "kubernetes": "mlrun_nb.engines.kubernetes.engine:KubernetesEngine",
    "local": "mlrun_nb.engines.local:LocalEngine",
}
"""The engines that ship with the product; the entry-point group `mlrun_nb.engines` adds to them."""

STRATEGIES = {
    "grid": "mlrun_nb.strategies.grid:grid",
    "list": "mlrun_nb.strategies.listed:listed",
    "optuna": "mlrun_nb.strategies.optuna.strategy:OptunaStrategy",
    "random": "mlrun_nb.strategies.sampled:sampled",
}
"""The strategies that ship with the product; the entry-point group `mlrun_nb.strategies` adds to them."""

ENGINE_GROUP = "mlrun_nb.engines"
HUB_GROUP = "mlrun_nb.hubs"
STORE_GROUP = "mlrun_nb.stores"
STRATEGY_GROUP = "mlrun_nb.strategies"


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


class HubFactory(Protocol):
    """What a hub's entry point names, which is the scheme of its addresses: called with name, address and a folder."""

    def __call__(self, name: str, place: str, folder: Path) -> HubSource:
        """Return the source called *name* at *place*, which may keep what it finds in *folder*."""
        ...


class StrategyFactory(Protocol):
    """What a strategy's entry point names: called with what is searched, and where to keep what must not be lost."""

    def __call__(self, search: Search, memory: Memory) -> Strategy:
        """Return the strategy; raises OptionError for a search that it cannot do."""
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


def hub_sources(config: Config) -> Sequence[HubSource]:
    """
    Return the hub sources of *config* in their order, and the one that ships with the product.

    Raises ConfigError for an address that nobody knows, and HubError for a plug-in that does not load.
    """
    from mlrun_nb.hubs.folder import bundled

    named = [make_hub(name, place, hub_folder(config, name)) for name, place in config.hub_sources.items()]
    return [*named, bundled()]


def hub_folder(config: Config, name: str, place: str = "") -> Path:
    """Return where what came from the hub source *name* is kept: a folder of its own for each *place* it is at."""
    place = place or config.hub_sources.get(name, "")
    mark = f"-{digest_bytes(place.encode()).removeprefix(PREFIX)[:8]}" if place else ""
    return config.hubs / f"{name}{mark}"


def make_hub(name: str, place: str, folder: Path) -> HubSource:
    """
    Return the source at *place*, called *name*, which may keep what it found in *folder*. Nothing is asked yet.

    Raises ConfigError for an address that nobody knows, and HubError for a plug-in that does not load.
    """
    from mlrun_nb.hubs import places

    found, own = places.parse_place(place), folder / ".source"
    if isinstance(found, places.FolderPlace):
        from mlrun_nb.hubs.folder import FolderSource

        return FolderSource(name, Path(found.path))
    if isinstance(found, places.WebPlace):
        from mlrun_nb.hubs.web_source import WebSource

        return WebSource(name, found.url, own)
    if isinstance(found, places.GitPlace):
        from mlrun_nb.hubs.git_source import GitSource

        return GitSource(name, found, own)
    point = entry_points.found(HUB_GROUP).get(found.scheme)
    if point is None:
        known = some(["a folder", "`git+https://…`", "`https://…`", *entry_points.found(HUB_GROUP)])
        raise ConfigError(
            f"hub source `{name}`: nobody knows addresses such as `{place}`", hint=f"An address is one of: {known}."
        )
    try:
        return cast("HubSource", entry_points.make(point, name, found.url, own))
    except entry_points.Broken as err:
        raise HubError(f"the hub `{point.name}` does not load, {err}", hint=entry_points.remedy(point)) from err


def strategy_names() -> list[str]:
    """Return the names of all strategies, built-in and plugged in, sorted."""
    return sorted({*STRATEGIES, *entry_points.found(STRATEGY_GROUP)})


def make_strategy(search: Search, memory: Memory) -> Strategy:
    """
    Return the strategy of *search*, which goes on where an earlier one with this *memory* was.

    Raises OptionError for an unknown name and for a search that the strategy cannot do, and ConfigError for one that
    does not load.
    """
    name = search.strategy
    if name in STRATEGIES:
        return _built_in_strategy(name)(search, memory)
    point = entry_points.found(STRATEGY_GROUP).get(name)
    if point is None:
        known = strategy_names()
        near = nearest(name, known)
        hint = f"Did you mean `{near}`?" if near else f"Strategies are: {some(known)}."
        raise OptionError(f"there is no strategy `{name}`", hint=hint)
    try:
        return cast("Strategy", entry_points.make(point, search, memory))
    except entry_points.Broken as err:
        raise ConfigError(f"the strategy `{name}` does not load, {err}", hint=entry_points.remedy(point)) from err


def plug_ins() -> Iterator[PlugIn]:
    """
    Load every store, strategy, hub and packager that others added, and yield what came of it.

    Engines are asked one by one.
    """
    for kind, group in (("store", STORE_GROUP), ("strategy", STRATEGY_GROUP), ("hub", HUB_GROUP)):
        for name, point in entry_points.found(group).items():
            yield _examined(kind, name, point)
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


def _built_in_strategy(name: str) -> StrategyFactory:
    module, _, attribute = STRATEGIES[name].partition(":")
    try:
        factory: StrategyFactory = getattr(import_module(module), attribute)
    except ModuleNotFoundError as err:
        raise ConfigError(
            f"the strategy `{name}` needs {err.name}, which is not installed",
            hint=f"Run `pip install 'mlrun-nb[{name}]'`.",
        ) from err
    return factory


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
