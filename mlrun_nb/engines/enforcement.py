"""
Which options a request sets, and which of them an engine does not enforce.

The latter are reported before a run, never dropped in silence. Used by `check` of every engine.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb.model.notice import Notice
from mlrun_nb.model.settings import Settings, Volume

_WORKERS = frozenset({"dask-workers", "dask-worker-cpu", "dask-worker-memory"})


def options_set(settings: Settings) -> dict[str, str]:
    """Return the options that *settings* come from, by name, each as a person would type it."""
    groups = (
        settings.resources, settings.environment, settings.placement, settings.kubernetes, settings.dask,
        settings.policy,
    )  # fmt: skip
    values = {name: getattr(group, name) for group in groups for name in group.__slots__}
    values |= {"volume": settings.volumes, "dask_workers": "..".join(map(str, settings.dask_workers))}
    defaults = Settings()
    unset = {"retries": defaults.policy.retries, "backoff_s": defaults.policy.backoff_s}
    return {
        _option(name): _typed(_option(name), value)
        for name, value in values.items()
        if value not in (None, (), {}, "", False) and value != unset.get(name)
    }


def not_enforced(settings: Settings, *, enforces: frozenset[str], engine: str) -> list[Notice]:
    """Return one notice for each option that is set and that the engine called *engine* does not enforce."""
    if settings.dask_workers and not settings.own_workers and "dask-address" not in enforces:
        enforces -= _WORKERS  # they describe a cluster that it knows nothing of
    return [
        Notice(
            text=f"`{typed}` has no effect on engine `{engine}`",
            hint=f"Run it `--on` an engine that knows `--{name}`, or leave the option out.",
        )
        for name, typed in options_set(settings).items()
        if name not in enforces
    ]


def _option(field: str) -> str:
    return field.removesuffix("_s").replace("_", "-")


def _typed(name: str, value: object) -> str:
    flag = f"--{name}"
    if value is True:
        return flag
    if isinstance(value, Mapping):
        return " ".join(f"{flag} {key}={item}" for key, item in value.items())
    if isinstance(value, tuple):
        return " ".join(f"{flag} {_text(item)}" for item in value)
    return f"{flag} {value:g}s" if isinstance(value, float) else f"{flag} {value}"


def _text(item: object) -> str:
    if isinstance(item, Volume):
        return ":".join([item.kind, *filter(None, [item.source]), item.path, *(["ro"] if item.read_only else [])])
    return str(item)
