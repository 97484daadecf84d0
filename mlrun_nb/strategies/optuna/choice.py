"""Samplers and pruners of Optuna by the names that they have here, with options as JSON."""

from __future__ import annotations

import hashlib
import inspect
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from optuna.exceptions import ExperimentalWarning
from optuna.pruners import (
    BasePruner,
    HyperbandPruner,
    MedianPruner,
    NopPruner,
    PercentilePruner,
    SuccessiveHalvingPruner,
    ThresholdPruner,
)
from optuna.samplers import (
    BaseSampler,
    CmaEsSampler,
    GPSampler,
    NSGAIISampler,
    QMCSampler,
    RandomSampler,
    TPESampler,
)

from mlrun_nb._lib.nearness import nearest
from mlrun_nb._lib.records import Json
from mlrun_nb.errors import ConfigError, OptionError

Made = TypeVar("Made", BaseSampler, BasePruner)

_SAMPLERS: Mapping[str, type[BaseSampler]] = {
    "tpe": TPESampler,
    "cmaes": CmaEsSampler,
    "gp": GPSampler,
    "nsgaii": NSGAIISampler,
    "qmc": QMCSampler,
    "random": RandomSampler,
}
_PRUNERS: Mapping[str, type[BasePruner]] = {
    "none": NopPruner,
    "median": MedianPruner,
    "percentile": PercentilePruner,
    "hyperband": HyperbandPruner,
    "successive_halving": SuccessiveHalvingPruner,
    "threshold": ThresholdPruner,
}
_NEEDS = {"cmaes": ("cmaes",), "gp": ("scipy", "torch"), "qmc": ("scipy",)}
"""Packages that Optuna does not bring, and imports when the first point is asked for."""

_SEQUENCES = frozenset({"qmc"})
"""Samplers whose points are those of one sequence, so that all have to share its seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which sampler and pruner, as the options of a search say it."""

    sampler: str = "tpe"
    sampler_options: Mapping[str, Json]
    pruner: str = "none"
    pruner_options: Mapping[str, Json]

    def make_sampler(self, seed: int, number: int) -> BaseSampler:
        """
        Return the sampler for point *number*.

        A new one for each, so that a point depends on the seed, its number and what was told, never on how often a
        process was started.
        """
        defaults: Mapping[str, Json] = {"constant_liar": True} if self.sampler == "tpe" else {}
        key = f"{seed}" if self.sampler in _SEQUENCES else f"{seed}/{number}"
        own = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
        kind = _find(_SAMPLERS, "sampler", self.sampler)
        return _make(kind, f"sampler `{self.sampler}`", {**defaults, **self.sampler_options}, seed=own)

    def make_pruner(self) -> BasePruner:
        """Return the pruner."""
        return _make(_find(_PRUNERS, "pruner", self.pruner), f"pruner `{self.pruner}`", self.pruner_options)


def read_choice(options: Mapping[str, Json]) -> Choice:
    """Return what *options* of a search choose; raises OptionError for what is not there, ConfigError for a package."""
    choice = Choice(
        sampler=str(options.get("sampler", "tpe")),
        sampler_options=_mapping(options, "sampler_options"),
        pruner=str(options.get("pruner", "none")),
        pruner_options=_mapping(options, "pruner_options"),
    )
    _need_packages(choice.sampler)
    choice.make_sampler(0, 0)
    choice.make_pruner()
    return choice


def _mapping(options: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = options.get(name, {})
    if not isinstance(value, Mapping):
        raise OptionError(f"`{name}` is not a mapping of options", hint=f'Write it as in `{name}: {{"name": 1}}`.')
    return value


def _find(known: Mapping[str, type[Made]], kind: str, name: str) -> type[Made]:
    if name in known:
        return known[name]
    near = nearest(name, known)
    listed = f"There are: {', '.join(known)}."
    raise OptionError(f"there is no {kind} `{name}`", hint=f"Did you mean `{near}`? {listed}" if near else listed)


def _make(kind: type[Made], called: str, options: Mapping[str, Json], **own: int) -> Made:
    known = [name for name in inspect.signature(kind).parameters if name != "seed"]
    unknown = next((name for name in options if name not in known), None)
    if unknown is not None:
        near = nearest(unknown, known)
        listed = f"Options are: {', '.join(known)}." if known else "It has none."
        raise OptionError(
            f"the {called} has no option `{unknown}`", hint=f"Did you mean `{near}`? {listed}" if near else listed
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)  # who asks for one by name has read about it
        warnings.simplefilter("ignore", FutureWarning)
        try:
            return kind(**options, **own)
        except (TypeError, ValueError) as err:
            raise OptionError(f"the {called} cannot be made: {err}", hint="Correct its options.") from err


def _need_packages(sampler: str) -> None:
    try:
        for package in _NEEDS.get(sampler, ()):
            import_module(package)
    except ImportError as err:
        raise ConfigError(
            f"the sampler `{sampler}` needs a package that is not installed",
            hint=f"Run `pip install {' '.join(_NEEDS[sampler])}`.",
        ) from err
