"""
Statements about single runs and what they left, each on a connection whose transaction the store holds.

Lists are in `listing`. The kept counts are changed here and nowhere else, with the row that they count.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, func, insert, literal_column, or_, select, update

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Metric
from mlrun_nb.model.query import RunCount
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols import Ingest
from mlrun_nb.stores import changes, lookup
from mlrun_nb.stores.sql import schema, versions
from mlrun_nb.stores.sql.revision import count_change
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, metric_from, microseconds, run_from, run_values, text

_R, _C = schema.runs.c, schema.counts.c

# What every run needs, built once: building a statement costs SQLAlchemy more than executing it costs SQLite.
_NEWER = schema.runs.alias("newer").c
_FIND = select(*RUN_COLUMNS).where(_R.id == bindparam("run"))
_NEWEST_US = select(_R.newest_us).order_by(_R.sequence.desc()).limit(1).scalar_subquery()
_KNOWN = select(_R.sequence).where(_R.id == bindparam("run")).scalar_subquery()
_BEFORE_CREATE = select(schema.changes.c.number, _NEWEST_US.label("newest_us"), _KNOWN.label("known"))
_INSERT = insert(schema.runs)
_CHANGING = ("revision", "state", "pinned", "ended_us", "record")
_REPLACE = (
    update(schema.runs)
    .where(_R.sequence == bindparam("at_sequence"), _R.id == bindparam("with_id"))
    .where(_R.revision == bindparam("at_revision"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_OF_FUNCTION = (_C.project == bindparam("in_project"), _C.function == bindparam("of_function"))
_ADD_COUNT = update(schema.counts).where(*_OF_FUNCTION, _C.state == bindparam("in_state"))
_ADD_COUNT = _ADD_COUNT.values(runs=_C.runs + bindparam("by"))
_MOVE_COUNT = (
    update(schema.counts)
    .where(*_OF_FUNCTION, or_(_C.state == bindparam("before"), _C.state == bindparam("after")))
    .values(runs=_C.runs + case((_C.state == bindparam("after"), 1), else_=-1))
)
_F = schema.functions.c
_LAST = select(*RUN_COLUMNS).where(
    _R.sequence.in_(
        select(
            select(func.max(_NEWER.sequence))
            .where(_NEWER.project == _F.project, _NEWER.function == _F.name)
            .scalar_subquery()
        ).where(_F.project == bindparam("in_project"), _F.name.in_(bindparam("of_functions", expanding=True)))
    )
)
_LAST_METRIC = select(func.max(schema.metrics.c.position)).where(schema.metrics.c.sequence == bindparam("of"))


def find(connection: Connection, run: RunId) -> Run | None:
    """Return the run with exactly this id."""
    row = connection.execute(_FIND, {"run": run}).first()
    return None if row is None else run_from(row)


def create(connection: Connection, run: Run) -> Run:
    """Record *run*; returns what is there when its id is known."""
    before = connection.execute(_BEFORE_CREATE, {"run": run.id}).one()
    if before.known is not None:
        known = find(connection, run.id)
        assert known is not None
        return known
    count_change(connection)
    new = changes.recorded(run, sequence=before.number + 1, revision=1)
    created_us = microseconds(new.created)
    newest_us = created_us if before.newest_us is None else max(before.newest_us, created_us)
    connection.execute(_INSERT, {**run_values(new), "newest_us": newest_us})
    _write_labels(connection, new)
    _add_count(connection, new.project, new.function, new.state, by=1)
    versions.count_run(connection, new.project, new.function, new.version, by=1)
    return new


def advance(connection: Connection, run: Run, to: Run, ingest: Ingest) -> Run | None:
    """Replace *run* by *to* if its revision still stands; else change nothing and return None."""
    new = changes.recorded(to, sequence=run.sequence, revision=run.revision + 1)
    guard = {"at_sequence": run.sequence, "with_id": run.id, "at_revision": run.revision}
    values = {name: value for name, value in run_values(new).items() if name in _CHANGING}
    if connection.execute(_REPLACE, values | guard).rowcount == 0:
        return None
    count_change(connection)
    if new.state is not run.state:
        _move_count(connection, run, new.state)
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
    projects = [project] if project is not None else select(schema.counts.c.project).distinct()
    mine = select(*RUN_COLUMNS).where(_R.project.in_(projects))
    statements = [mine.where(_R.state.in_([state.value for state in RunState if not state.is_final]))]
    if lost_since is not None:
        lost = mine.where(_R.state == literal_column("'lost'"))  # spelt as in the index of lost runs
        late = (_R.ended_us.is_(None), _R.ended_us > microseconds(lost_since))
        statements += [lost.where(condition) for condition in late]
    found = (run_from(row) for statement in statements for row in connection.execute(statement))
    return tuple(sorted(found, key=lambda run: run.sequence))


def last(connection: Connection, project: str, functions: Collection[str]) -> Mapping[str, Run]:
    """Return the newest run of each of *functions* of *project*: a seek for each, whatever number of runs there is."""
    if not functions:
        return {}
    rows = connection.execute(_LAST, {"in_project": project, "of_functions": sorted(functions)})
    return {run.function: run for run in map(run_from, rows)}


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


def metrics(connection: Connection, run: RunId, *, since: int) -> Sequence[Metric]:
    """Return a run's metrics in the order in which they came, from position *since* on."""
    m = schema.metrics.c
    statement = select(m.record).join(schema.runs).where(_R.id == run, m.position >= since).order_by(m.position)
    return tuple(map(metric_from, connection.execute(statement).scalars()))


