"""
Statements about single runs and what they left, each on a connection whose transaction the store holds.

Lists are in `listing`, changes in `recording`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, literal_column, select, text

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.stores import changes, lookup
from mlrun_nb.stores.sql import schema
from mlrun_nb.stores.sql.counting import count
from mlrun_nb.stores.sql.revision import count_change
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, metric_from, microseconds, run_from

_R = schema.runs.c

# Built once: building a statement costs SQLAlchemy more than executing it costs SQLite.
_OPEN = text(f"runs.{schema.IS_OPEN}")  # spelt as in the index of open runs
_FIND = select(*RUN_COLUMNS).where(_R.id == bindparam("run"))
_FIND_OPEN_CHILD = select(*RUN_COLUMNS).where(_R.parent == bindparam("of_parent"), _OPEN).limit(1)
_DELETE = [delete(schema.runs).where(column == bindparam("run")) for column in (_R.parent, _R.id)]
_F, _NEWER = schema.functions.c, schema.runs.alias("newer").c
_LAST = select(*RUN_COLUMNS).where(
    _R.sequence.in_(
        select(
            select(func.max(_NEWER.sequence))
            .where(_NEWER.project == _F.project, _NEWER.function == _F.name, _NEWER.parent.is_(None))
            .scalar_subquery()
        ).where(_F.project == bindparam("in_project"), _F.name.in_(bindparam("of_functions", expanding=True)))
    )
)


def find(connection: Connection, run: RunId) -> Run | None:
    """Return the run with exactly this id."""
    row = connection.execute(_FIND, {"run": run}).first()
    return None if row is None else run_from(row)


def get(connection: Connection, reference: str, *, project: str | None) -> Run:
    """Return the run by id or unique prefix; raises NotFoundError."""
    prefix = lookup.run_prefix(reference)
    statement = select(_R.id).where(_R.id >= prefix, _R.id < lookup.after_prefix(prefix)).order_by(_R.id).limit(100)
    if project is not None:
        statement = statement.where(_R.project == project)
    ids = [RunId(found) for found in connection.execute(statement).scalars()]
    found = find(connection, lookup.one_run(reference, ids, project=project))
    if found is None:  # deleted between the two statements
        raise lookup.no_run(reference, project=project)
    return found


def opened(connection: Connection, project: str | None, *, lost_since: datetime | None) -> Sequence[Run]:
    """Return runs of which more may be heard, oldest first; an index has only these, whatever their project."""
    mine = select(*RUN_COLUMNS)
    if project is not None:
        mine = mine.where(_R.project == project)
    statements = [mine.where(_OPEN)]
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
    """Delete ended, unpinned runs with all that hangs on them, children too; returns how many went, without those."""
    found = (find(connection, run) for run in dict.fromkeys(ids))
    gone = [run for run in found if run is not None and changes.may_delete(run, _open_children(connection, run.id))]
    if not gone:
        return 0
    count_change(connection)
    for statement in _DELETE:
        connection.execute(statement, [{"run": run.id} for run in gone])
    count(connection, gone=gone)
    return len(gone)


def _open_children(connection: Connection, parent: RunId) -> Iterator[Run]:
    return map(run_from, connection.execute(_FIND_OPEN_CHILD, {"of_parent": parent}))
