"""
How the cells went: papermill's hooks turned into events, measurements and a notebook that tells the truth.

papermill's own status is not trusted: it calls cells completed that were never reached (dead kernel, time-out). Here
`completed` means that the cell ended well, `failed` that it did not, `running` and `pending` what they say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from time import monotonic
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import NotebookExecutionManager

from mlrun_nb.model.run import CellReport, RunError
from mlrun_nb.runner.cell_metadata import before_it_runs, is_executed
from mlrun_nb.runner.faults import Where, cell_state, plain
from mlrun_nb.runner.measure import Meter
from mlrun_nb.runner.notebook_file import NotebookFile
from mlrun_nb.runner.original import Original
from mlrun_nb.runner.recorder import Recorder
from mlrun_nb.runner.tracebacks import in_original

STREAM_LIMIT = 20_000_000
"""Characters of printed text that a cell may leave in the notebook; the log has all of it."""
_OVERWRITTEN = re.compile(r".*\r(?=[^\n])")
"""What a progress bar has written and overwritten. Source: nbclient."""


class Progress(NotebookExecutionManager):  # type: ignore[misc]  # papermill has no type information
    """Told by the client what happens; tells recorder, meter and file."""

    def __init__(
        self, notebook: NotebookNode, *, original: Original, recorder: Recorder, meter: Meter, file: NotebookFile
    ) -> None:
        super().__init__(notebook, output_path=None, progress_bar=False)
        self.reports = {
            index: before_it_runs(index, cell) for index, cell in enumerate(notebook.cells) if is_executed(cell)
        }
        self.original = original
        self.current: Where | None = None
        """The cell that began last."""
        self._recorder, self._meter, self._file = recorder, meter, file
        self._began = 0.0
        self._printed, self._is_cut = 0, False

    def save(self, **_: object) -> None:
        """Write the notebook; papermill calls it."""
        self._file.save(self.nb)

    def autosave_cell(self) -> None:
        """Write the notebook in the middle of a cell, now and then; papermill calls it."""
        if self._file.is_due():
            self.save()

    def cell_start(self, cell: NotebookNode, cell_index: int, **_: object) -> None:
        """Note that a cell begins."""
        cell.metadata.papermill.update(start_time=self.now().isoformat(), status=self.RUNNING, exception=False)
        if cell_index not in self.reports:
            return
        self._recorder.event("cell_started", {"index": cell_index, "name": self.reports[cell_index].name})
        self.current, self._printed, self._is_cut = self.original.where(cell_index), 0, False
        self._report(cell_index, state="running")
        self._meter.begin()
        self._began = monotonic()

    def cell_complete(self, cell: NotebookNode, cell_index: int, **_: object) -> None:
        """Note that a cell ended well."""
        self._end(cell, cell_index, error=None)

    def cell_exception(self, cell: NotebookNode, cell_index: int, *, error: RunError, **_: object) -> None:
        """Note that a cell did not end well; a kernel that died left no output that says so."""
        if not any(output.output_type == "error" for output in cell.outputs):
            cell.outputs.append(
                new_output("error", ename=error.ename or error.cls, evalue=error.evalue or error.summary,
                           traceback=[error.traceback or error.summary, error.hint])
            )  # fmt: skip
        self.nb.metadata.papermill["exception"] = True
        self._end(cell, cell_index, error=error)

    def notebook_complete(self, **_: object) -> None:
        """Write the notebook for the last time, durably; cells that were not reached stay `pending`."""
        self.end_time = self.now()
        taken = (self.end_time - self.start_time).total_seconds()
        self.nb.metadata.papermill.update(end_time=self.end_time.isoformat(), duration=taken)
        self._file.save(self.nb, sync=True)

    def said(self, kind: str, content: dict[str, Any], outputs: list[NotebookNode]) -> None:
        """Put what a cell printed or showed into the log, and keep the notebook's share of it within bounds."""
        if kind == "stream":
            self._recorder.log(content["text"], stream=content["name"])
            if outputs and outputs[-1].output_type == "stream":
                self._cut(outputs)
                _join_last_two(outputs)
        elif kind == "error":
            self._recorder.line(in_original(self.original, plain("\n".join(content["traceback"]))))
        elif kind in {"display_data", "execute_result"} and "text/plain" in content["data"]:
            self._recorder.line("".join(content["data"]["text/plain"]))

    def _cut(self, outputs: list[NotebookNode]) -> None:
        last, room = outputs[-1], max(0, STREAM_LIMIT - self._printed)
        self._printed += len(last.text)
        if len(last.text) > room:
            note = "" if self._is_cut else f"\n[what follows is in the log: beyond {STREAM_LIMIT} characters]\n"
            last.text, self._is_cut = last.text[:room] + note, True

    def _end(self, cell: NotebookNode, index: int, *, error: RunError | None) -> None:
        duration_s = monotonic() - self._began
        cell.metadata.papermill.update(
            end_time=self.now().isoformat(),
            exception=error is not None,
            status=self.FAILED if error else self.COMPLETED,
        )
        if index not in self.reports:
            cell.metadata.papermill["duration"] = 0.0
            self._file.settle(index, cell)
            return
        cell.metadata.papermill["duration"] = round(duration_s, 6)
        usage = self._meter.end()
        size = self._file.settle(index, cell)
        self._recorder.collect()
        self._recorder.end_of_streams()
        report = self._report(
            index,
            state=cell_state(error),
            duration_s=round(duration_s, 6),
            cpu_s=usage.cpu_s,
            peak_memory_bytes=usage.peak_memory_bytes,
            output_bytes=size,
        )
        self._recorder.cell_ended(report, error)
        self.save()

    def _report(self, index: int, **fields: Any) -> CellReport:  # noqa: ANN401  # the fields of CellReport
        self.reports[index] = replace(self.reports[index], **fields)
        return self.reports[index]


def _join_last_two(outputs: list[NotebookNode]) -> None:
    """Join pieces of one stream, and let a progress bar overwrite itself as it does on a terminal."""
    if len(outputs) > 1 and outputs[-2].output_type == "stream" and outputs[-2].name == outputs[-1].name:
        outputs[-2].text += outputs.pop().text
    if "\r" in outputs[-1].text:
        outputs[-1].text = _OVERWRITTEN.sub("", outputs[-1].text)
