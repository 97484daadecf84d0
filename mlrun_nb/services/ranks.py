"""
Logs of replicas. That of rank 0 is the run's own; those of the others lie beside it in the run directory.

They come home when somebody looks at the run, as its own does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.engines.run_directory import read_chunk
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.run import Run
from mlrun_nb.services.resubmit import read_request

FOLDER = "ranks"


class RankLog:
    """The log of replica *rank* of *run*, each byte once; raises NotFoundError for a rank that there is none of."""

    def __init__(self, run: Run, rank: int) -> None:
        count = replicas(run)
        if rank >= count:
            raise NotFoundError(
                f"run {run.id} has no replica {rank}",
                hint=f"Its ranks are 0 to {count - 1}." if count > 1 else "It is alone: leave `--rank` out.",
            )
        self._folder = Path(run.run_directory, FOLDER, str(rank))
        self._cursor: Json = None

    def new(self) -> Iterator[bytes]:
        """Yield what has come home since the last call, in pieces."""
        while True:
            chunk = read_chunk(self._folder, self._cursor, log=True, closed=False)
            self._cursor = chunk.cursor
            if not chunk.log:
                return
            yield chunk.log


def replicas(run: Run) -> int:
    """Return how many copies of *run* work side by side."""
    request = read_request(run)
    return (request.settings.placement.replicas or 1) if request is not None else 1
