"""
The store as dictionaries: for tests, for a notebook that wants no file, and as the plainest statement of the contract.

Everything is gone with the process. Passes the same contract suite as the SQL stores; does nothing for speed.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mlrun_nb._lib.clock import Clock, now
from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.function import Function, Version, VersionHash, VersionInfo
from mlrun_nb.model.query import Page, RunCount, RunQuery, fits
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores import changes, lookup


@dataclass(slots=True, kw_only=True)
class _Function:
    """Versions by hash in the order of their registration, each with its sequence; tags; time of the last change."""

    versions: dict[VersionHash, tuple[int, Version]] = field(default_factory=dict)
    tags: dict[str, VersionHash] = field(default_factory=dict)
    updated: datetime

    @property
    def latest(self) -> Version:
        return self.versions[self.tags.get("latest") or next(reversed(self.versions))][1]


@dataclass(slots=True, kw_only=True)
class _Record:
    """A run and what it left."""

    run: Run
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    metrics: dict[changes.MetricKey, Metric] = field(default_factory=dict)

    def ingest(self, ingest: Ingest) -> None:
        """Add what is new; all of it may have been sent before."""
        for name, artifact in changes.latest_artifacts(ingest.artifacts).items():
            self.artifacts[name] = from_json(Artifact, to_json(artifact))
        for metric in changes.new_metrics(ingest.metrics, set(self.metrics)):
            self.metrics[changes.metric_key(metric)] = from_json(Metric, to_json(metric))


class MemoryStore:
    """A `RunStore` that lives as long as this object; safe for threads."""

    def __init__(self, *, clock: Clock = now) -> None:
        self.location = "memory"
        self._clock = clock
        self._identity = secrets.token_hex(4)
        self._change = 0
        self._lock = threading.RLock()
        self._functions: dict[tuple[str, str], _Function] = {}
        self._runs: dict[RunId, _Record] = {}

    def save_version(self, version: Version, *, tags: Sequence[str] = ("latest",)) -> bool:
        """See `VersionStore`."""
        with self._lock:
            key, time = (version.project, version.function), self._clock()
            function = self._functions.get(key) or _Function(updated=time)
            is_new = version.hash not in function.versions
            if not is_new and all(function.tags.get(tag) == version.hash for tag in tags):
                return False
            self._change += 1
            if is_new:
                function.versions[version.hash] = (self._change, from_json(Version, to_json(version)))
            function.tags.update(dict.fromkeys(tags, version.hash))
            function.updated = time
            self._functions[key] = function
            return is_new

    def get_version(self, project: str, function: str, reference: str) -> Version:
        """See `VersionStore`."""
        with self._lock:
            known = self._function(project, function)
            if reference in known.tags:
                return known.versions[known.tags[reference]][1]
            found = lookup.is_hash_prefix(reference)
            hashes = [digest for digest in known.versions if found and digest.startswith(reference)]
            return known.versions[lookup.one_version(function, reference, hashes, tags=known.tags)][1]

    def versions(self, project: str, function: str, *, limit: int = 50, cursor: str | None = None) -> Page[VersionInfo]:
        """See `VersionStore`."""
        with self._lock:
            known = self._function(project, function)
            below = lookup.cursor_value(cursor)
            found = [pair for pair in reversed(known.versions.values()) if below is None or pair[0] < below]
            shown = found[: lookup.page_limit(limit)]
            infos = tuple(self._info(known, version) for _, version in shown)
            return Page(items=infos, cursor=str(shown[-1][0]) if len(found) > len(shown) else None)

    def functions(self, project: str) -> Sequence[Function]:
        """See `VersionStore`."""
        with self._lock:
            runs = Counter(run.function for run in self._listed(project))
            return tuple(
                Function(
                    project=project,
                    name=name,
                    description=known.latest.description,
                    notebook=known.latest.provenance.place,
                    latest=known.latest.hash,
                    cell_digest=known.latest.cell_digest,
                    versions=len(known.versions),
                    runs=runs[name],
                    updated=known.updated,
                )
                for (place, name), known in sorted(self._functions.items())
                if place == project
            )

    def delete_versions(self, project: str, function: str, hashes: Iterable[VersionHash]) -> int:
        """See `VersionStore`."""
        with self._lock:
            known = self._functions.get((project, function))
            if known is None:
                return 0
            used = {*known.tags.values(), *(run.version for run in self._listed(project) if run.function == function)}
            gone = {digest for digest in hashes if digest in known.versions} - used
            for digest in gone:
                del known.versions[digest]
            if not known.versions:
                del self._functions[project, function]
            self._change += bool(gone)
            return len(gone)

    def create_run(self, run: Run) -> Run:
        """See `RunRecords`."""
        (created,) = self.write_runs([RunChange(to=run)])
        assert created is not None
        return created

    def advance(self, run: Run, to: Run, ingest: Ingest = Ingest()) -> Run | None:
        """See `RunRecords`."""
        return self.write_runs([RunChange(before=run, to=to, ingest=ingest)])[0]

    def write_runs(self, wanted: Sequence[RunChange]) -> Sequence[Run | None]:
        """See `RunRecords`."""
        for change in wanted:
            changes.check(change)
        with self._lock:
            return [self._write(change) for change in wanted]

    def get_run(self, reference: str, *, project: str | None = None) -> Run:
        """See `RunRecords`."""
        prefix = lookup.run_prefix(reference)
        with self._lock:
            found = sorted(
                record.run.id
                for record in self._runs.values()
                if record.run.id.startswith(prefix) and project in {None, record.run.project}
            )
            return self._runs[lookup.one_run(reference, found, project=project)].run

    def list_runs(self, query: RunQuery) -> Page[Run]:
        """See `RunRecords`."""
        last = lookup.cursor_value(query.cursor)
        with self._lock:
            runs = [record.run for record in self._runs.values()]
        if query.parent is not None:
            rest = [run for run in runs if last is None or run.sequence > last]
        else:
            rest = [run for run in reversed(runs) if last is None or run.sequence < last]
        found = [run for run in rest if fits(run, query)]
        shown = tuple(found[: lookup.page_limit(query.limit)])
        return Page(items=shown, cursor=str(shown[-1].sequence) if len(found) > len(shown) else None)

    def last_runs(self, project: str, functions: Collection[str]) -> Mapping[str, Run]:
        """See `RunRecords`."""
        with self._lock:
            wanted = {name for name in functions if (project, name) in self._functions}
            return {run.function: run for run in self._listed(project) if run.function in wanted}

    def count_runs(self, project: str) -> Sequence[RunCount]:
        """See `RunRecords`."""
        with self._lock:
            counted = Counter((run.function, run.state) for run in self._listed(project))
        return tuple(RunCount(function=name, state=state, runs=n) for (name, state), n in sorted(counted.items()))

    def count_children(self, parent: RunId) -> Mapping[RunState, int]:
        """See `RunRecords`."""
        with self._lock:
            return Counter(run.state for run in self._children(parent))

    def artifacts(self, run: RunId) -> Sequence[Artifact]:
        """See `RunRecords`."""
        with self._lock:
            kept = self._runs[run].artifacts if run in self._runs else {}
            return tuple(kept[name] for name in sorted(kept))

    def metrics(self, run: RunId, *, since: int = 0) -> Sequence[Metric]:
        """See `RunRecords`."""
        with self._lock:
            return tuple(self._runs[run].metrics.values())[since:] if run in self._runs else ()

    def delete_runs(self, runs: Iterable[RunId]) -> int:
        """See `RunRecords`."""
        with self._lock:
            known = [self._runs[run].run for run in set(runs) if run in self._runs]
            children = {run.id: self._children(run.id) for run in known}
            gone = {run.id for run in known if changes.may_delete(run, children[run.id])}
            for run_id in gone | {child.id for parent in gone for child in children[parent]}:
                del self._runs[run_id]
            self._change += bool(gone)
            return len(gone)

    def open_runs(self, project: str | None = None, *, lost_since: datetime | None = None) -> Sequence[Run]:
        """See `RunStore`."""
        with self._lock:
            runs = [record.run for record in self._runs.values() if project in {None, record.run.project}]
        return tuple(run for run in runs if changes.is_open(run, lost_since=lost_since))

    def revision(self) -> str:
        """See `RunRecords`."""
        return f"{self._identity}-{self._change}"

    def check_writable(self) -> None:
        """See `RunStore`; memory always is."""

    def close(self) -> None:
        """Nothing to release."""

    def _write(self, change: RunChange) -> Run | None:
        run, before = change.to, change.before
        record = self._runs.get(run.id)
        if before is None and record is not None:
            return record.run
        if before is not None and (record is None or record.run.revision != before.revision):
            return None
        self._change += 1
        if record is None:
            record = self._runs[run.id] = _Record(run=changes.recorded(run, sequence=self._change, revision=1))
        elif before is not None:
            record.run = changes.recorded(run, sequence=before.sequence, revision=before.revision + 1)
        record.ingest(change.ingest)
        return record.run

    def _listed(self, project: str) -> Sequence[Run]:
        """Return the runs of *project* that lists and counts know of: all but children."""
        runs = (record.run for record in self._runs.values())
        return [run for run in runs if run.project == project and run.parent is None]

    def _children(self, parent: RunId) -> Sequence[Run]:
        return [record.run for record in self._runs.values() if record.run.parent == parent]

    def _function(self, project: str, function: str) -> _Function:
        known = self._functions.get((project, function))
        if known is None:
            raise lookup.no_function(project, function, [name for place, name in self._functions if place == project])
        return known

    def _info(self, known: _Function, version: Version) -> VersionInfo:
        place = (version.function, version.hash)
        return VersionInfo(
            project=version.project,
            function=version.function,
            hash=version.hash,
            code_hash=version.code_hash,
            cell_digest=version.cell_digest,
            notebook=version.provenance.place,
            created=version.created,
            tags=tuple(sorted(tag for tag, digest in known.tags.items() if digest == version.hash)),
            runs=sum((run.function, run.version) == place for run in self._listed(version.project)),
        )
