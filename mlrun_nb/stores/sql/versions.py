"""
Statements about versions, tags and functions, each on a connection whose transaction the store holds.

Nothing here begins or ends a transaction, and nothing here writes about runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, delete, func, insert, select, update

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.function import Function, Version, VersionHash, VersionInfo
from mlrun_nb.model.query import Page
from mlrun_nb.stores import lookup
from mlrun_nb.stores.sql import schema
from mlrun_nb.stores.sql.revision import count_change, next_change
from mlrun_nb.stores.sql.rows import version_values

_V = schema.versions.c
_COUNT_RUN = (
    update(schema.versions)
    .where(_V.project == bindparam("in_project"), _V.function == bindparam("of_function"))
    .where(_V.hash == bindparam("with_hash"))
    .values(runs=_V.runs + bindparam("by"))
)


def save(connection: Connection, version: Version, names: Sequence[str], *, at: datetime) -> bool:
    """Record *version* if it is new and move the tags *names* to it; returns whether it was new."""
    place = (version.project, version.function)
    known = select(_V.sequence).where(_of(schema.versions, *place), _V.hash == version.hash)
    is_new = connection.execute(known).first() is None
    present = _tags(connection, *place)
    moved = [name for name in dict.fromkeys(names) if present.get(name) != version.hash]
    if not is_new and not moved:
        return False
    number = next_change(connection)
    if is_new:
        runs = connection.execute(select(func.count()).where(_runs_of(*place, version.hash))).scalar_one()
        connection.execute(insert(schema.versions).values(version_values(version, sequence=number, runs=runs)))
    if moved:
        tag = schema.tags.c.tag
        connection.execute(delete(schema.tags).where(_of(schema.tags, *place), tag.in_(moved)))
        row = {"project": version.project, "function": version.function, "hash": version.hash}
        connection.execute(insert(schema.tags), [row | {"tag": name} for name in moved])
    _summarise(connection, *place, at=at)
    return is_new


def get(connection: Connection, project: str, function: str, reference: str) -> Version:
    """Return the version behind a tag or a hash prefix; raises NotFoundError."""
    tags = _tags(connection, project, function)
    mine = _of(schema.versions, project, function)
    if reference in tags:
        digest = tags[reference]
    else:
        _require(connection, project, function)
        hashes: Sequence[str] = ()
        if lookup.is_hash_prefix(reference):
            hashes = (
                connection.execute(select(_V.hash).where(mine, _V.hash.startswith(reference)).order_by(_V.sequence))
                .scalars()
                .all()
            )
        digest = lookup.one_version(function, reference, [VersionHash(text) for text in hashes], tags=tags)
    record = connection.execute(select(_V.record).where(mine, _V.hash == digest)).scalar_one()
    return from_json(Version, json.loads(record))


def page(connection: Connection, project: str, function: str, *, limit: int, cursor: str | None) -> Page[VersionInfo]:
    """Return one page of versions, last registered first; raises NotFoundError for an unknown function."""
    _require(connection, project, function)
    below, limit = lookup.cursor_value(cursor), lookup.page_limit(limit)
    columns = (_V.sequence, _V.hash, _V.code_hash, _V.cell_digest, _V.notebook, _V.created, _V.runs)
    statement = (
        select(*columns).where(_of(schema.versions, project, function)).order_by(_V.sequence.desc()).limit(limit + 1)
    )
    if below is not None:
        statement = statement.where(_V.sequence < below)
    rows = connection.execute(statement).all()
    tags = _tags(connection, project, function)
    infos = tuple(
        VersionInfo(
            project=project,
            function=function,
            hash=VersionHash(row.hash),
            code_hash=row.code_hash,
            cell_digest=row.cell_digest,
            notebook=row.notebook,
            created=datetime.fromisoformat(row.created),
            tags=tuple(sorted(tag for tag, digest in tags.items() if digest == row.hash)),
            runs=row.runs,
        )
        for row in rows[:limit]
    )
    return Page(items=infos, cursor=str(rows[limit - 1].sequence) if len(rows) > limit else None)


def functions(connection: Connection, project: str) -> Sequence[Function]:
    """Return all functions of *project* by name."""
    f, c = schema.functions.c, schema.counts.c
    counted = connection.execute(select(c.function, func.sum(c.runs)).where(c.project == project).group_by(c.function))
    runs = {name: int(number) for name, number in counted}
    latest = and_(_V.project == f.project, _V.function == f.name, _V.hash == f.latest)
    columns = (f.name, f.latest, f.versions, f.updated, _V.description, _V.notebook, _V.cell_digest)
    statement = select(*columns).join_from(schema.functions, schema.versions, latest)
    found = (
        Function(
            project=project,
            name=row.name,
            description=row.description,
            notebook=row.notebook,
            latest=VersionHash(row.latest),
            cell_digest=row.cell_digest,
            versions=row.versions,
            runs=runs.get(row.name, 0),
            updated=datetime.fromisoformat(row.updated),
        )
        for row in connection.execute(statement.where(f.project == project))
    )
    return tuple(sorted(found, key=lambda function: function.name))


def delete_unused(connection: Connection, project: str, function: str, hashes: Iterable[VersionHash]) -> int:
    """Delete those of *hashes* that have neither tag nor run; returns how many went."""
    tagged = set(_tags(connection, project, function).values())
    loose = [digest for digest in dict.fromkeys(hashes) if digest not in tagged]
    mine = _of(schema.versions, project, function)
    statements = (delete(schema.versions).where(mine, _V.hash == digest, _V.runs == 0) for digest in loose)
    gone = sum(connection.execute(statement).rowcount for statement in statements)
    if gone:
        count_change(connection)
        _summarise(connection, project, function, at=None)
    return gone


def count_runs(connection: Connection, project: str, function: str, digest: str, *, by: int) -> None:
    """Add *by* to the number of runs that a version has, if the version is recorded."""
    connection.execute(_COUNT_RUN, {"in_project": project, "of_function": function, "with_hash": digest, "by": by})


def _summarise(connection: Connection, project: str, function: str, *, at: datetime | None) -> None:
    """Write the function's row anew from its versions and tags; without *at* its time stays."""
    f = schema.functions.c
    mine = and_(f.project == project, f.name == function)
    newest = select(_V.hash).where(_of(schema.versions, project, function)).order_by(_V.sequence.desc()).limit(1)
    last = connection.execute(newest).scalar()
    updated = connection.execute(select(f.updated).where(mine)).scalar() if at is None else at.isoformat()
    connection.execute(delete(schema.functions).where(mine))
    if last is None:
        return
    number = select(func.count()).where(_of(schema.versions, project, function)).scalar_subquery()
    latest = _tags(connection, project, function).get("latest", last)
    values = {"project": project, "name": function, "latest": latest, "versions": number, "updated": updated}
    connection.execute(insert(schema.functions).values(values))


def _require(connection: Connection, project: str, function: str) -> None:
    f = schema.functions.c
    if connection.execute(select(f.name).where(f.project == project, f.name == function)).first() is None:
        names = connection.execute(select(f.name).where(f.project == project)).scalars()
        raise lookup.no_function(project, function, names)


def _tags(connection: Connection, project: str, function: str) -> Mapping[str, str]:
    statement = select(schema.tags.c.tag, schema.tags.c.hash).where(_of(schema.tags, project, function))
    return {row.tag: row.hash for row in connection.execute(statement)}


def _of(table: FromClause, project: str, function: str) -> ColumnElement[bool]:
    return and_(table.c.project == project, table.c.function == function)


def _runs_of(project: str, function: str, digest: str) -> ColumnElement[bool]:
    """Runs that lists know of, found by their index; children go with their parent, which is of their version."""
    return and_(_of(schema.runs, project, function), schema.runs.c.version == digest, schema.runs.c.parent.is_(None))
