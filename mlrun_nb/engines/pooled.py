"""
A child of a sweep's pool as others see it, who did not start it: by its run directory, and by whether its pool lives.

A child without a result whose pool is gone has not failed: its sweep was interrupted, and goes on with it when it is
resumed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb.engines.fork_pool import CANCEL
from mlrun_nb.engines.run_directory import read_result
from mlrun_nb.model.run import Handle, Observation
from mlrun_nb.model.states import PendingPhase, RunState

WAITS = "its sweep was interrupted, and goes on with it when it is resumed"


class PooledSight:
    """One look at the child of *handle*, whose run directory is *folder*."""

    def __init__(self, handle: Handle, folder: Path) -> None:
        self._handle, self.folder = handle, folder

    def observation(self) -> Observation:
        """Return what is known of it."""
        lives = self._pool_lives()  # asked first: a child writes its result before it ends
        result = read_result(self.folder)
        if result is not None:
            return Observation.of(result)
        if lives:
            return Observation(state=RunState.RUNNING)
        return Observation(state=RunState.PENDING, phase=PendingPhase.QUEUED, reason=WAITS)

    def is_closed(self) -> bool:
        """Tell whether nothing will be written in its run directory any more."""
        return read_result(self.folder) is not None or not self._pool_lives()

    def cancel(self) -> None:
        """Leave the wish for its end, which the pool finds."""
        (self.folder / CANCEL).touch(exist_ok=True)

    def _pool_lives(self) -> bool:
        generation = self._handle.data.get("generation")
        known = dict(generation) if isinstance(generation, Mapping) else {}
        return processes.is_same_process({**self._handle.reach, **known})
