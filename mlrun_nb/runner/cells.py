"""
The loop over the cells: papermill's client, with the truth about how each one ended.

papermill and nbclient execute; this decides what an ending means: an exception, a dead kernel, the wish to stop, or
`SystemExit(0)`, which ends a run early and well, as it does a script: what is left is skipped, but outputs are saved.
"""

from __future__ import annotations

from contextlib import suppress
from queue import Empty
from typing import Any

from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.run import RunError
from mlrun_nb.runner import faults
from mlrun_nb.runner.cell_metadata import cell_name, cell_role
from mlrun_nb.runner.faults import AttemptFailed, Where
from mlrun_nb.runner.kernel_client import Adopted
from mlrun_nb.runner.process import KernelProcess
from mlrun_nb.runner.progress import Progress
from mlrun_nb.runner.stop import Stop, Stopped
from mlrun_nb.runner.tracebacks import raised

START_TIMEOUT_S = 120
_IOPUB_TIMEOUT_S = 60
"""How long outputs may arrive after the cell's own reply, before the rest of them is given up."""
_SHUTDOWN_S = 5.0


class RecordedCells(PapermillNotebookClient):  # type: ignore[misc]  # papermill has no type information
    """Executes a prepared notebook in a started kernel; raises AttemptFailed with what the result record will say."""

    def __init__(self, progress: Progress, *, kernel: KernelProcess, stop: Stop) -> None:
        super().__init__(
            progress,
            km=Adopted(kernel),
            raise_on_iopub_timeout=False,
            iopub_timeout=_IOPUB_TIMEOUT_S,
            startup_timeout=START_TIMEOUT_S,
            on_cell_executed=self._on_executed,
        )
        self._kernel, self._stop = kernel, stop
        self._reply: dict[str, Any] = {}

    def execute(self) -> str:
        """Execute all cells; returns a notice, empty unless the run ended early. Raises AttemptFailed."""
        self.reset_execution_trackers()
        try:
            self._connect()
            self.nb.metadata["language_info"] = self.kc.language_info
            return str(self.papermill_execute_cells())
        except Stopped:
            raise AttemptFailed(self._stopped(self.nb_man.current)) from None
        finally:
            self.set_widgets_metadata()

    def shut_down(self) -> None:
        """Let the kernel end by itself, with its exit handlers; who started it kills what is left."""
        if self.kc is None:
            return
        if self._kernel.status is None:
            run_sync(self._ask_to_end)()
            self._kernel.wait(min(_SHUTDOWN_S, self._stop.grace_s / 4) if self._stop.reason else _SHUTDOWN_S)
        self.kc.stop_channels()

    async def _ask_to_end(self) -> None:
        self.kc.shutdown()
        with suppress(Empty):
            await self.kc.control_channel.get_msg(timeout=1)

    def papermill_execute_cells(self) -> str:
        """Execute the cells in order; replaces papermill's loop, which calls cells completed that never ran."""
        early: Where | None = None
        for index, cell in enumerate(self.nb.cells):
            self._stop.check()
            if early is None or cell_role(cell) == "save":
                where = self.nb_man.original.where(index)
                if self._execute(cell, where) and early is None:
                    early = where
                    self._refuse_to_lose_outputs(where)
        skipped = len([report for report in self.nb_man.reports.values() if report.state == "pending"])
        return f"{early.text} ended the run early; {skipped} cells after it did not run" if early else ""

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Take one message of the kernel; called by nbclient."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "execute_input" or (kind == "status" and content["execution_state"] == "idle"):
            self._stop.executing(state=kind == "execute_input")
        output: NotebookNode | None = super().process_message(msg, cell, cell_index)
        self.nb_man.said(kind, content, cell.outputs)
        return output

    def _connect(self) -> None:
        try:
            self.start_new_kernel_client()
        except RuntimeError as err:
            if self._stop.reason:
                raise Stopped from err
            kernel = self._kernel
            raise AttemptFailed(faults.kernel_did_not_start(kernel.spec.name, kernel.status, [*kernel.tail])) from err

    def _execute(self, cell: NotebookNode, where: Where) -> bool:
        """Execute one cell and tell whether it ended the run early and well; raises AttemptFailed."""
        self._reply = {}
        self.nb_man.cell_start(cell, where.index)
        try:
            self.execute_cell(cell, where.index)
        except CellExecutionError as err:
            if not _is_exit_0(err) or self._stop.reason:
                self._fail(cell, where, self._error(err, where))
            self.nb_man.cell_complete(cell, where.index)
            return True
        except DeadKernelError:
            self._fail(cell, where, self._death(where))
        except MlrunNbError as err:  # what the cell says cannot be written any more
            error = faults.of_error(err)
            with suppress(MlrunNbError):
                self.nb_man.cell_exception(cell, where.index, error=error)
            raise AttemptFailed(error) from err
        finally:
            self._stop.executing(state=False)
        self.nb_man.cell_complete(cell, where.index)
        return self._asked_for_exit()

    def _fail(self, cell: NotebookNode, where: Where, error: RunError) -> None:
        self.nb_man.cell_exception(cell, where.index, error=error)
        raise AttemptFailed(error)

    def _error(self, err: CellExecutionError, where: Where) -> RunError:
        if self._stop.reason:
            return self._stopped(where)
        content = self._reply.get("content", {})
        what = raised(
            self.nb_man.original,
            where.index,
            ename=str(content.get("ename", err.ename)),
            evalue=str(content.get("evalue", err.evalue)),
            frames=content.get("traceback", ()),
        )
        return faults.cell_failed(where, what)

    def _death(self, where: Where) -> RunError:
        if self._stop.reason:
            return self._stopped(where)
        self._kernel.wait(1)
        return faults.kernel_died(where, self._kernel.status, [*self._kernel.tail])

    def _stopped(self, where: Where | None) -> RunError:
        if self._stop.reason == "timeout":
            return faults.timed_out(where, self._stop.time_limit_s or 0.0)
        return faults.cancelled(where)

    def _on_executed(self, *, execute_reply: dict[str, Any], **_: object) -> None:
        self._reply = execute_reply

    def _asked_for_exit(self) -> bool:
        payload = self._reply.get("content", {}).get("payload", [])
        return any(item.get("source") == "ask_exit" for item in payload)

    def _refuse_to_lose_outputs(self, where: Where) -> None:
        """Raise AttemptFailed if the kernel is about to end, as `exit()` makes it, with outputs still in it."""
        left = [cell_name(cell) for cell in self.nb.cells[where.index + 1 :] if cell_role(cell) == "save"]
        if left and self._asked_for_exit():
            raise AttemptFailed(faults.ended_too_early(where, left))


def _is_exit_0(err: CellExecutionError) -> bool:
    return bool(err.ename == "SystemExit" and err.evalue in {"", "0", "None"})
