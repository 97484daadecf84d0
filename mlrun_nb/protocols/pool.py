"""What an engine may do for sweeps: execute many children together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A child that is to be begun, for the `attempt`th time; its run directory need not exist."""

    request: RunRequest
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolTraits:
    """What the driver may ask of a pool."""

    retries: bool = False
    """It tries children again by itself."""
    whole: bool = False
    """Children that were given to it at a time are cancelled together."""


class Pool(Protocol):
    """
    Children of one sweep under way together; what they have in common is done once. Used by one thread.

    A child without a result is started again by the next process with a pool of the sweep, or found where it goes on.
    """

    traits: PoolTraits

    def room(self) -> int:
        """Return how many children it takes now; asked before each `start`."""
        ...

    def start(self, starts: Sequence[Start]) -> Mapping[RunId, Handle]:
        """Begin children, and return the handles of those that were; raises EngineError where none could be."""
        ...

    def ended(self, wait_s: float) -> Mapping[RunId, Observation]:
        """Return those that have ended since, for good or to be started anew; waits *wait_s* seconds for one."""
        ...

    def cancel(self, run: RunId) -> None:
        """Ask for the end of a child; `ended` will tell of it. A second time nothing happens."""
        ...

    def close(self) -> None:
        """End whatever does not outlive this process."""
        ...


@runtime_checkable
class Pooling(Protocol):
    """What an engine may offer beside `Engine`: to execute children of a sweep in a pool of its own."""

    def slots(self, request: RunRequest) -> int:
        """Return how many children of the sweep of *request* should be under way at once here."""
        ...

    def pool(self, request: RunRequest, *, slots: int, is_adaptive: bool) -> Pool | str:
        """
        Return a pool for children of the sweep of *request*, *slots* at once, or why they are to be submitted singly.

        Raises EngineRejected when what they share fails.
        """
        ...
