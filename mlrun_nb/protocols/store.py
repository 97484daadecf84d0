"""What a store must do: record versions, tags and runs, for any number of processes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.function import Function, Version, VersionHash, VersionInfo
from mlrun_nb.model.query import Page, RunCount, RunQuery
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState


class VersionStore(Protocol):
    """Where versions and their tags are recorded. A version never changes; a tag is moved in one step."""

    def save_version(self, version: Version, *, tags: Sequence[str] = ("latest",)) -> bool:
        """Record *version* if it is new, and move *tags* to it either way; returns whether it was new."""
        ...

    def get_version(self, project: str, function: str, reference: str) -> Version:
        """Return the version that *reference*, a tag or a hash prefix of at least 6, names; raises NotFoundError."""
        ...

    def versions(self, project: str, function: str, *, limit: int = 50, cursor: str | None = None) -> Page[VersionInfo]:
        """Return versions, last registered first; raises NotFoundError for a function that does not exist."""
        ...

    def functions(self, project: str) -> Sequence[Function]:
        """Return all functions of *project* by name."""
        ...

    def delete_versions(self, project: str, function: str, hashes: Iterable[VersionHash]) -> int:
        """Delete those versions that carry no tag and have no run, children aside; returns how many went."""
        ...


class RunRecords(Protocol):
    """
    Where runs are recorded. What a call returned from is durable; any number of processes may use one store.

    Order is the order of creation in this store, never a clock. A child, which has a `parent`, is of that run's project
    and version: it goes with it, and no list, count or history has it that did not ask for it.
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

    def write_runs(self, changes: Sequence[RunChange]) -> Sequence[Run | None]:
        """
        Record *changes* in one transaction, one after the other, and return what each comes to: all or none is kept.

        A change without `before` is a `create_run`, of which *ingest* is recorded if the run is new; another is an
        `advance`, None where somebody was quicker, which does not hinder the rest. Raises ValueError, and then nothing
        is recorded, when one of them is a transition outside the table.
        """
        ...

    def get_run(self, reference: str, *, project: str | None = None) -> Run:
        """Return the run by id or prefix of at least 6; NotFoundError when none, or (naming them) several, match."""
        ...

    def list_runs(self, query: RunQuery) -> Page[Run]:
        """
        Return one page, newest first, or a run's children, oldest first.

        Runs created between two pages neither repeat nor hide others.
        """
        ...

    def last_runs(self, project: str, functions: Collection[str]) -> Mapping[str, Run]:
        """Return the newest run of each of *functions* of *project*; one without run or version is left out."""
        ...

    def count_runs(self, project: str) -> Sequence[RunCount]:
        """Return the number of runs by function and state; kept counts, not a scan."""
        ...

    def count_children(self, parent: RunId) -> Mapping[RunState, int]:
        """Return the number of the children of *parent* by state, without those states that none is in."""
        ...

    def artifacts(self, run: RunId) -> Sequence[Artifact]:
        """Return a run's artifacts by name."""
        ...

    def metrics(self, run: RunId, *, since: int = 0) -> Sequence[Metric]:
        """Return a run's metrics in the order in which they were logged, without the first *since* of them."""
        ...

    def delete_runs(self, runs: Iterable[RunId]) -> int:
        """
        Delete the records of ended, unpinned runs and of their children; returns how many of *runs* went.

        A run of whose children one is open stays. Files are not its business.
        """
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
        """Return runs, children too, that have not ended or were judged `lost` after *lost_since*, oldest first."""
        ...

    def check_writable(self) -> None:
        """Raise StoreError, with the cause, where nothing can be recorded; reading may work all the same."""
        ...

    def close(self) -> None:
        """Release connections; a second time nothing happens."""
        ...
