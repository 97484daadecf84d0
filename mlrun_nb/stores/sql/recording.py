"""
Changes of runs, one or many in one transaction, on a connection whose transaction the store holds.

The transaction is alone in writing. So what is there is asked once, what each change comes to is decided here, and
every kind of statement is sent once for all of them: a hundred runs cost hardly more round trips than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from mlrun_nb.model.change import RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.stores import changes
from mlrun_nb.stores.sql import schema
from mlrun_nb.stores.sql.counting import count
from mlrun_nb.stores.sql.revision import count_change
from mlrun_nb.stores.sql.rows import Values, as_text, metric_from, microseconds, run_from_values, run_values
from mlrun_nb.stores.sql.runs import find

# Built once: building a statement costs SQLAlchemy more than executing it costs SQLite.
_R, _M = schema.runs.c, schema.metrics.c
_MARKS = select(_R.id, _R.sequence, _R.revision).where(_R.id.in_(bindparam("ids", expanding=True)))
_NEWEST_US = select(_R.newest_us).order_by(_R.sequence.desc()).limit(1).scalar_subquery()
_LAST = select(schema.changes.c.number, _NEWEST_US.label("newest_us"))
_INSERT = insert(schema.runs)
_CHANGING = ("revision", "state", "pinned", "ended_us", "record")
_REPLACE = (
    update(schema.runs)
    .where(_R.sequence == bindparam("at_sequence"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_FORGET_LABELS = delete(schema.labels).where(schema.labels.c.sequence == bindparam("of"))
_INSERT_LABELS = insert(schema.labels)
_PUT_ARTIFACTS = text(
    "INSERT INTO artifacts (sequence, name, record) VALUES (:sequence, :name, :record)"
    " ON CONFLICT (sequence, name) DO UPDATE SET record = excluded.record"
)
_LAST_METRICS = (
    select(_M.sequence, func.max(_M.position))
    .where(_M.sequence.in_(bindparam("of", expanding=True)))
    .group_by(_M.sequence)
)
_NEAR_METRICS = select(_M.record).where(
    _M.sequence == bindparam("of"), _M.time_us.between(bindparam("first_us"), bindparam("last_us"))
)
_INSERT_METRICS = insert(schema.metrics)
_ASKED_AT_ONCE = 500  # databases bound the number of values in a statement


@dataclass(slots=True, kw_only=True)
class _Batch:
    """What the changes come to, decided in their order and not written yet."""

    number: int
    """The last sequence that was given."""
    newest_us: int | None
    known: dict[RunId, tuple[int, int]]
    """Sequence and revision of each run that is there."""
    runs: dict[RunId, Run] = field(default_factory=dict)
    """The runs that were changed, as they are now."""
    created: list[Values] = field(default_factory=list)
    replaced: list[Values] = field(default_factory=list)
    written: list[tuple[RunChange, Run]] = field(default_factory=list)

    def create(self, change: RunChange) -> Run:
        """Take in a run that is new."""
        self.number += 1
        values = run_values(replace(change.to, sequence=self.number, revision=1))
        created_us = microseconds(change.to.created)
        self.newest_us = created_us if self.newest_us is None else max(self.newest_us, created_us)
        self.created.append({**values, "newest_us": self.newest_us})
        return self._take(change, values)

    def replace(self, change: RunChange, before: Run) -> Run | None:
        """Take in what a run is to be, unless it is no longer as it was *before*."""
        if self.known.get(before.id) != (before.sequence, before.revision):
            return None
        values = run_values(replace(change.to, revision=before.revision + 1))
        self.replaced.append({"at_sequence": before.sequence, **{name: values[name] for name in _CHANGING}})
        return self._take(change, values)

    def _take(self, change: RunChange, values: Values) -> Run:
        run = run_from_values(values)
        self.known[run.id] = run.sequence, run.revision
        self.runs[run.id] = run
        self.written.append((change, run))
        return run


def write(connection: Connection, wanted: Sequence[RunChange]) -> list[Run | None]:
    """Record *wanted*, which may change what they change, and return what each comes to."""
    batch = _begin(connection, wanted)
    answers = [_decide(connection, batch, change) for change in wanted]
    if not batch.written:
        return answers
    count_change(connection, by=max(1, len(batch.created)))
    for statement, rows in ((_INSERT, batch.created), (_REPLACE, batch.replaced)):
        if rows:
            connection.execute(statement, rows)
    _write_counts(connection, batch)
    _write_labels(connection, batch)
    _write_artifacts(connection, batch)
    _write_metrics(connection, batch)
    return answers


def _begin(connection: Connection, wanted: Sequence[RunChange]) -> _Batch:
    ids = list(dict.fromkeys(change.to.id for change in wanted))
    known = {
        RunId(row.id): (row.sequence, row.revision)
        for start in range(0, len(ids), _ASKED_AT_ONCE)
        for row in connection.execute(_MARKS, {"ids": ids[start : start + _ASKED_AT_ONCE]})
    }
    if all(change.before is not None for change in wanted):
        return _Batch(number=0, newest_us=None, known=known)
    last = connection.execute(_LAST).one()
    return _Batch(number=last.number, newest_us=last.newest_us, known=known)


def _decide(connection: Connection, batch: _Batch, change: RunChange) -> Run | None:
    if change.before is not None:
        return batch.replace(change, change.before)
    if change.to.id in batch.known:
        return batch.runs.get(change.to.id) or find(connection, change.to.id)
    return batch.create(change)


def _write_counts(connection: Connection, batch: _Batch) -> None:
    moved = [(change.before, run) for change, run in batch.written if change.before is None or _is_moved(change)]
    if moved:
        gone = (before for before, _ in moved if before is not None)
        count(connection, come=(run for _, run in moved), gone=gone)


def _is_moved(change: RunChange) -> bool:
    return change.before is not None and change.before.state is not change.to.state


def _write_labels(connection: Connection, batch: _Batch) -> None:
    """Write the labels of runs that lists can find by them; those of children stand in their records only."""
    listed = [(change.before, run) for change, run in batch.written if run.parent is None]
    changed = {run.id for before, run in listed if before is not None and before.labels != run.labels}
    if changed:
        connection.execute(_FORGET_LABELS, [{"of": batch.runs[run_id].sequence} for run_id in changed])
    named = changed | {run.id for before, run in listed if before is None}
    rows = [
        {"project": run.project, "sequence": run.sequence, "key": key, "value": value}
        for run in (batch.runs[run_id] for run_id in named)
        for key, value in run.labels.items()
    ]
    if rows:
        connection.execute(_INSERT_LABELS, rows)


def _write_artifacts(connection: Connection, batch: _Batch) -> None:
    rows = [
        {"sequence": run.sequence, "name": name, "record": as_text(artifact)}
        for change, run in batch.written
        for name, artifact in changes.latest_artifacts(change.ingest.artifacts).items()
    ]
    if rows:
        connection.execute(_PUT_ARTIFACTS, rows)


def _write_metrics(connection: Connection, batch: _Batch) -> None:
    sent: dict[int, list[Metric]] = {}
    for change, run in batch.written:
        if change.ingest.metrics:
            sent.setdefault(run.sequence, []).extend(change.ingest.metrics)
    if not sent:
        return
    last = _last_positions(connection, list(sent))
    rows = [row for of, metrics in sent.items() for row in _metric_rows(connection, of, metrics, last.get(of))]
    if rows:
        connection.execute(_INSERT_METRICS, rows)


def _last_positions(connection: Connection, sequences: Sequence[int]) -> dict[int, int]:
    parts = (sequences[start : start + _ASKED_AT_ONCE] for start in range(0, len(sequences), _ASKED_AT_ONCE))
    return {row[0]: row[1] for part in parts for row in connection.execute(_LAST_METRICS, {"of": part})}


def _metric_rows(connection: Connection, of: int, sent: Sequence[Metric], last: int | None) -> Iterator[Values]:
    """Yield rows for those points of *sent* that are not there; *last* is the position of the last one that is."""
    times = [microseconds(metric.time) for metric in sent]
    near: Iterable[str] = ()
    if last is not None:
        near = connection.execute(_NEAR_METRICS, {"of": of, "first_us": min(times), "last_us": max(times)}).scalars()
    known = {changes.metric_key(metric_from(record)) for record in near}
    for position, metric in enumerate(changes.new_metrics(sent, known), start=0 if last is None else last + 1):
        time_us = microseconds(metric.time)
        yield {"sequence": of, "position": position, "time_us": time_us, "record": as_text(metric)}
