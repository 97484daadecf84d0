"""
A child of a generation: one point of a sweep, executed to its end in a fork and recorded as every run.

Nothing here returns into the parent's code: the process ends with its run.
"""

from __future__ import annotations

import atexit
import copy
import os
import random
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import NoReturn, Self, TypedDict

from mlrun_nb._lib.death import die_with
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.run import CellReport, RunError, RunId, RunRequest
from mlrun_nb.runner import faults, layout
from mlrun_nb.runner.attempt import Attempt, finish
from mlrun_nb.runner.cell_code import CellRunner
from mlrun_nb.runner.cell_metadata import cell_role
from mlrun_nb.runner.cells_in_process import CellsInProcess
from mlrun_nb.runner.distributions import this_interpreter
from mlrun_nb.runner.environment import run_variables
from mlrun_nb.runner.exit_codes import exit_code
from mlrun_nb.runner.faults import AttemptFailed, Where
from mlrun_nb.runner.injection import inject
from mlrun_nb.runner.masking import Mask
from mlrun_nb.runner.measure import OwnMeter
from mlrun_nb.runner.notebook_file import Node
from mlrun_nb.runner.parameter_values import parameter_values
from mlrun_nb.runner.recorder import Recorder
from mlrun_nb.runner.source import Places, copy_source

_SAVES_EACH_S = 5.0
_SEEDING = "seed"
"""A setup cell with this word has decided on random numbers; without it each child draws its own."""


class Order(TypedDict):
    """What a driver tells of a child: who it is, its point, and where it lies."""

    run: str
    number: int
    attempt: int
    parameters: dict[str, Json]
    folder: str
    artifacts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What was done before the fork: the notebook with its first cells executed, and what they left."""

    request: RunRequest
    source: Path | None
    notebook: Node
    reports: Mapping[int, CellReport]
    runner: CellRunner
    secrets: dict[str, str]
    distributions: str
    random_state: object
    """Of Python's generator, where a setup cell has seeded; None where each child draws numbers of its own."""

    @classmethod
    def of(cls, attempt: Attempt, notebook: Node, reports: Mapping[int, CellReport], runner: CellRunner) -> Self:
        """Return what the *attempt* of the shared cells has left."""
        setups = (cell["source"] for cell in notebook["cells"] if cell_role(cell) == "setup")
        is_seeded = any(_SEEDING in source for source in setups)
        return cls(
            request=attempt.request,
            source=attempt.places.source,
            notebook=notebook,
            reports=dict(reports),
            runner=runner,
            secrets=attempt.secrets,
            distributions=attempt.distributions,
            random_state=random.getstate() if is_seeded else None,
        )


