"""
Statements about single runs and what they left, each on a connection whose transaction the store holds.

Lists are in `listing`. The kept counts are changed here and nowhere else, with the row that they count.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Metric
from mlrun_nb.model.query import RunCount
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols import Ingest
from mlrun_nb.stores import changes, lookup
from mlrun_nb.stores.sql import schema, versions
from mlrun_nb.stores.sql.revision import next_change
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, microseconds, run_from, run_values, text

_R = schema.runs.c


def find(connection: Connection, run: RunId) -> Run | None:
    """Return the run with exactly this id."""
    row = connection.execute(select(*RUN_COLUMNS).where(_R.id == run)).first()
    return None if row is None else run_from(row)


def create(connection: Connection, run: Run) -> Run:
    """Record *run*; returns what is there when its id is known."""
    known = find(connection, run.id)
    if known is not None:
        return known
    new = changes.recorded(run, sequence=next_change(connection), revision=1)
    values = run_values(new)
    last = connection.execute(select(_R.newest_us).order_by(_R.sequence.desc()).limit(1)).scalar()
    newest_us = microseconds(new.created) if last is None else max(last, microseconds(new.created))
    connection.execute(insert(schema.runs).values({**values, "newest_us": newest_us}))
    _write_labels(connection, new)
    _count(connection, new, new.state, by=1)
    versions.count_run(connection, new.project, new.function, new.version, by=1)
    return new


def advance(connection: Connection, run: Run, to: Run, ingest: Ingest) -> Run | None:
    """Replace *run* by *to* if its revision still stands; else change nothing and return None."""
    new = changes.recorded(to, sequence=run.sequence, revision=run.revision + 1)
    guard = (_R.id == run.id, _R.revision == run.revision, _R.sequence == run.sequence)
    if connection.execute(update(schema.runs).where(*guard).values(run_values(new))).rowcount == 0:
        return None
    next_change(connection)
    if new.state is not run.state:
        _count(connection, new, run.state, by=-1)
        _count(connection, new, new.state, by=1)
    if new.labels != run.labels:
        connection.execute(delete(schema.labels).where(schema.labels.c.sequence == new.sequence))
        _write_labels(connection, new)
    _add_artifacts(connection, new, ingest.artifacts)
    _add_metrics(connection, new, ingest.metrics)
    return new


def get(connection: Connection, reference: str, *, project: str | None) -> Run:
    """Return the run by id or unique prefix; raises NotFoundError."""
    prefix = lookup.run_prefix(reference)
    statement = select(_R.id).where(_R.id >= prefix, _R.id < lookup.after_prefix(prefix)).order_by(_R.id).limit(100)
    if project is not None:
        statement = statement.where(_R.project == project)
    ids = [RunId(text) for text in connection.execute(statement).scalars()]
    found = find(connection, lookup.one_run(reference, ids, project=project))
    if found is None:  # deleted between the two statements
        raise lookup.no_run(reference, project=project)
    return found


def opened(connection: Connection, project: str | None, *, lost_since: datetime | None) -> Sequence[Run]:
    """Return runs of which more may be heard, oldest first."""
    live = [state.value for state in RunState if not state.is_final]
    projects = [project] if project is not None else select(schema.counts.c.project).distinct()
    states = live if lost_since is None else [*live, RunState.LOST.value]
    few = select(*RUN_COLUMNS).where(_R.project.in_(projects), _R.state.in_(states))
    statement = few.order_by(_R.sequence + 0)  # sorted, or SQLite would walk along all runs in their order
    if lost_since is not None:
        recent = or_(_R.ended_us.is_(None), _R.ended_us > microseconds(lost_since))
        statement = statement.where(or_(_R.state != RunState.LOST.value, recent))
    return tuple(run_from(row) for row in connection.execute(statement))


def counted(connection: Connection, project: str) -> Sequence[RunCount]:
    """Return the kept counts that are not 0, by function and state."""
    c = schema.counts.c
    rows = connection.execute(select(c.function, c.state, c.runs).where(c.project == project, c.runs > 0))
    return tuple(
        RunCount(function=name, state=RunState(state), runs=number) for name, state, number in sorted(map(tuple, rows))
    )


def artifacts(connection: Connection, run: RunId) -> Sequence[Artifact]:
    """Return a run's artifacts by name."""
    statement = select(schema.artifacts.c.record).join(schema.runs).where(_R.id == run)
    found = (from_json(Artifact, json.loads(record)) for record in connection.execute(statement).scalars())
    return tuple(sorted(found, key=lambda artifact: artifact.name))


