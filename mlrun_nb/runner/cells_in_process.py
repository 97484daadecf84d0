"""
The loop over the cells of a notebook in this process: each one executed, recorded, reported.

Whatever a cell raises is data. Who calls has put the surroundings in place; see `in_process` and `generation`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from time import monotonic
from types import MappingProxyType, TracebackType

from mlrun_nb.model.run import CellReport, RunError
from mlrun_nb.runner import faults
from mlrun_nb.runner.attempt import Attempt
from mlrun_nb.runner.captured_output import captured
from mlrun_nb.runner.cell_code import CellRunner, shell
from mlrun_nb.runner.cell_metadata import before_it_runs, cell_role, is_executed
from mlrun_nb.runner.faults import AttemptFailed, Where
from mlrun_nb.runner.measure import OwnMeter
from mlrun_nb.runner.notebook_file import Node, NotebookFile
from mlrun_nb.runner.original import Original
from mlrun_nb.runner.tracebacks import python_traceback, raised

Interrupted = Callable[[Where], RunError]
"""What a KeyboardInterrupt in a cell comes to."""


class CellsInProcess:
    """
    The cells of one attempt. What is in *done* was executed before, by a process that this one was forked from.

    The notebook is saved after a cell, but not again within *saves_each_s* seconds, and at the end. For *meter* see
    `measure`.
    """

    def __init__(
        self,
        attempt: Attempt,
        notebook: Node,
        *,
        done: Mapping[int, CellReport] = MappingProxyType({}),
        interrupted: Interrupted = faults.cancelled,
        saves_each_s: float = 0.0,
        meter: OwnMeter | None = None,
    ) -> None:
        self._attempt, self._recorder, self._notebook = attempt, attempt.recorder, notebook
        self._file = NotebookFile(attempt.folder, attempt.mask)
        self._meter = meter or OwnMeter()
        self._interrupted, self._saves_each_s, self._saved_at = interrupted, saves_each_s, monotonic()
        self.reports: dict[int, CellReport] = {
            index: done.get(index) or before_it_runs(index, cell)
            for index, cell in enumerate(notebook["cells"])
            if is_executed(cell)
        }
        title = attempt.request.version.provenance.title
        self._original = Original(notebook["cells"], title, translated=shell() is not None)

    def execute(self, runner: CellRunner) -> None:
        """Execute all cells that are not done; raises AttemptFailed."""
        try:
            self._loop(runner)
        finally:
            self._attempt.reports = tuple(self.reports[index] for index in sorted(self.reports))
            self._file.save(self._notebook, sync=self._attempt.is_durable)

    def _loop(self, runner: CellRunner) -> None:
        early: Where | None = None
        for index in [index for index, report in self.reports.items() if report.state == "pending"]:
            cell, where = self._notebook["cells"][index], self._original.where(index)
            if early is None or cell_role(cell) == "save":
                early = where if self._one(cell, where, runner) and early is None else early
        if early is not None:
            skipped = sum(report.state == "pending" for report in self.reports.values())
            self._recorder.notice(f"{early.text} ended the run early; {skipped} cells after it did not run")

    def _one(self, cell: Node, where: Where, runner: CellRunner) -> bool:
        """Execute one cell and tell whether it ended the run early and well; raises AttemptFailed."""
        self._recorder.event("cell_started", {"index": where.index, "name": where.name})
        self.reports[where.index] = replace(self.reports[where.index], state="running")
        self._meter.begin()
        begin, exits, error = monotonic(), False, None
        try:
            with captured(cell["outputs"], self._recorder):
                runner.run(cell["source"], where.index)
        except SystemExit as err:
            exits = err.code in {None, 0}
            error = None if exits else self._failed(err, where, cell)
        except KeyboardInterrupt:
            error = self._interrupted(where)
        except BaseException as err:  # noqa: BLE001  # whatever the cell raises is data
            error = self._failed(err, where, cell)
            error = None if "raises-exception" in cell["metadata"].get("tags", []) else error
        self._ended(cell, where, monotonic() - begin, error)
        return exits

    def _ended(self, cell: Node, where: Where, duration_s: float, error: RunError | None) -> None:
        usage, size = self._meter.end(), self._file.settle(where.index, cell)
        self._recorder.collect()
        report = replace(
            self.reports[where.index],
            state=faults.cell_state(error),
            duration_s=round(duration_s, 6),
            cpu_s=usage.cpu_s,
            peak_memory_bytes=usage.peak_memory_bytes,
            output_bytes=size,
        )
        self.reports[where.index] = report
        self._recorder.cell_ended(report, error)
        if monotonic() - self._saved_at >= self._saves_each_s:
            self._file.save(self._notebook)
            self._saved_at = monotonic()
        if error is not None:
            raise AttemptFailed(error)

    def _failed(self, err: BaseException, where: Where, cell: Node) -> RunError:
        trace = _from_the_cell_on(err.__traceback__)
        sys.last_type, sys.last_value, sys.last_traceback = type(err), err.with_traceback(trace), trace
        text, ename = python_traceback(err), type(err).__name__
        cell["outputs"].append(
            {"output_type": "error", "ename": ename, "evalue": str(err), "traceback": text.splitlines()}
        )
        what = raised(self._original, where.index, ename=ename, evalue=str(err), frames=[text])
        return faults.cell_failed(where, what)


def _from_the_cell_on(trace: TracebackType | None) -> TracebackType | None:
    """Return the part of *trace* that begins in a cell; all of it where none does (a cell that does not compile)."""
    return next((part for part in _parts(trace) if part.tb_frame.f_code.co_filename.startswith("<run ")), None)


def _parts(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next
