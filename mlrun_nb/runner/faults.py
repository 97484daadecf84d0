"""
What went wrong, in the words of the result record: class, whose move it is, one line, and the thing to do.

All `RunError`s of the runner are made here, so that they read alike. Cells are named as in the notebook that the
function came from; `tracebacks` does the same for frames.
"""

from __future__ import annotations

import errno
import re
import signal
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from mlrun_nb._lib.shell import quoted
from mlrun_nb._lib.terminal import without_orders
from mlrun_nb.errors import ArtifactError, MlrunNbError
from mlrun_nb.model.function import HUB
from mlrun_nb.model.run import CellReport, CellState, Fault, RunError, RunId

_LONGEST = 500
"""Characters of a summary: an exception may say a megabyte in one line."""


class AttemptFailed(Exception):
    """Ends an attempt; carries what the result record will say."""

    def __init__(self, error: RunError) -> None:
        super().__init__(error.summary)
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A cell of the executed notebook. `place` is where people find it, `is_original` if it is theirs to change."""

    index: int
    name: str
    place: str
    is_original: bool

    @classmethod
    def of(cls, report: CellReport, notebook: str) -> Self:
        """Return where the cell of *report* is, in words; *notebook* is what messages call the original."""
        if report.count is not None:
            return cls(index=report.index, name=report.name, place=f"cell [{report.count}]", is_original=True)
        origin = report.origin if report.origin is not None or report.role is not None else report.index
        place = (
            f"cell {origin + 1}{f' of {notebook}' if notebook else ''}" if origin is not None else "the generated cell"
        )
        is_original = origin is not None and not notebook.startswith(HUB)
        return cls(index=report.index, name=report.name, place=place, is_original=is_original)

    @property
    def text(self) -> str:
        """How messages call it."""
        return f"{self.place} (`{self.name}`)" if self.name else self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An exception of user code, with the user's own frames."""

    ename: str
    evalue: str
    traceback: str = ""


def cell_failed(where: Where, raised: Raised) -> RunError:
    """Return what a cell's exception comes to."""
    first = next(iter(raised.evalue.splitlines()), "")
    fault: Fault = "resources" if raised.ename == "MemoryError" else "user"
    return RunError(
        cls="OutOfMemory" if fault == "resources" else "CellFailed",
        fault=fault,
        summary=_short(f"{where.text} raised `{raised.ename}`{': ' if first else ''}{first}"),
        hint=_hint(raised, where),
        cell=where.index,
        cell_name=where.name,
        ename=raised.ename,
        evalue=raised.evalue,
        traceback=raised.traceback,
    )


def _short(summary: str) -> str:
    return summary if len(summary) <= _LONGEST else f"{summary[: _LONGEST - 1]}…"


def _hint(raised: Raised, where: Where) -> str:
    module = re.search(r"No module named '([^'.]+)", raised.evalue)
    if raised.ename in {"ModuleNotFoundError", "ImportError"} and module:
        return f"Add `--requirement {module[1]}` to the cell, or install it where the run executes."
    if raised.ename == "MemoryError":
        return "Ask for more with `--memory`, or let the cell hold less at a time."
    if raised.ename == "KilledWorker":
        return "Give each worker more with `--dask-worker-memory`, or let a task hold less; the run's log says more."
    if raised.ename == "FileNotFoundError":
        return "Let the file travel with `--file PATH`, or give its absolute path as a parameter."
    ours = re.search(r"^hint: (.+)$", raised.traceback, re.MULTILINE)
    if ours:
        return ours[1]
    if not where.is_original:
        return "Read the traceback, correct what it shows and run it again."
    return f"{'Read the traceback, correct' if raised.traceback else 'Correct'} {where.text} and run it again."


def plain(text: str) -> str:
    """Return *text* without colours and other orders to a terminal."""
    return without_orders(text, colours=False)


def kernel_died(where: Where | None, status: int | None, tail: Sequence[str]) -> RunError:
    """Return what the end of the kernel's process comes to; *where* is None between cells."""
    place = f"while executing {where.text}" if where else "between two cells"
    killed = status == -signal.SIGKILL
    return RunError(
        cls="OutOfMemory" if killed else "KernelDied",
        fault="resources",
        summary=f"the kernel died {place}: {_status(status)}",
        hint="Most likely memory ran out: ask for more with `--memory`, or let the cell hold less at a time."
        if killed
        else "Look at the end of the log: a crash of a compiled library, `os._exit` or `exit()` end a kernel so.",
        cell=where.index if where else None,
        cell_name=where.name if where else "",
        traceback="\n".join(tail),
    )


def _status(status: int | None) -> str:
    if status is None or status >= 0:
        return "no exit status" if status is None else f"exit status {status}"
    names = {number.value: number.name for number in signal.Signals}
    text = names.get(-status, f"signal {-status}")
    return f"{text} (most likely out of memory)" if -status == signal.SIGKILL else text


def timed_out(where: Where | None, limit_s: float) -> RunError:
    """Return what the attempt's time limit comes to."""
    place = f"in {where.text}" if where else "before its first cell"
    return RunError(
        cls="Timeout",
        fault="timeout",
        summary=f"the run had not ended after {limit_s:g} s and was stopped {place}",
        hint=f"Give it more time with `--timeout {max(1, round(2 * limit_s))}s`, or let it do less.",
        cell=where.index if where else None,
        cell_name=where.name if where else "",
    )


