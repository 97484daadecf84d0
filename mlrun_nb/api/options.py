"""
Options as keyword arguments: the one table of `model.options`, typed, so that editors complete and checkers know them.

A test holds the two together.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypedDict

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import OptionValues, check_values
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.sweep.asking import asked_from


class SweepOptions(TypedDict, total=False):
    """What can be said of a sweep beside its points; a run that is none passes over it."""

    strategy: str
    strategy_option: Mapping[str, Any]
    seed: int
    max_runs: int
    maximize: str
    minimize: str
    stop: str
    max_errors: int
    max_time: float | str
    parallel: int
    keep: int | str


class RunOptions(SweepOptions, total=False):
    """What can be said of a run beside its arguments; see the table of options."""

    image: str
    requirement: str | Sequence[str]
    isolated: bool
    env: Mapping[str, str]
    secret: Mapping[str, str]
    cpu: float | str
    cpu_limit: float | str
    memory: str
    memory_limit: str
    gpu: int
    gpu_type: str
    ephemeral_storage: str
    replicas: int
    node_selector: Mapping[str, str]
    affinity: Mapping[str, Any]
    toleration: str | Sequence[str]
    priority_class: str
    queue: str
    service_account: str
    capacity: Literal["spot", "on-demand", "prefer", "any"]
    context: str
    namespace: str
    pull_secret: str | Sequence[str]
    topology_spread: Sequence[Mapping[str, Any]]
    termination_grace: float | str
    pod_patch: Mapping[str, Any]
    dask_workers: int | str
    dask_worker_cpu: float | str
    dask_worker_memory: str
    dask_address: str
    dask_idle_timeout: float | str
    dask_tls_ca: str
    dask_tls_cert: str
    dask_tls_key: str
    volume: str | Sequence[str]
    timeout: float | str
    pending_timeout: float | str
    retries: int
    backoff: float | str
    on: str
    cache: bool
    explain_cache: bool
    tag: str | Sequence[str]
    label: Mapping[str, str]


class FunctionOptions(RunOptions, total=False):
    """What can be said of a function where it is made: also which variables it takes and leaves."""

    input: str | Sequence[str]
    output: str | Sequence[str]
    file: str | Sequence[str]
    with_setup: bool


_INSTEAD = {
    "param": "Give parameters as arguments: `train.run(lr=0.2)`.",
    "detach": "`train.submit()` starts a run and does not wait for it.",
    "wait": "`train.run()` waits for the end of the run.",
    "define": "A function is recorded when it runs for the first time.",
    "dry-run": "Nothing is sent before `train.run()` or `train.submit()`.",
    "sweep": "Name what varies: `train.sweep(lr=[0.1, 0.01])`.",
    "params-file": 'Give its path to a sweep: `train.sweep(points="points.csv")`.',
    "validate": "Have it checked in the shell: `mlrun-nb run notebook.ipynb::train --validate`.",
    **dict.fromkeys(("input", "output", "file"), "Say it where the function is made."),
    "with-setup": "Say it where the function is made.",
}
"""What to do instead of an option that a call does not take."""


RUN_OPTIONS = frozenset(RunOptions.__annotations__)
FUNCTION_OPTIONS = RUN_OPTIONS | frozenset(FunctionOptions.__annotations__)


def checked_options(given: Mapping[str, object], takes: Collection[str], *, where: str) -> dict[str, Json]:
    """
    Return *given* under the options' own names and in their JSON form.

    Raises OptionError, naming *where*, for a name that is none of *takes* and for a value that means nothing.
    """
    checked = check_values({name: _readable(name, value) for name, value in given.items()}, where=where)
    for name in checked:
        if name.replace("-", "_") not in takes:
            raise OptionError(f"{where} takes no option `{name}`", hint=_INSTEAD[name])
    return checked


def choose(choice: Choice, options: OptionValues) -> Choice:
    """Return *choice* with checked *options* laid over it; the value of one option replaces the one before."""
    return replace(
        choice,
        options={**choice.options, **{name: value for name, value in options.items() if OPTIONS[name].in_version}},
        on=str(options["on"]) if "on" in options else choice.on,
        labels=_texts(options["label"]) if "label" in options else choice.labels,
        tags=_items(options["tag"]) if "tag" in options else choice.tags,
        cache=bool(options.get("cache", choice.cache)),
        explain_cache=bool(options.get("explain-cache", choice.explain_cache)),
        with_setup=bool(options.get("with-setup", choice.with_setup)),
        sweep=asked_from({name: value for name, value in options.items() if OPTIONS[name].section == "sweep"}).over(
            choice.sweep
        ),
    )


def _readable(name: str, value: object) -> object:
    """Return *value* as the table reads it."""
    if name == "strategy_option" and isinstance(value, Mapping):
        return {key: json.dumps(item) for key, item in value.items()}  # on a line these are texts of JSON
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _texts(value: Json) -> dict[str, str]:
    return {key: str(item) for key, item in value.items()} if isinstance(value, Mapping) else {}


def _items(value: Json) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()
