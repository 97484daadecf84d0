"""
The kept counts: runs by function and state, and runs of each version. Children of sweeps are in none of them.

Changed in the transaction that changes the runs, so that they are exact without ever being counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select, text

from mlrun_nb.model.query import RunCount
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.sql import versions
from mlrun_nb.stores.sql.schema import counts

_ADD = text(
    "INSERT INTO counts (project, function, state, runs) VALUES (:project, :function, :state, :by)"
    " ON CONFLICT (project, function, state) DO UPDATE SET runs = counts.runs + excluded.runs"
)
"""As text: SQLAlchemy has this statement for each database apart, and it reads the same in both."""


def count(connection: Connection, *, come: Iterable[Run] = (), gone: Iterable[Run] = ()) -> None:
    """Count runs that *come* and those that are *gone*; a change of state is one of each."""
    states: Counter[tuple[str, str, str]] = Counter()
    of_versions: Counter[tuple[str, str, str]] = Counter()
    for runs, by in ((come, 1), (gone, -1)):
        for run in runs:
            if run.parent is None:
                states[run.project, run.function, run.state.value] += by
                of_versions[run.project, run.function, run.version] += by
    rows = [
        {"project": project, "function": function, "state": state, "by": by}
        for (project, function, state), by in states.items()
        if by
    ]
    if rows:
        connection.execute(_ADD, rows)
    for place, by in of_versions.items():
        if by:
            versions.count_runs(connection, *place, by=by)


def counted(connection: Connection, project: str) -> Sequence[RunCount]:
    """Return the kept counts that are not 0, by function and state."""
    c = counts.c
    rows = connection.execute(select(c.function, c.state, c.runs).where(c.project == project, c.runs > 0))
    return tuple(
        RunCount(function=name, state=RunState(state), runs=number) for name, state, number in sorted(map(tuple, rows))
    )