class Child:
    """A forked child as its parent sees it; `pidfd` becomes readable at its end."""

    def __init__(self, pid: int, run: str) -> None:
        self.run, self._pid = run, pid
        self.pidfd = os.pidfd_open(pid)

    def kill(self) -> None:
        """End it and all that it has started."""
        for end in (os.killpg, os.kill):  # it may not have made its group yet
            with suppress(ProcessLookupError, PermissionError):
                end(self._pid, signal.SIGKILL)

    def bury(self) -> int:
        """Return the exit status of the ended child, negative for a signal; what it left behind is ended."""
        _, status = os.waitpid(self._pid, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        os.close(self.pidfd)
        return os.waitstatus_to_exitcode(status)


def live(shared: Shared, order: Order, parent: int) -> NoReturn:
    """Execute the child's cells, write its result, and end."""
    code = 1
    try:
        _part(parent)
        code = _execute(shared, order)
        _end_quietly()
    finally:
        os._exit(code)  # nothing of the parent's is to be flushed or closed twice


def _part(parent: int) -> None:
    """Become a process of one's own that does not outlive the parent."""
    os.setpgid(0, 0)
    die_with(parent)


def _execute(shared: Shared, order: Order) -> int:
    origin = monotonic()
    request = replace(
        shared.request,
        id=RunId(order["run"]),
        parameters=order["parameters"],
        run_directory=order["folder"],
        artifacts=order["artifacts"],
        parent=shared.request.id,
        number=order["number"],
        sweep=None,
    )
    attempt = _open(shared, request, order["attempt"], origin)
    return exit_code(finish(attempt, _executed(shared, attempt, origin)))


def _open(shared: Shared, request: RunRequest, number: int, origin: float) -> Attempt:
    scratch = Path(request.run_directory)
    work = Path(request.working_directory) if request.working_directory else scratch / layout.WORK
    places = Places(spool=scratch / layout.SPOOL, source=shared.source, work=work)
    places.spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not request.working_directory:
        copy_source(shared.source, work)
    folder, mask = LocalFolder(scratch), Mask(shared.secrets.values())
    recorder = Recorder(folder, attempt=number, spool=places.spool, mask=mask, origin=origin, reserves=False)
    _take_descriptors(scratch / layout.LOG / "000000.log", is_open=not shared.secrets)
    return Attempt(
        request=request, folder=folder, number=number, scratch=scratch, places=places, secrets=shared.secrets,
        mask=mask, recorder=recorder, distributions=shared.distributions, is_durable=False,
    )  # fmt: skip


def _take_descriptors(log: Path, *, is_open: bool) -> None:
    """Let what compiled code and programs print go into the log; where there are secrets it cannot be masked."""
    output = os.open(log if is_open else os.devnull, os.O_WRONLY | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)


def _executed(shared: Shared, attempt: Attempt, origin: float) -> RunError | None:
    try:
        notebook = copy.deepcopy(shared.notebook)
        inject(notebook, parameter_values(attempt.request))
        attempt.announce("in process", this_interpreter(), notebook["cells"])
        variables = run_variables(
            attempt.request, places=attempt.places, attempt=attempt.number, scratch=attempt.scratch
        )
        os.environ.update(variables)
        os.chdir(attempt.places.work)
        _draw_own_numbers(shared)
        limit = _Limit(attempt.request.settings.policy.timeout_s, since=origin)
        cells = CellsInProcess(
            attempt,
            notebook,
            done=shared.reports,
            interrupted=limit.error,
            saves_each_s=_SAVES_EACH_S,
            meter=OwnMeter(resets=False),
        )
        cells.execute(shared.runner)
    except AttemptFailed as err:
        return err.error
    except MlrunNbError as err:
        return faults.of_error(err)
    except Exception as err:  # noqa: BLE001  # the outermost renderer of this process
        return faults.our_bug(err)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


class _Limit:
    """The wish to end and the time limit, which both arrive as a signal and interrupt the cell."""

    def __init__(self, limit_s: float | None, *, since: float) -> None:
        self._limit_s, self._is_over = limit_s, False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, self._interrupt)
        if limit_s is not None:
            signal.setitimer(signal.ITIMER_REAL, max(0.001, since + limit_s - monotonic()))

    def error(self, where: Where) -> RunError:
        """Return what the interruption of a cell comes to."""
        return faults.timed_out(where, self._limit_s or 0.0) if self._is_over else faults.cancelled(where)

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self._is_over = self._is_over or number == signal.SIGALRM
        raise KeyboardInterrupt


def _draw_own_numbers(shared: Shared) -> None:
    """Give this child random numbers of its own, unless the shared cells have seeded."""
    if shared.random_state is not None:
        random.setstate(shared.random_state)  # type: ignore[arg-type]  # the fork gave the child a new seed
        return
    if (numpy := sys.modules.get("numpy.random")) is not None:
        numpy.seed()
    if (torch := sys.modules.get("torch")) is not None:
        torch.seed()


def _end_quietly() -> None:
    """Do what an interpreter does at its end, without taking a copied process apart page by page."""
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # waits for threads that are no daemons
        atexit._run_exitfuncs()  # noqa: SLF001  # the user's exit handlers, which `os._exit` leaves out
        sys.modules["__main__"].__dict__.clear()  # files that nobody closed are flushed