def delete_ended(connection: Connection, ids: Iterable[RunId]) -> int:
    """Delete ended, unpinned runs with all that hangs on them; returns how many went."""
    found = (find(connection, run) for run in dict.fromkeys(ids))
    gone = [run for run in found if run is not None and changes.may_delete(run)]
    if not gone:
        return 0
    count_change(connection)
    connection.execute(delete(schema.runs).where(_R.sequence.in_([run.sequence for run in gone])))
    for (project, function, state), number in Counter((run.project, run.function, run.state) for run in gone).items():
        _add_count(connection, project, function, state, by=-number)
    for (project, function, digest), number in Counter(
        (run.project, run.function, run.version) for run in gone
    ).items():
        versions.count_run(connection, project, function, digest, by=-number)
    return len(gone)


def _add_count(connection: Connection, project: str, function: str, state: RunState, *, by: int) -> None:
    key = {"in_project": project, "of_function": function, "in_state": state.value}
    if connection.execute(_ADD_COUNT, key | {"by": by}).rowcount == 0:
        row = {"project": project, "function": function, "state": state.value, "runs": by}
        connection.execute(insert(schema.counts), row)


def _move_count(connection: Connection, run: Run, to: RunState) -> None:
    key = {"in_project": run.project, "of_function": run.function, "before": run.state.value, "after": to.value}
    if connection.execute(_MOVE_COUNT, key).rowcount < 2:  # the first run of its function in this state
        row = {"project": run.project, "function": run.function, "state": to.value, "runs": 1}
        connection.execute(insert(schema.counts), row)


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
    last = connection.execute(_LAST_METRIC, {"of": run.sequence}).scalar()
    known: set[changes.MetricKey] = set()
    if last is not None:
        times = [microseconds(metric.time) for metric in sent]
        near = select(m.record).where(m.sequence == run.sequence, m.time_us.between(min(times), max(times)))
        records = connection.execute(near).scalars()
        known = {changes.metric_key(metric_from(record)) for record in records}
    fresh = changes.new_metrics(sent, known)
    rows = [
        {"sequence": run.sequence, "position": position, "time_us": microseconds(metric.time), "record": text(metric)}
        for position, metric in enumerate(fresh, start=0 if last is None else last + 1)
    ]
    if rows:
        connection.execute(insert(schema.metrics), rows)
