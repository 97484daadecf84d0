"""Domains as Optuna has them, and its suggestions as values of ours."""

from __future__ import annotations

import json

from optuna.trial import Trial

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import LogRandInt, LogUniform, Normal, RandInt, Uniform, Values
from mlrun_nb.model.space import Dimension, Space


def refuse_unbounded(space: Space) -> None:
    """Raise OptionError for a normal distribution: Optuna draws between bounds only."""
    for dimension in space.dimensions:
        domain = dimension.domain
        if isinstance(domain, Normal):
            bounded = Uniform(low=domain.mean - 2 * domain.std, high=domain.mean + 2 * domain.std)
            raise OptionError(
                f"`{dimension.name}={domain.text}` has no bounds, and Optuna needs some",
                hint=f"Write `{dimension.name}={bounded.text}`, or choose the strategy `random`.",
            )


def suggest(trial: Trial, dimension: Dimension) -> None:
    """Have Optuna choose the value of *dimension* in *trial*; one that is there already stays."""
    name, domain = dimension.name, dimension.domain
    match domain:
        case Values():
            trial.suggest_categorical(name, _choices(domain))
        case Uniform():
            trial.suggest_float(name, domain.low, _last(domain), step=domain.step)
        case LogUniform():
            trial.suggest_float(name, domain.low, domain.high, log=True)
        case RandInt():
            trial.suggest_int(name, domain.low, domain.value(domain.count - 1), step=domain.step)
        case LogRandInt():
            trial.suggest_int(name, domain.low, domain.high, log=True)
        case Normal():
            raise AssertionError(name)  # was refused


def as_value(dimension: Dimension, suggested: object) -> Json:
    """Return the value of *dimension* that Optuna's *suggested* one stands for."""
    domain = dimension.domain
    if isinstance(domain, Values):
        return domain.values[_choices(domain).index(suggested)]  # type: ignore[arg-type]  # it is one of them
    assert isinstance(suggested, int | float), "all other domains are of numbers"
    if isinstance(domain, Uniform) and domain.step is not None:
        return domain.value(round((suggested - domain.low) / domain.step))
    return suggested


def _last(domain: Uniform) -> float:
    """Return the high bound, or the last step below it: Optuna warns of a width that is no number of steps."""
    return domain.high if domain.count is None else domain.value(domain.count - 1)


def _choices(values: Values) -> list[str | int | float]:
    """Return the values as Optuna can tell them apart: as they are where all are of one plain type, else as JSON."""
    for kind in (str, int, float):
        if all(type(value) is kind for value in values.values):
            return [value for value in values.values if isinstance(value, str | int | float)]
    return [json.dumps(value, ensure_ascii=False) for value in values.values]
