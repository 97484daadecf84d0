"""Many runs beside each other: one row for each value, those that differ first, the best outcome marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from mlrun_nb._lib.records import Json, finite, to_json
from mlrun_nb.commands import humane
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState

Group = Literal["results", "parameters", "settings", "run"]

_LESS = re.compile(
    r"(^|_)(loss|error|err|mse|mae|rmse|mape|perplexity|latency|seconds|time|duration)(_|$)", re.IGNORECASE
)
_MORE = re.compile(r"(^|_)(accuracy|acc|auc|f1|precision|recall|score|r2|reward|throughput)(_|$)", re.IGNORECASE)
_GOOD = {RunState.SUCCEEDED, RunState.CACHED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value of one run; `number` where it can be drawn, `best` where no run has a better one."""

    text: str
    number: float | None = None
    best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of all runs; an entry is None where a run has no such value."""

    name: str
    group: Group
    differs: bool
    entries: tuple[Entry | None, ...]


def table_of_runs(runs: Sequence[Run]) -> tuple[Row, ...]:
    """
    Return *runs* beside each other, rows that differ first, in each half results, parameters, options, the rest.

    A result or a duration is marked as best where its name says which way is better (`loss`, `accuracy`), among good
    runs, and only where all are of one function: what different functions come to cannot be compared.
    """
    is_one = len({(run.project, run.function) for run in runs}) == 1
    judged, nothing = [is_one and run.state in _GOOD for run in runs], [False for _ in runs]
    rows = [
        *_rows("results", [run.results for run in runs], humane.rounded, judged),
        *_rows("parameters", [run.parameters for run in runs], humane.exact, nothing),
        *_rows("settings", [run.overrides for run in runs], shown, nothing),
        *_rows("run", [_facts(run) for run in runs], humane.rounded, judged, _UNITS),
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _facts(run: Run) -> Mapping[str, Json]:
    return {
        "function": run.function,
        "version": run.version[:7],
        "engine": run.profile or run.engine,
        "duration": run.duration_s,
        "peak memory": run.peak_memory_bytes or None,
    }


_UNITS: Mapping[str, Callable[[float], str]] = {"duration": humane.duration, "peak memory": humane.size}


def _rows(
    group: Group,
    values: Sequence[Mapping[str, Json]],
    text: Callable[[Json], str],
    judged: Sequence[bool],
    units: Mapping[str, Callable[[float], str]] = MappingProxyType({}),
) -> Iterator[Row]:
    for name in dict.fromkeys(name for each in values for name in each):
        given = [each.get(name) for each in values]
        if all(value is None for value in given):
            continue
        plain = [to_json(value) for value in given]  # as text NaN equals itself
        numbers = [finite(value) for value in given]
        best = _best(name, [number if each else None for number, each in zip(numbers, judged, strict=True)])
        unit = units.get(name)
        yield Row(
            name=name,
            group=group,
            differs=any(value != plain[0] for value in plain),
            entries=tuple(
                None
                if value is None
                else Entry(
                    text=unit(number) if unit and number is not None else text(value),
                    number=number,
                    best=each and number is not None and number == best,
                )
                for value, number, each in zip(given, numbers, judged, strict=True)
            ),
        )


def _best(name: str, numbers: Sequence[float | None]) -> float | None:
    """Return the best of *numbers*; None where all are the same, or nobody knows which way is better."""
    rivals = {number for number in numbers if number is not None}
    if len(rivals) < 2:
        return None
    if _LESS.search(name):
        return min(rivals)
    return max(rivals) if _MORE.search(name) else None
