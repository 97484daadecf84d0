"""
Pages of the children of one run, in the order of their creation.

They are at most some ten thousand, and each is there because of its parent: what else a question asks for is tested on
each of them, but for the state, which the index of children knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from sqlalchemy import Connection, bindparam, func, select

from mlrun_nb.model.query import Page, RunQuery, fits
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores import lookup
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, run_from
from mlrun_nb.stores.sql.schema import runs

_R = runs.c
_COUNTED = select(_R.state, func.count()).where(_R.parent == bindparam("parent")).group_by(_R.state)
_OF_PARENT = (
    select(*RUN_COLUMNS).where(_R.parent == bindparam("parent"), _R.sequence > bindparam("after")).order_by(_R.sequence)
)


def page(connection: Connection, query: RunQuery) -> Page[Run]:
    """Return the page of the children of its `parent` that *query* asks for."""
    limit = lookup.page_limit(query.limit)
    found = list(islice((run for run in _children(connection, query) if fits(run, query)), limit + 1))
    items = tuple(found[:limit])
    return Page(items=items, cursor=str(items[-1].sequence) if len(found) > limit else None)


def counted(connection: Connection, parent: RunId) -> Mapping[RunState, int]:
    """Return the number of children by state; an index has all that is read."""
    return {RunState(state): number for state, number in connection.execute(_COUNTED, {"parent": parent})}


def _children(connection: Connection, query: RunQuery) -> Iterator[Run]:
    """Yield children in their order, read in portions of a page and one more."""
    portion = lookup.page_limit(query.limit) + 1
    states = sorted({state.value for state in query.states})
    statement = (_OF_PARENT.where(_R.state.in_(states)) if states else _OF_PARENT).limit(portion)
    after = lookup.cursor_value(query.cursor) or 0
    while True:
        rows = connection.execute(statement, {"parent": query.parent, "after": after}).all()
        yield from map(run_from, rows)
        if len(rows) < portion:
            return
        after = rows[-1].sequence
