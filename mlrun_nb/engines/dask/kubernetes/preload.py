"""
What the scheduler of a cluster of ours executes at its start. It travels as text, to any release of Dask.

Who takes workers away asks the scheduler which, and would be given one with a run where no other is left: a run that
came a moment ago, to the worker that had been idle.
"""

from __future__ import annotations

from typing import Any

from distributed.diagnostics.plugin import SchedulerPlugin


class KeepsBusyWorkers(SchedulerPlugin):
    """Lets nobody take away a worker that has something to do."""

    name = "mlrun-nb-keeps-busy-workers"

    def valid_workers_downscaling(self, scheduler: Any, workers: list[Any]) -> list[Any]:  # noqa: ANN401, ARG002
        """Return those of *workers* that may go."""
        return [worker for worker in workers if not worker.processing]


def dask_setup(scheduler: Any) -> None:  # noqa: ANN401  # of whatever release
    """Have *scheduler* keep busy workers, and tell how many tasks it has."""
    scheduler.add_plugin(KeepsBusyWorkers())
    scheduler.handlers["mlrun_nb_tasks"] = lambda: len(scheduler.tasks)
