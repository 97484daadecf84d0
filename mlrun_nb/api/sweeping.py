"""
What a call of `sweep` says: which of its keywords are arguments of the function, which are options, and what varies.

A name that is both is refused, with the two ways to say which is meant: nobody shall sweep what he meant to seed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from mlrun_nb._lib.nearness import nearest
from mlrun_nb._lib.records import Json
from mlrun_nb.api.arguments import plain_value
from mlrun_nb.api.dimensions import split_arguments
from mlrun_nb.api.options import RUN_OPTIONS, checked_options
from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.function import Version
from mlrun_nb.model.space import GivenPoint
from mlrun_nb.notebook.option_line import normal_name
from mlrun_nb.services.sweep.asking import Asked

if TYPE_CHECKING:
    import pandas as pd

    Points: TypeAlias = Iterable[Mapping[str, Any]] | pd.DataFrame | str | Path

POINTS = "points"
_TAKEN = RUN_OPTIONS | {POINTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepCall:
    """`options` are checked; `asked` is what varies; `arguments` have one value for all runs."""

    options: Mapping[str, Json] = field(default_factory=dict)
    asked: Asked
    arguments: Mapping[str, object] = field(default_factory=dict)

    @property
    def plain(self) -> Mapping[str, Any]:
        """The arguments as they may be chosen: numbers of numpy as Python's own."""
        return {name: plain_value(value) for name, value in self.arguments.items()}


def read_call(version: Version, space: Mapping[str, object] | None, given: Mapping[str, object]) -> SweepCall:
    """
    Return what `sweep(space, **given)` of *version* says; a keyword that is None is not given.

    Raises ParameterError and OptionError.
    """
    named = {normal_name(name): value for name, value in given.items() if value is not None or name not in _TAKEN}
    taken = [*(item.name for item in version.spec.parameters), *version.spec.inputs]
    for name in named:
        _refuse(version, name, taken)
    options = {name: value for name, value in named.items() if name in RUN_OPTIONS}
    arguments = {name: value for name, value in named.items() if name in taken} | dict(space or {})
    inputs = {name: value for name, value in arguments.items() if name in version.spec.inputs}
    varied = split_arguments({name: value for name, value in arguments.items() if name not in inputs})
    asked = Asked(dimensions=tuple(varied.dimensions))
    return SweepCall(
        options=checked_options(options, RUN_OPTIONS, where="`sweep`"),
        asked=_with_points(asked, named.get(POINTS)),
        arguments={**varied.fixed, **inputs},
    )


def _refuse(version: Version, name: str, taken: Collection[str]) -> None:
    function = version.function
    if name in taken and name in _TAKEN:
        option = f"`{function}.with_options({name}=…).sweep(…)`"
        raise OptionError(
            f"`{name}` is a parameter of `{function}` and an option of sweeps too",
            hint=f'Say which: `{function}.sweep({{"{name}": …}})` is the parameter'
            + (f", {option} the option." if name in RUN_OPTIONS else "."),
        )
    if name in taken or name in _TAKEN:
        return
    near = nearest(name, [*taken, *_TAKEN])
    takes = f"It takes: {', '.join(taken)}." if taken else "It takes nothing."
    raise ParameterError(
        f"`{function}` takes no `{name}`, and no option is called so",
        hint=f"Did you mean `{near}`? {takes}" if near else takes,
    )


def _with_points(asked: Asked, points: object) -> Asked:
    if points is None:
        return asked
    if isinstance(points, str | Path):
        return replace(asked, file=Path(points))
    to_dict = getattr(points, "to_dict", None)  # a data frame's, without importing pandas
    rows = to_dict("records") if callable(to_dict) and hasattr(points, "columns") else points
    if not isinstance(rows, Iterable) or isinstance(rows, Mapping):
        raise _no_points(points)
    return replace(asked, points=tuple(_point(row, number) for number, row in enumerate(rows)))


def _point(row: object, number: int) -> GivenPoint:
    if not isinstance(row, Mapping):
        raise _no_points(row)
    values = {str(name): plain_value(value) for name, value in cast("Mapping[object, object]", row).items()}
    return GivenPoint(values=values, where=f"point {number}")


def _no_points(value: object) -> ParameterError:
    return ParameterError(
        f"`points` cannot be a {type(value).__name__}",
        hint="Give a list of mappings, `[{'lr': 0.1}, {'lr': 0.2}]`, a data frame, or the path of a file.",
    )
