"""
What can be said of a local run from here and now: its result, its supervisor, its runner.

Everything is read anew for each look, in an order in which no death between two reads makes a living run look lost. A
look repairs what it finds broken: a supervisor that was killed is replaced while its runner lives, and processes that
neither survived are ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGTERM

from mlrun_nb._lib import processes
from mlrun_nb._lib.processes import Identity
from mlrun_nb.engines import supervisor_start, supervisor_view
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.engines.supervisor import cgroup, files
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.states import RunState


class Sight:
    """One look at the run of *handle*, whose run directory is *folder*, from the place *here*."""

    def __init__(self, handle: Handle, folder: Path, here: Mapping[str, str]) -> None:
        self._handle, self.folder = handle, folder
        reach = dict(handle.reach)
        self._is_here = reach == dict(here)
        self._is_restarted = reach.get("machine") == here["machine"] and reach.get("boot_id") != here["boot_id"]

    def observation(self) -> Observation | None:
        """Return what is known of the run; None when it cannot be judged from here."""
        if self._is_here:
            self._repair()
        result = read_result(self.folder)
        if result is not None and (result.state is not RunState.FAILED or self.is_over()):
            better = read_result(self.folder)  # its supervisor may have found a better reason meanwhile
            return Observation.of(better or result)
        if self._is_restarted:
            return self._gone("the machine was restarted, and the run had left no result")
        if not self._is_here:
            return None
        if self.is_closed():
            supervisor = self._supervisor() or self._handle.data
            return self._gone(f"supervisor process {supervisor.get('pid')} ended without leaving a result")
        return supervisor_view.under_way(self.folder)

    def is_closed(self) -> bool:
        """Tell whether nothing will be written in the run directory any more; then no process is left either."""
        if self._is_here:
            is_closed = not self._supervisor_lives() and not self._runner_lives()
            if is_closed:  # asked of an ended run, this may be the first look since its supervisor was killed
                self._repair()
            return is_closed
        return self._is_restarted or read_result(self.folder) is not None

    def is_over(self) -> bool:
        """Tell whether a failed attempt was the last: its supervisor says so, or nobody is left to try again."""
        state = files.read_state(str(self.folder))
        said = state is not None and state["phase"] == "ended"
        return said or self._is_restarted or (self._is_here and self.is_closed())

    def cancel(self) -> None:
        """Leave the wish for the run's end, and ring for it."""
        (self.folder / files.CANCEL).touch(exist_ok=True)
        self.wake()

    def wake(self) -> None:
        """Ring the supervisor, after replacing one that was killed while the runner lives."""
        supervisor = self._supervisor()
        if supervisor is None or processes.signal_process(supervisor, SIGTERM):
            return
        if self._is_here and self._runner_lives():
            self._adopt()

    def _repair(self) -> None:
        """Replace a supervisor that was killed, or do its last duty where the runner is dead too: leave no process."""
        state = files.read_state(str(self.folder))
        if state is None or state["phase"] == "ended" or self._supervisor_lives():
            return
        if self._runner_lives():
            self._adopt()
        elif not self._supervisor_lives():  # asked again: one may have adopted the runner between the two
            processes.end_all(lambda: processes.marked(files.MARK, self._handle.run, apart=files.SUPERVISES), grace_s=0)
            if state["cgroup"]:
                cgroup.end(state["cgroup"])
            files.remove_sockets(self._handle.run)
            ended: files.State = {**state, "phase": "ended"}
            with suppress(OSError):
                files.write_json(str(self.folder / files.STATE), ended)

    def _gone(self, proof: str) -> Observation:
        result = read_result(self.folder)  # read last: nobody is left who could write one now
        return Observation.of(result) if result is not None else Observation(state=RunState.LOST, reason=proof)

    def _adopt(self) -> None:
        with suppress(EngineUnavailable, OSError):  # the runner goes on without; the next look tries again
            supervisor_start.start(self.folder, run=self._handle.run).wait()

    def _supervisor(self) -> Identity | None:
        return files.read_supervisor(str(self.folder))

    def _supervisor_lives(self) -> bool:
        supervisor = self._supervisor()
        return supervisor is not None and processes.is_same_process(supervisor)

    def _runner_lives(self) -> bool:
        state = files.read_state(str(self.folder))
        return bool(state and state["runner"] and processes.is_same_process(state["runner"]))
