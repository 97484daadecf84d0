"""The cells of a run as its events come: which are done, which is at work, which failed or was cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mlrun_nb._lib.records import Json
from mlrun_nb.commands.card.snapshot import Cell
from mlrun_nb.commands.cell_reports import ended_state
from mlrun_nb.model.events import CELL_STATES, Event
from mlrun_nb.model.run import CellReport, Run


class Cells:
    """All cells of the attempt at work, in order, and the memory that each of them took."""

    def __init__(self) -> None:
        self._cells: dict[int, Cell] = {}
        self._memory: dict[int, int] = {}

    def take(self, event: Event) -> None:
        """Take in *event*; a new attempt begins anew."""
        names, index = event.data.get("cells"), event.data.get("index")
        if event.type == "run_started" and isinstance(names, list | tuple):
            self._cells = {i: Cell(index=i, name=str(name), state="pending") for i, name in enumerate(names)}
            self._memory = {}
        elif event.type in CELL_STATES and isinstance(index, int):
            name = str(event.data.get("name", ""))
            took = _number(event.data.get("duration_s"))
            self._cells[index] = Cell(index=index, name=name, state=CELL_STATES[event.type], duration_s=took)
            peak = int(_number(event.data.get("peak_memory_bytes")))
            if peak:
                self._memory[index] = peak

    def replace(self, reports: Iterable[CellReport]) -> None:
        """Take *reports* instead of what the events said: they are the record of an ended run."""
        self._cells, self._memory = {}, {}
        for report in reports:
            self._cells[report.index] = Cell(
                index=report.index, name=report.name, state=report.state, duration_s=report.duration_s
            )
            if report.peak_memory_bytes:
                self._memory[report.index] = report.peak_memory_bytes

    @property
    def memory(self) -> list[float]:
        """The peak of memory in each cell that ended, in bytes, in order."""
        return [float(self._memory[index]) for index in sorted(self._memory)]

    def of(self, run: Run) -> tuple[Cell, ...]:
        """Return the cells in order, as the state of *run* has them: in an ended run none is at work."""
        cells = [self._cells[index] for index in sorted(self._cells)]
        return tuple(replace(cell, state=ended_state(cell.index, cell.state, run)) for cell in cells)


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
