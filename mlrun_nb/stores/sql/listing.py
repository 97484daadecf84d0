"""
Pages of runs, newest first, at the price of the page and not of the store; children of sweeps are in none of them.

A question becomes *seeks*: ranges of one index each, in which sequence rises, so that each stops after a page's worth
of keys; the keys are merged and only the page's rows are read. The index is chosen here, not by the planner, because
SQLite plans without statistics: a condition that must not attract an index is written as `coalesce(column, '')`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select, union, union_all

from mlrun_nb._lib.ids import ALPHABET, LENGTH, is_id_prefix, normalize_id
from mlrun_nb.model.query import Page, RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.stores import lookup
from mlrun_nb.stores.sql.begun_labels import begins, begun_labels
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, microseconds, run_from
from mlrun_nb.stores.sql.schema import counts, labels, runs

_R = runs.c
_SEEKS = 100
"""Seeks in one statement; SQLite merges at most 500."""

Rows = Select[*tuple[Any, ...]]  # SQLAlchemy's own type of a statement whose columns are known at run time only
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seek:
    """
    Where one seek goes, beside what the query itself says; `prefix` begins run ids, `label` is a key and its value.

    The query's text begins a label's value: of the key `begun`, or, where it `walks` along all runs, of any.
    """

    project: str | None = None
    function: str | None = None
    state: str | None = None
    prefix: str = ""
    label: tuple[str, str] | None = None
    begun: str = ""
    walks: bool = False


def page(connection: Connection, query: RunQuery) -> Page[Run]:
    """Return the page that *query*, which is not for children, asks for."""
    lookup.cursor_value(query.cursor)  # also where nothing is to be found, one that no page gave is refused
    limit = lookup.page_limit(query.limit)
    found = {row.sequence: row for part in statements(connection, query) for row in connection.execute(part)}
    newest = sorted(found, reverse=True)
    items = tuple(run_from(found[sequence]) for sequence in newest[:limit])
    return Page(items=items, cursor=str(items[-1].sequence) if len(newest) > limit else None)


def statements(connection: Connection, query: RunQuery) -> Sequence[Rows]:
    """Return statements that together find the page and one run more; public for whoever wants to see their plans."""
    first = _first_since(connection, query)
    if first is None:
        return ()
    seeks = _seeks(connection, query)
    return [_merged(seeks[start : start + _SEEKS], query, first=first) for start in range(0, len(seeks), _SEEKS)]


def _first_since(connection: Connection, query: RunQuery) -> int | None:
    """Return a sequence below which no run is as young as `query.since`; None when no run at all is."""
    if query.since is None:
        return 0
    young = select(_R.sequence).where(_R.newest_us >= microseconds(query.since))
    return connection.execute(young.order_by(_R.newest_us, _R.sequence).limit(1)).scalar()


def _seeks(connection: Connection, query: RunQuery) -> list[_Seek]:
    named = (query.functions and not query.labels) or query.version
    text = query.text.strip()
    places = _places(connection, query)
    if text:
        prefix = normalize_id(text)
        by_name = _by_state([place for place in places if str(place[1]).startswith(text)], query)
        projects = sorted({project for project, _ in places})
        return [
            *_by_id(prefix, projects),
            *by_name,
            *(seek for project in projects for seek in _by_label(connection, project, text)),
        ]
    return _by_state(places if named else sorted({(project, None) for project, _ in places}), query)


def _by_id(prefix: str, projects: Sequence[str]) -> Sequence[_Seek]:
    """Return seeks for the ids that begin with *prefix*; every 32nd does with a letter: walk along the runs."""
    if len(prefix) > LENGTH or not set(ALPHABET).issuperset(prefix):
        return ()
    return [_Seek(prefix=prefix)] if len(prefix) > 1 else [_Seek(project=each, prefix=prefix) for each in projects]


def _by_label(connection: Connection, project: str, text: str) -> Iterator[_Seek]:
    """Yield a seek for each label whose value begins with *text*; where there are too many, others that find all."""
    found = begun_labels(connection, project, text)
    yield from (_Seek(project=project, label=label) for label in found.labels)
    yield from (_Seek(project=project, begun=key) for key in found.keys)
    if found.walks:
        yield _Seek(project=project, walks=True)


def _by_state(places: Sequence[tuple[str, str | None]], query: RunQuery) -> list[_Seek]:
    """Return a seek for each place, and for each wanted state where an index knows states."""
    split = query.states and not query.labels and not query.version
    states = sorted({state.value for state in query.states}) if split else [None]
    return [_Seek(project=project, function=name, state=state) for project, name in places for state in states]


def _places(connection: Connection, query: RunQuery) -> list[tuple[str, str | None]]:
    """Return projects and functions that have runs, as far as *query* allows them; read from the kept counts."""
    if query.project and query.functions and not query.text.strip():
        return [(query.project, function) for function in dict.fromkeys(query.functions)]
    if query.project and not (query.text.strip() or query.version):
        return [(query.project, None)]
    statement = select(counts.c.project, counts.c.function).distinct()
    if query.project is not None:
        statement = statement.where(counts.c.project == query.project)
    if query.functions:
        statement = statement.where(counts.c.function.in_(query.functions))
    return [(project, function) for project, function in connection.execute(statement)]


def _merged(seeks: Sequence[_Seek], query: RunQuery, *, first: int) -> Rows:
    limit = lookup.page_limit(query.limit) + 1
    parts = [_keys(seek, query, first=first).limit(limit).subquery() for seek in seeks]
    keys = select(parts[0].c.sequence)
    if len(parts) > 1:
        merge = union if query.text else union_all  # id and name of a function may both begin with the text
        merged = merge(*(select(part.c.sequence) for part in parts)).subquery()
        keys = select(merged.c.sequence).order_by(merged.c.sequence.desc()).limit(limit)
    return select(*RUN_COLUMNS).where(_R.sequence.in_(keys)).order_by(_R.sequence.desc())


def _keys(seek: _Seek, query: RunQuery, *, first: int) -> Select[tuple[int]]:
    """Return the sequences that one seek finds, newest first."""
    conditions = [*_equalities(seek, query), *_times(query)]
    sequence: ColumnElement[int] = _R.sequence
    statement, tested = select(_R.sequence), list(query.labels)
    if len(seek.prefix) > 1:
        sequence = _R.sequence + 0  # few ids: sort them rather than walk along all runs
        conditions += [_R.id >= seek.prefix, _R.id < lookup.after_prefix(seek.prefix)]
    elif seek.prefix:
        conditions.append(func.substr(_R.id, 1, 1) == seek.prefix)
    elif seek.begun:
        sequence = labels.c.sequence + 0  # few rows: sort them
        conditions += [labels.c.project == seek.project, labels.c.key == seek.begun]
        conditions.append(begins(labels.c.value, query.text.strip()))
        statement = select(labels.c.sequence).join(runs)
    elif (query.labels or seek.label) and not seek.walks:
        sequence = labels.c.sequence
        (key, value), *tested = [*([seek.label] if seek.label else []), *query.labels]
        conditions += [labels.c.project == seek.project, labels.c.key == key, labels.c.value == value]
        statement = select(labels.c.sequence).join(runs)
    conditions += [_has_label(key, value) for key, value in tested]
    if seek.walks:
        conditions.append(_has_begun_label(query.text.strip()))
    below = lookup.cursor_value(query.cursor)
    if below is not None:
        conditions.append(sequence < below)
    if first:
        conditions.append(sequence >= first)
    return statement.where(*conditions).order_by(sequence.desc())


def _equalities(seek: _Seek, query: RunQuery) -> Iterator[Condition]:
    if seek.walks or len(seek.prefix) == 1:
        seekable = {"project"}
    elif seek.prefix or seek.label or seek.begun or query.labels:
        seekable = set()
    else:
        seekable = {"project", "function", "version" if query.version else "state"}
    wanted = {
        "project": seek.project or query.project,
        "function": seek.function or (query.functions[0] if len(query.functions) == 1 else None),
        "version": query.version,
        "state": seek.state,
    }
    if seekable:
        yield _R.parent.is_(None)
    elif not is_id_prefix(seek.prefix):
        yield func.coalesce(_R.parent, "") == ""
    for name, value in wanted.items():
        if value is not None:
            yield (_R[name] if name in seekable else func.coalesce(_R[name], "")) == value
    if seek.function is None and len(query.functions) > 1:
        yield func.coalesce(_R.function, "").in_(query.functions)
    if seek.state is None and query.states:
        yield func.coalesce(_R.state, "").in_([state.value for state in query.states])


def _times(query: RunQuery) -> Iterator[Condition]:
    if query.since is not None:
        yield _R.created_us >= microseconds(query.since)
    if query.until is not None:
        yield _R.created_us < microseconds(query.until)


def _has_begun_label(text: str) -> Condition:
    label = labels.alias()
    return exists().where(label.c.sequence == _R.sequence, func.substr(label.c.value, 1, len(text)) == text)


def _has_label(key: str, value: str) -> Condition:
    label = labels.alias()
    same = and_(label.c.project == _R.project, label.c.key == key, label.c.value == value)
    return exists().where(same, label.c.sequence == _R.sequence)
