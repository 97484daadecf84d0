"""
A request executed in this process, for the debugger: same cells, same run directory, no kernel.

The cells run in a fresh `__main__`, so that a breakpoint stops here and `pdb.pm()` or `%debug` opens the user's own
frames. What only a child process can give is not enforced: time and memory limits. Magics need an IPython shell in this
process, and act on its namespace. One run at a time: working directory and environment belong to the whole process.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import TracebackType

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import MlrunNbError, NotebookError, UsageError
from mlrun_nb.model.run import RunError, RunResult
from mlrun_nb.runner import faults, layout
from mlrun_nb.runner.attempt import Attempt, finish, open_attempt, read_request
from mlrun_nb.runner.captured_output import captured
from mlrun_nb.runner.cell_code import CellRunner, shell
from mlrun_nb.runner.cell_metadata import INJECTED, before_it_runs, cell_role, is_executed
from mlrun_nb.runner.distributions import this_interpreter
from mlrun_nb.runner.environment import run_variables
from mlrun_nb.runner.faults import AttemptFailed, Where
from mlrun_nb.runner.fresh_main import environment_of, fresh_main, project_modules
from mlrun_nb.runner.measure import Meter
from mlrun_nb.runner.notebook_file import Node, NotebookFile
from mlrun_nb.runner.original import Original
from mlrun_nb.runner.parameter_values import parameter_values
from mlrun_nb.runner.tracebacks import python_traceback, raised


def execute_in_process(request_directory: str | Path) -> RunResult:
    """
    Execute the request in a local run directory in this process; its result is returned and written there.

    A cell that raises ends the run: the result says so, and `sys.last_value` holds the exception for a debugger. Raises
    UsageError or ArtifactError where there is no request, or no place to write.
    """
    origin = monotonic()
    folder = open_folder(request_directory)
    if folder.path is None:
        raise UsageError(f"`{folder.url}` is not a local folder", hint="Use another engine: `--on local`.")
    attempt, error = open_attempt(read_request(folder), folder, folder.path, number=1, origin=origin)
    return finish(attempt, error or _executed(attempt))


def _executed(attempt: Attempt) -> RunError | None:
    try:
        notebook = _read(attempt)
        if notebook["metadata"].get("kernelspec", {}).get("language", "python") != "python":
            raise UsageError("only Python can be executed in this process", hint="Use another engine: `--on local`.")
        _inject(notebook, parameter_values(attempt.request))
        attempt.announce("in process", this_interpreter(), notebook["cells"])
        _Cells(attempt, notebook).execute()
    except AttemptFailed as err:
        return err.error
    except MlrunNbError as err:
        return faults.of_error(err)
    return None


def _read(attempt: Attempt) -> Node:
    try:
        notebook: Node = json.loads(attempt.folder.read(layout.INPUT))
        if notebook["nbformat"] != 4:
            raise NotebookError("its format is too old for this process", hint="Use another engine: `--on local`.")
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
    except (ValueError, KeyError, TypeError) as err:
        raise NotebookError(
            f"the notebook of this run cannot be read: {type(err).__name__}: {err}",
            hint="Open it in JupyterLab and save it again, then submit the run anew.",
        ) from err
    return notebook


def _inject(notebook: Node, values: dict[str, object]) -> None:
    """Add the cell that papermill would add, behind the first cell with the tag `parameters`, else at the top."""
    if not values:
        return
    lines = [f"{name} = {_literal(value)}" for name, value in values.items()]
    cell: Node = {
        "cell_type": "code",
        "id": "mlrun-injected",
        "metadata": {"tags": ["injected-parameters"], "mlrun_nb": {"role": "parameters", "name": INJECTED}},
        "source": "\n".join(["# Parameters", *lines]),
        "execution_count": None,
        "outputs": [],
    }
    tagged = (i for i, each in enumerate(notebook["cells"]) if "parameters" in each["metadata"].get("tags", []))
    notebook["cells"].insert(next(tagged, -1) + 1, cell)


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_literal(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return f'float("{value}")' if isinstance(value, float) and not math.isfinite(value) else repr(value)


class _Cells:
    """The loop over the cells of one attempt."""

    def __init__(self, attempt: Attempt, notebook: Node) -> None:
        self._attempt, self._recorder, self._notebook = attempt, attempt.recorder, notebook
        self._file = NotebookFile(attempt.folder, attempt.mask)
        self._meter = Meter(os.getpid())
        self._reports = {
            index: before_it_runs(index, cell) for index, cell in enumerate(notebook["cells"]) if is_executed(cell)
        }
        title = attempt.request.version.provenance.title
        self._original = Original(notebook["cells"], title, translated=shell() is not None)

    def execute(self) -> None:
        """Execute all cells; raises AttemptFailed."""
        request, places, number = self._attempt.request, self._attempt.places, self._attempt.number
        variables = run_variables(request, places=places, attempt=number, scratch=self._attempt.scratch)
        try:
            with ExitStack() as surroundings:
                surroundings.enter_context(
                    environment_of({**request.settings.environment.env, **self._attempt.secrets, **variables}, places)
                )
                surroundings.enter_context(project_modules(places.source))
                namespace = surroundings.enter_context(fresh_main())
                self._loop(CellRunner(namespace, label=f"run {request.id}"))
        finally:
            self._attempt.reports = tuple(self._reports[index] for index in sorted(self._reports))
            self._file.save(self._notebook, sync=True)

    def _loop(self, runner: CellRunner) -> None:
        early: Where | None = None
        for index in list(self._reports):
            cell, where = self._notebook["cells"][index], self._original.where(index)
            if early is None or cell_role(cell) == "save":
                early = where if self._one(cell, where, runner) and early is None else early
        if early is not None:
            skipped = sum(report.state == "pending" for report in self._reports.values())
            self._recorder.notice(f"{early.text} ended the run early; {skipped} cells after it did not run")

    def _one(self, cell: Node, where: Where, runner: CellRunner) -> bool:
        """Execute one cell and tell whether it ended the run early and well; raises AttemptFailed."""
        self._recorder.event("cell_started", {"index": where.index, "name": where.name})
        self._reports[where.index] = replace(self._reports[where.index], state="running")
        self._meter.begin()
        begin, exits, error = monotonic(), False, None
        try:
            with captured(cell["outputs"], self._recorder):
                runner.run(cell["source"], where.index)
        except SystemExit as err:
            exits = err.code in {None, 0}
            error = None if exits else self._failed(err, where, cell)
        except KeyboardInterrupt:
            error = faults.cancelled(where)
        except BaseException as err:  # noqa: BLE001  # whatever the cell raises is data
            error = self._failed(err, where, cell)
            error = None if "raises-exception" in cell["metadata"].get("tags", []) else error
        self._ended(cell, where, monotonic() - begin, error)
        return exits

    def _ended(self, cell: Node, where: Where, duration_s: float, error: RunError | None) -> None:
        usage, size = self._meter.end(), self._file.settle(where.index, cell)
        self._recorder.collect()
        report = replace(
            self._reports[where.index],
            state=faults.cell_state(error),
            duration_s=round(duration_s, 6),
            cpu_s=usage.cpu_s,
            peak_memory_bytes=usage.peak_memory_bytes,
            output_bytes=size,
        )
        self._reports[where.index] = report
        self._recorder.cell_ended(report, error)
        self._file.save(self._notebook)
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