def metrics(connection: Connection, run: RunId) -> Sequence[Metric]:
    """Return a run's metrics in the order in which they came."""
    m = schema.metrics.c
    statement = select(m.record).join(schema.runs).where(_R.id == run).order_by(m.position)
    return tuple(from_json(Metric, json.loads(record)) for record in connection.execute(statement).scalars())


def delete_ended(connection: Connection, ids: Iterable[RunId]) -> int:
    """Delete ended, unpinned runs with all that hangs on them; returns how many went."""
    found = (find(connection, run) for run in dict.fromkeys(ids))
    gone = [run for run in found if run is not None and changes.may_delete(run)]
    if not gone:
        return 0
    next_change(connection)
    connection.execute(delete(schema.runs).where(_R.sequence.in_([run.sequence for run in gone])))
    for (project, function, state), number in Counter((run.project, run.function, run.state) for run in gone).items():
        _add_count(connection, project, function, state, by=-number)
    for (project, function, digest), number in Counter(
        (run.project, run.function, run.version) for run in gone
    ).items():
        versions.count_run(connection, project, function, digest, by=-number)
    return len(gone)


def _count(connection: Connection, run: Run, state: RunState, *, by: int) -> None:
    _add_count(connection, run.project, run.function, state, by=by)


def _add_count(connection: Connection, project: str, function: str, state: RunState, *, by: int) -> None:
    c = schema.counts.c
    key = (c.project == project, c.function == function, c.state == state.value)
    if connection.execute(update(schema.counts).where(*key).values(runs=c.runs + by)).rowcount == 0:
        row = {"project": project, "function": function, "state": state.value, "runs": by}
        connection.execute(insert(schema.counts).values(row))


def _write_labels(connection: Connection, run: Run) -> None:
    row = {"project": run.project, "sequence": run.sequence}
    if run.labels:
        connection.execute(
            insert(schema.labels), [{**row, "key": key, "value": value} for key, value in run.labels.items()]
        )


def _add_artifacts(connection: Connection, run: Run, sent: Sequence[Artifact]) -> None:
    latest = changes.latest_artifacts(sent)
    if latest:
        a = schema.artifacts.c
        connection.execute(delete(schema.artifacts).where(a.sequence == run.sequence, a.name.in_(latest)))
        rows = [{"sequence": run.sequence, "name": name, "record": text(item)} for name, item in latest.items()]
        connection.execute(insert(schema.artifacts), rows)


def _add_metrics(connection: Connection, run: Run, sent: Sequence[Metric]) -> None:
    if not sent:
        return
    m = schema.metrics.c
    mine = m.sequence == run.sequence
    times = [microseconds(metric.time) for metric in sent]
    near = connection.execute(select(m.record).where(mine, m.time_us.between(min(times), max(times)))).scalars()
    known = {changes.metric_key(from_json(Metric, json.loads(record))) for record in near}
    fresh = changes.new_metrics(sent, known)
    last = connection.execute(select(func.max(m.position)).where(mine)).scalar()
    rows = [
        {"sequence": run.sequence, "position": position, "time_us": microseconds(metric.time), "record": text(metric)}
        for position, metric in enumerate(fresh, start=0 if last is None else last + 1)
    ]
    if rows:
        connection.execute(insert(schema.metrics), rows)