def cancelled(where: Where | None) -> RunError:
    """Return what a signal comes to."""
    place = f"in {where.text}" if where else "before its first cell"
    return RunError(
        cls="Cancelled",
        fault="cancelled",
        summary=f"the run was cancelled {place}",
        hint="Run it again with `mlrun-nb rerun` when it is wanted.",
        cell=where.index if where else None,
        cell_name=where.name if where else "",
    )


def sweep_cancelled(run: RunId, *, done: int, total: int | None) -> RunError:
    """Return what a signal to the driver of the sweep *run* comes to, of whose children *done* had ended."""
    of = f"{done:,} of {total:,}" if total is not None else f"{done:,}"
    return RunError(
        cls="Cancelled",
        fault="cancelled",
        summary=f"the sweep was cancelled when {of} children had ended",
        hint=f"Let it go on: `mlrun-nb sweep resume {run[:6]}`.",
    )


def cell_state(error: RunError | None) -> CellState:
    """Return how a cell ended that left *error*, or none."""
    if error is None:
        return "succeeded"
    return "cancelled" if error.fault == "cancelled" else "failed"


def ended_too_early(where: Where, left: Sequence[str]) -> RunError:
    """Return what a cell comes to that ended the kernel while outputs were still to be saved."""
    return RunError(
        cls="CellFailed",
        fault="user",
        summary=f"{where.text} ended the kernel before the outputs were saved ({', '.join(left)} did not run)",
        hint="End early with `raise SystemExit(0)`, which keeps the kernel, instead of `exit()` or `quit()`.",
        cell=where.index,
        cell_name=where.name,
    )


def kernel_missing(name: str, installed: Sequence[str], *, language: str = "") -> RunError:
    """Return what a kernel, of the notebook's *language*, that is not installed comes to."""
    if language.lower() in {"", "python", "ipython"}:
        install = (
            f"Run `python -m ipykernel install --user --name {quoted(name)}` in the environment that it stands for"
        )
    else:
        install = f"Install a kernel for {language} under this name (`jupyter kernelspec list` shows those there)"
    known = f"installed: {', '.join(f'`{each}`' for each in installed)}" if installed else "none is installed"
    return RunError(
        cls="KernelMissing",
        fault="environment",
        summary=f"the kernel `{name}` that the notebook names is not installed here; {known}",
        hint=f"{install}, or choose an installed kernel in the notebook.",
    )


def kernel_broken(name: str, file: str) -> RunError:
    """Return what a kernel comes to whose `kernel.json` says nothing that could be started."""
    return RunError(
        cls="KernelMissing",
        fault="environment",
        summary=f"the kernel `{name}` cannot be used: `{file}` gives no command to start it",
        hint="Install the kernel again, or choose another one in the notebook.",
    )


def ipykernel_missing(python: str) -> RunError:
    """Return what a Python without a kernel comes to."""
    return RunError(
        cls="KernelMissing",
        fault="environment",
        summary=f"no Python notebook can be executed here: `ipykernel` is not installed for `{python}`",
        hint=f"Run `{quoted(python)} -m pip install ipykernel`.",
    )


def kernel_elsewhere(name: str, provisioner: str) -> RunError:
    """Return what a kernel comes to that another program starts somewhere else."""
    return RunError(
        cls="KernelMissing",
        fault="environment",
        summary=f"the kernel `{name}` is started by the provisioner `{provisioner}`, which runs do not use",
        hint="Choose an ordinary kernel in the notebook; where a run executes is said by `--on`.",
    )


def kernel_cannot_start(name: str, error: OSError) -> RunError:
    """Return what a kernel comes to whose program the system refuses to start."""
    return RunError(
        cls="KernelDidNotStart",
        fault="environment",
        summary=f"the kernel `{name}` cannot be started: {error.strerror or error}: `{error.filename}`",
        hint="Install the kernel again (`jupyter kernelspec list` shows where it is), or choose another one in the "
        "notebook.",
    )


def kernel_did_not_start(name: str, status: int | None, tail: Sequence[str]) -> RunError:
    """Return what a kernel comes to whose process ended, or said nothing, before the first cell."""
    said = tail[-1] if tail else "it wrote nothing"
    how = "did not answer in time" if status is None else f"ended with {_status(status)}"
    return RunError(
        cls="KernelDidNotStart",
        fault="environment",
        summary=_short(f"the kernel `{name}` {how} before the first cell: {said}"),
        hint=f"Try it by hand: `jupyter kernel --kernel {quoted(name)}`; `jupyter kernelspec list` shows its command.",
        traceback="\n".join(tail),
    )


def of_error(error: MlrunNbError) -> RunError:
    """Return what one of our errors outside a cell comes to."""
    cause = error.__cause__
    if isinstance(error, ArtifactError) and isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}:
        return RunError(
            cls="DiskFull",
            fault="environment",
            summary=f"no space left: {error.message}",
            hint="Free space there (`df -h`, `mlrun-nb gc`) and run it again.",
        )
    fault: Fault = "request" if error.exit_code == 2 else "environment"
    return RunError(cls=type(error).__name__, fault=fault, summary=error.message, hint=error.hint)


def our_bug(error: BaseException) -> RunError:
    """Return what an exception that nobody expected comes to."""
    return RunError(
        cls="Bug",
        fault="product",
        summary=f"BUG: the runner failed with `{type(error).__name__}`: {error}",
        hint="Please report it with `traceback` from `result.json`.",
        traceback="".join(traceback.format_exception(error)),
    )
