"""The cells of a run with all that is known of each: from the record of an ended run, else from its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast, get_args

from mlrun_nb._lib.records import Json
from mlrun_nb.model.events import CELL_STATES, Event
from mlrun_nb.model.function import CellRole, Role
from mlrun_nb.model.run import CellReport, CellState, Run, RunResult
from mlrun_nb.model.states import RunState

MACHINERY = frozenset[CellRole | None]({"setup", "parameters", "prepare", "save"})
"""Roles of cells that a reader need not see while they do their work."""

_ENDED_WITH: Mapping[RunState, CellState] = {
    RunState.FAILED: "failed",
    RunState.CANCELLED: "cancelled",
    RunState.LOST: "lost",
}
_ROLES = frozenset({*get_args(Role), "prepare", "save"})


class CellReports:
    """What the events of a run have said of its cells; a new attempt begins anew."""

    def __init__(self) -> None:
        self._reports: dict[int, CellReport] = {}

    def take(self, event: Event) -> None:
        """Take in *event*."""
        data = event.data
        index = data.get("index")
        if event.type == "run_started":
            self._reports = _announced(event)
        elif event.type == "cell_started" and isinstance(index, int):
            self._reports[index] = replace(self._known(index, data.get("name")), state="running")
        elif event.type in CELL_STATES and isinstance(index, int):
            self._reports[index] = replace(
                self._known(index, data.get("name")),
                state=CELL_STATES[event.type],
                duration_s=_number(data.get("duration_s")),
                cpu_s=_number(data.get("cpu_s")),
                peak_memory_bytes=int(_number(data.get("peak_memory_bytes"))),
                output_bytes=int(_number(data.get("output_bytes"))),
            )

    def of(self, run: Run, result: RunResult | None = None) -> tuple[CellReport, ...]:
        """
        Return all cells in order, those of the *result* where there is one.

        In an ended run none is at work: the one that was ended as the run did.
        """
        if result is not None and result.cells:
            return result.cells
        reports = tuple(self._reports[index] for index in sorted(self._reports))
        return tuple(replace(each, state=ended_state(each.index, each.state, run)) for each in reports)

    def _known(self, index: int, name: Json) -> CellReport:
        return self._reports.get(index) or CellReport(index=index, name=str(name or ""), state="pending")


def _announced(event: Event) -> dict[int, CellReport]:
    names, roles, origins, counts = (_list(event.data.get(key)) for key in ("cells", "roles", "origins", "counts"))
    return {
        index: CellReport(
            index=index,
            name=str(name),
            role=_role(_at(roles, index)),
            origin=_whole(_at(origins, index)),
            count=_whole(_at(counts, index)),
            state="pending",
        )
        for index, name in enumerate(names)
    }


def ended_state(index: int, state: CellState, run: Run) -> CellState:
    """Return the state of the cell at *index*, which was *state* when it was heard of last, as that of *run* has it."""
    if run.state is RunState.FAILED and run.error is not None and run.error.cell == index:
        return "failed"
    return _ENDED_WITH.get(run.state, "pending") if state == "running" and run.state.is_final else state


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _at(values: Sequence[Json], index: int) -> Json:
    return values[index] if index < len(values) else None


def _role(value: Json) -> CellRole | None:
    return cast("CellRole", value) if value in _ROLES else None


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
