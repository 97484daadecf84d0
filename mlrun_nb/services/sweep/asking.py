"""What was asked of a sweep, from the values of options as a line, a cell or keywords have them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import OptionValues
from mlrun_nb.model.quantities import parse_duration_s
from mlrun_nb.model.space import GivenDimension, GivenPoint
from mlrun_nb.model.space_text import parse_space
from mlrun_nb.strategies.points_file import read_points

_GOAL = ("maximize", "minimize")
_POINTS = ("dimensions", "points", "file")
_FLAGS = {"options": "strategy-option", "max_time_s": "max-time"}
"""Options that are not called as their fields are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    What was asked of a sweep beside the function and its options; empty fields leave the decision to others.

    Points come from `dimensions`, from `points` or from a `file` with either; without any it is no sweep. `options` are
    the strategy's own.
    """

    dimensions: tuple[GivenDimension, ...] = ()
    points: tuple[GivenPoint, ...] = ()
    file: Path | None = None
    strategy: str = ""
    options: Mapping[str, Json] = field(default_factory=dict)
    seed: int | None = None
    max_runs: int | None = None
    maximize: str = ""
    minimize: str = ""
    stop: str = ""
    max_errors: int | None = None
    max_time_s: float | None = None
    parallel: int = 0
    keep: str = ""

    @property
    def is_sweep(self) -> bool:
        """Whether there is anything to vary."""
        return bool(self.dimensions or self.points or self.file)

    @property
    def names(self) -> frozenset[str]:
        """The parameters that vary, but for those that a file names."""
        points = (name for point in self.points for name in point.values)  # no data frame
        return frozenset({*(dimension.name for dimension in self.dimensions), *points})

    @property
    def given(self) -> frozenset[str]:
        """The names of the fields that say something."""
        return frozenset(each.name for each in fields(self) if getattr(self, each.name) != getattr(_NOTHING, each.name))

    def over(self, below: Asked) -> Asked:
        """Return what is asked where *below* was asked before; what to vary, and what is better, counts as a whole."""
        given = set(self.given)
        for whole in (_GOAL, _POINTS):
            given |= set(whole) if given & set(whole) else set()
        return replace(below, **{name: getattr(self, name) for name in given})

    def without(self, names: Collection[str]) -> Asked:
        """Return the same where the parameters *names* have one value; nothing is left where no other one varies."""
        if not self.dimensions:
            return self
        left = tuple(dimension for dimension in self.dimensions if dimension.name not in names)
        return replace(self, dimensions=left) if left or self.file is not None else _NOTHING

    def refuse(self) -> None:
        """Raise OptionError for what is no sweep, and says all the same how to sweep."""
        if self.given and not self.is_sweep:
            name = _FLAGS.get(first := min(self.given), first)
            raise OptionError(
                f"`--{name.replace('_', '-')}` is about a sweep, and there is nothing to vary",
                hint="Name a parameter with its values: `--sweep lr=0.1,0.01`.",
            )

    def read(self) -> Asked:
        """Return the same with what its file holds in place of the file; raises OptionError and ParameterError."""
        if self.file is None:
            return self
        found = read_points(self.file)
        dimensions, points = (*self.dimensions, *found.dimensions), (*self.points, *found.points)
        return replace(self, file=None, dimensions=dimensions, points=points)


_NOTHING = Asked()


def asked_from(options: OptionValues, *, folder: Path | None = None) -> Asked:
    """
    Return what checked *options* of a sweep ask for; paths are relative to *folder*, the working directory without one.

    Raises OptionError for text that means nothing.
    """
    texts = " ".join(_texts(options.get("sweep")))
    file = options.get("params-file")
    return Asked(
        dimensions=parse_space(texts, where="`--sweep`") if texts else (),
        file=(folder or Path()) / str(file) if file else None,
        strategy=str(options.get("strategy") or ""),
        options={name: _value(text) for name, text in _pairs(options.get("strategy-option")).items()},
        seed=_count(options.get("seed")),
        max_runs=_count(options.get("max-runs")),
        maximize=str(options.get("maximize") or ""),
        minimize=str(options.get("minimize") or ""),
        stop=str(options.get("stop") or ""),
        max_errors=_count(options.get("max-errors")),
        max_time_s=parse_duration_s(str(options["max-time"])) if options.get("max-time") else None,
        parallel=_count(options.get("parallel")) or 0,
        keep=str(options.get("keep") or ""),
    )


def _texts(value: Json) -> list[str]:
    return (
        [str(item) for item in value] if isinstance(value, list | tuple) else [value] if isinstance(value, str) else []
    )


def _pairs(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) else None


def _value(text: Json) -> Json:
    """Return the value that the text of a strategy's option stands for: JSON where it is some, else the text."""
    try:
        value: Json = json.loads(str(text))
    except ValueError:
        return text
    return value
