"""What an engine must do, and what it may offer beside that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mlrun_nb._lib.records import Json
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineTraits:
    """What the services may ask of an engine instead of asking for its name."""

    outlives_client: bool
    """A submitted run goes on when the process that submitted it ends."""
    remote: bool
    """Runs see another file system than the submitting process."""
    batches: bool = False
    """One `submit` of many requests costs less than many of one."""
    enforces: frozenset[str] = frozenset()
    """Names of the options that it enforces; `check` reports the others."""
    limits: str = ""
    """How it keeps limits, where that depends on the machine: a sentence for `doctor`."""


class Engine(Protocol):
    """
    Where runs are started. It never touches a store, and it holds no state that a restart would lose.

    The request is already written to the run directory when `submit` is called. Methods may be called from several
    threads. `EngineUnavailable` means that asking later may help; a run that failed is data, never an exception.
    """

    name: str
    traits: EngineTraits

    def check(self, request: RunRequest) -> list[Notice]:
        """Return what would not be enforced; raises EngineRejected for what cannot work. Changes, starts nothing."""
        ...

    def render(self, request: RunRequest) -> str:
        """Return what `submit` would send, as text that a person can read and use: a command line, a manifest."""
        ...

    def prepare(self, request: RunRequest) -> RunRequest:
        """
        Return *request* with what only this engine knows, such as an environment made for its requirements.

        May take minutes; an engine with nothing to prepare returns what it was given. Raises EngineRejected.
        """
        ...

    def distributions(self, request: RunRequest) -> str:
        """
        Return the digest of what a prepared *request* would find installed; empty where that is known once it runs.

        Starts nothing; may take a tenth of a second.
        """
        ...

    def submit(self, requests: Sequence[RunRequest]) -> Mapping[RunId, Handle]:
        """
        Hand over *requests*; idempotent per run id: a run that is there already is found, not started again.

        Returns once each run would survive the end of this process, where the engine's traits promise it.
        """
        ...

    def observe(self, handles: Sequence[Handle]) -> Mapping[RunId, Observation]:
        """
        Return at once what is known of each run; those out of reach from here are left out.

        A result record beats everything else. `lost` needs proof: not "I do not see it", but "it cannot exist any
        more".
        """
        ...

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """
        Return events and log since *cursor* (None: from the beginning), each exactly once along a chain of cursors.

        Without *log* the log is left where the cursor stands. A call returns a bounded amount; `at_end` when all is
        read and nothing more can follow.
        """
        ...

    def cancel(self, handle: Handle) -> None:
        """
        Ask for the end of a run, its whole process tree; a second time, or on an ended run, nothing happens.

        Raises EngineRejected for one that ends only together with others, until the end of all of them is wished.
        """
        ...


@runtime_checkable
class Examinable(Protocol):
    """
    What an engine may offer beside `Engine`: to look at the place where *request* would run, before anything does.

    The request is that of a run, and nothing of it is written anywhere.
    """

    def examine(self, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
        """
        Yield what is found there, in the order in which things depend on each other; never raises for what it examines.

        With *probe* something small is started there, as the run would be, and is gone again at the end.
        """
        ...

    def validate(self, request: RunRequest) -> Sequence[Notice]:
        """Have the place check what `submit` would send, and return what it warns of; raises EngineRejected."""
        ...


@runtime_checkable
class Restartable(Protocol):
    """What an engine may offer beside `Engine`: to start a run again that has ended before its time."""

    def restart(self, request: RunRequest) -> Handle:
        """Start it once more in its run directory; raises EngineRejected while it is at work, and EngineUnavailable."""
        ...


@runtime_checkable
class Findable(Protocol):
    """
    What an engine may offer beside `Engine`: to tell what an interrupted `submit` has begun, without beginning it.

    Of another engine, whose `submit` finds what is there, that is asked, and what it begins is cancelled.
    """

    def find(self, request: RunRequest) -> Handle | None:
        """Return the handle of the run of *request*, None where nothing was begun."""
        ...


@runtime_checkable
class Clustered(Protocol):
    """
    What an engine may offer beside `Engine`: clusters of ours, begun for runs where there is none, and ended when idle.

    *settings* say which; those that ask for none of ours have none. Another cluster of ours at their place is meant by
    its *name*. Raises EngineRejected and EngineUnavailable.
    """

    def cluster(self, settings: Settings) -> Cluster | None:
        """Return the cluster that runs with *settings* would go to, as it stands; None where there is none."""
        ...

    def clusters(self, settings: Settings) -> Sequence[Cluster]:
        """Return all clusters of ours at the place that *settings* mean, that of runs with them first."""
        ...

    def begin_cluster(self, settings: Settings) -> Cluster:
        """Begin it, or find it."""
        ...

    def scale_cluster(self, settings: Settings, *, name: str = "", least: int, most: int, force: bool) -> Cluster:
        """Have it between *least* and *most* workers; refuses fewer while it has runs, unless *force*."""
        ...

    def end_cluster(self, settings: Settings, *, name: str = "", force: bool) -> bool:
        """End it, and return whether there was one; refuses while it has runs, unless *force*."""
        ...
