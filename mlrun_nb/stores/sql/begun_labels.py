"""
Which labels have a value that begins with a text, found by jumps from one value to the next.

There are many labels and few values. A jump is one look into the primary key (project, key, value), so that a million
runs with the same ten values cost ten looks. Where a key has very many values, such as commits, the question is how
many rows are in sight: few are sorted, among many the newest are found soon by walking.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, func, literal, select

from mlrun_nb.stores import lookup
from mlrun_nb.stores.sql.schema import labels

_KEYS, _VALUES = 32, 16
"""More than these are not looked up one by one: each costs a part of a statement."""
_ROWS = 4000
"""So many are sorted in a few milliseconds."""
_L = labels.c


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunLabels:
    """Labels one by one, `keys` with many values but few rows, and whether there are others than these."""

    labels: tuple[tuple[str, str], ...]
    keys: tuple[str, ...] = ()
    walks: bool = False


def begun_labels(connection: Connection, project: str, text: str) -> BegunLabels:
    """Return where to look for labels of *project* whose value begins with *text*."""
    keys = _jumps(connection, project, None, "", _KEYS + 1)
    found: list[tuple[str, str]] = []
    ranges: list[str] = []
    walks = len(keys) > _KEYS
    for key in keys[:_KEYS]:
        values = _jumps(connection, project, key, text, _VALUES + 1)
        if len(values) <= _VALUES or (_is_in_byte_order(connection) and not values[-1].startswith(text)):
            found += [(key, value) for value in values if value.startswith(text)]
        elif _is_in_byte_order(connection) and _is_small(connection, project, key, text):
            ranges.append(key)
        else:
            walks = True
    return BegunLabels(labels=tuple(found), keys=tuple(ranges), walks=walks)


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Return the condition that *column* begins with *text*, as a range of an index that is in byte order."""
    condition = and_(column >= text, func.substr(column, 1, len(text)) == text)
    return and_(condition, column < lookup.after_prefix(text)) if text[-1] < "\ud7ff" else condition


def _is_in_byte_order(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"  # PostgreSQL's databases have orders of their own


def _is_small(connection: Connection, project: str, key: str, text: str) -> bool:
    rows = select(literal(1)).where(_L.project == project, _L.key == key, begins(_L.value, text)).limit(_ROWS + 1)
    return connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one() <= _ROWS


def _jumps(connection: Connection, project: str, key: str | None, first: str, most: int) -> list[str]:
    """Return keys of *project*, or values of one *key* from *first* on, each once."""
    column = _L.key if key is None else _L.value

    def least(above: ColumnElement[bool]) -> ScalarSelect[str | None]:
        statement = select(func.min(column)).where(_L.project == project, above)
        return (statement.where(_L.key == key) if key is not None else statement).scalar_subquery()

    steps = select(least(column >= first).label("at")).cte("steps", recursive=True)
    steps = steps.union_all(select(least(column > steps.c.at)).where(steps.c.at.is_not(None)))
    return [text for text in connection.execute(select(steps.c.at).limit(most)).scalars() if text is not None]
