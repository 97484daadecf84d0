"""
The seams of the product: what an engine, a store and a hub source must do, and what each may rely on.

Read this file to add a backend. Each protocol's guarantees are tests in `mlrun_nb.testing`: inherit the contract suite,
give it your implementation, and it gives a verdict. Errors are those of `mlrun_nb.errors`; no foreign exception passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from mlrun_nb._lib.records import Json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Chunk, Metric
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.function import Function, Version, VersionHash, VersionInfo
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.query import Page, RunCount, RunQuery
from mlrun_nb.model.run import Handle, Observation, Run, RunId, RunRequest


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
        """
        Return what would not be enforced; raises EngineRejected for what cannot work. Changes nothing, starts nothing.
        """
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
        Return the digest of what a prepared *request* would find installed, as its result will state it.

        Empty where that is known only once it runs. Starts nothing; may take a tenth of a second.
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
        """Ask for the end of a run, its whole process tree; a second time, or on an ended run, nothing happens."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """What one look at a run adds to the store beside the run's own record; all of it may be sent twice."""

    artifacts: Sequence[Artifact] = ()
    metrics: Sequence[Metric] = ()


class VersionStore(Protocol):
    """Where versions and their tags are recorded. A version never changes; a tag is moved in one step."""

    def save_version(self, version: Version, *, tags: Sequence[str] = ("latest",)) -> bool:
        """Record *version* if it is new, and move *tags* to it either way; returns whether it was new."""
        ...

    def get_version(self, project: str, function: str, reference: str) -> Version:
        """
        Return the version that *reference*, a tag or a unique hash prefix of at least 6, names; raises NotFoundError.
        """
        ...

    def versions(self, project: str, function: str, *, limit: int = 50, cursor: str | None = None) -> Page[VersionInfo]:
        """Return versions, last registered first; raises NotFoundError for a function that does not exist."""
        ...

    def functions(self, project: str) -> Sequence[Function]:
        """Return all functions of *project* by name."""
        ...

    def delete_versions(self, project: str, function: str, hashes: Iterable[VersionHash]) -> int:
        """Delete those versions that carry no tag and have no run; returns how many went."""
        ...


class RunRecords(Protocol):
    """
    Where runs are recorded. What a call returned from is durable; any number of processes may use one store.

    Order is the order of creation in this store, never a clock.
    """

    def create_run(self, run: Run) -> Run:
        """Record *run* and return it with its sequence; a second call with the same id returns what is there."""
        ...

    def advance(self, run: Run, to: Run, ingest: Ingest = Ingest()) -> Run | None:
        """
        Replace *run* by *to* in one transaction, if nobody has changed it since *run* was read; else return None.

        *ingest* is recorded in the same transaction. Raises ValueError for a transition outside the table.
        """
        ...

    def get_run(self, reference: str, *, project: str | None = None) -> Run:
        """
        Return the run by id or unique prefix of at least 6; NotFoundError when none, or (naming them) several, match.
        """
        ...

    def list_runs(self, query: RunQuery) -> Page[Run]:
        """Return one page, newest first. Runs created between two pages neither repeat nor hide others."""
        ...

    def last_runs(self, project: str, functions: Collection[str]) -> Mapping[str, Run]:
        """Return the newest run of each of *functions* of *project*; one without run or version is left out."""
        ...

    def count_runs(self, project: str) -> Sequence[RunCount]:
        """Return the number of runs by function and state; kept counts, not a scan."""
        ...

    def artifacts(self, run: RunId) -> Sequence[Artifact]:
        """Return a run's artifacts by name."""
        ...

    def metrics(self, run: RunId, *, since: int = 0) -> Sequence[Metric]:
        """Return a run's metrics in the order in which they were logged, without the first *since* of them."""
        ...

    def delete_runs(self, runs: Iterable[RunId]) -> int:
        """Delete the records of ended, unpinned runs; returns how many went. Files are not its business."""
        ...

    def revision(self) -> str:
        """Return a token that differs after any change by any process; cheap enough to ask each second."""
        ...


class RunStore(VersionStore, RunRecords, Protocol):
    """
    The whole record: versions, tags, runs. `location` is what a person would call it, without credentials.

    Reading makes nothing: a store that is not made yet is an empty one.
    """

    location: str

    def open_runs(self, project: str | None = None, *, lost_since: datetime | None = None) -> Sequence[Run]:
        """Return runs that have not ended, and those judged `lost` after *lost_since*, oldest first."""
        ...

    def check_writable(self) -> None:
        """Raise StoreError, with the cause, where nothing can be recorded; reading may work all the same."""
        ...

    def close(self) -> None:
        """Release connections; a second time nothing happens."""
        ...
