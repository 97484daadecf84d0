"""
A store of a million runs, made through the product's own schema; made once, kept in pytest's cache.

Spread as a busy year of one person would leave it: most runs succeeded, few failed, a handful is open; one function of
twenty has a rare state that only its oldest runs are in. Where asked for, the newest of these runs are sweeps, and
their children lie on top: no list shows them, and they are in the way of whoever walks along the newest rows.
"""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Row, create_engine, insert, select, update

from mlrun_nb._lib.ids import ALPHABET
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import migrate
from mlrun_nb.stores.sql import schema
from mlrun_nb.stores.sql.rows import RUN_COLUMNS, Values, run_from, run_values
from mlrun_nb.testing.records import NOON, make_run

RUNS = 1_000_000
CHILDREN = 10_000
FUNCTIONS = 20
_STATES = {RunState.SUCCEEDED: 90.0, RunState.FAILED: 7.0, RunState.CANCELLED: 2.0, RunState.CACHED: 1.0}
_BATCH = 20_000
_NEWEST = select(schema.runs).order_by(schema.runs.c.sequence.desc())


def million_store(path: Path, *, count: int = RUNS, sweeps: int = 0) -> Path:
    """
    Make the store of *count* runs at *path* unless it is there; a million take about a minute and a gigabyte.

    Above them are ten thousand children of each of the newest *sweeps* of them.
    """
    if path.exists():
        return path
    temporary = path.with_suffix(".making")
    for left in path.parent.glob(f"{temporary.name}*"):
        left.unlink()
    migrate(f"sqlite:///{temporary}")
    engine = create_engine(f"sqlite:///{temporary}")
    indexes = sorted(schema.runs.indexes, key=lambda index: str(index.name))
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
        tally: Counter[tuple[str, str]] = Counter()
        rows = _rows(random.Random(1), count)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(insert(schema.runs), batch)
            labels = [label for row in batch for label in _labels(row)]
            connection.execute(insert(schema.labels), labels)
            tally.update((str(row["function"]), str(row["state"])) for row in batch)
        counted = [
            {"project": "demo", "function": name, "state": state, "runs": n} for (name, state), n in tally.items()
        ]
        connection.execute(insert(schema.counts), counted)
        for number, parent in enumerate(connection.execute(_NEWEST.limit(sweeps)).all()):
            connection.execute(insert(schema.runs), list(_children(parent, count + CHILDREN * number + 1)))
        connection.execute(update(schema.changes).values(number=count + sweeps * CHILDREN))
        for index in indexes:
            index.create(connection)
    engine.dispose()
    with closing(sqlite3.connect(temporary)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return temporary.rename(path)


def _rows(chance: random.Random, count: int) -> Iterator[Values]:
    """Give rows as `run_values` makes them; one record serves for all, with a number of its own in each."""
    sample = make_run(
        state=RunState.SUCCEEDED,
        parameters={"lr": 0.125, "epochs": 50, "kind": "adam"},
        results={"accuracy": 0.875, "loss": 0.25},
        labels={"team": "team-7"},
        ended=NOON + timedelta(seconds=20),
    )
    values = run_values(sample)
    start, record = int(str(values["created_us"])), str(values["record"])
    for sequence in range(1, count + 1):
        function, created_us = chance.randrange(FUNCTIONS), start + 30_000_000 * sequence
        yield values | {
            "sequence": sequence,
            "id": "".join(chance.choices(ALPHABET, k=12)),
            "revision": 3,
            "function": f"function_{function:02}",
            "state": _state(chance, count - sequence, sequence, function).value,
            "created_us": created_us,
            "newest_us": created_us,
            "ended_us": created_us + 20_000_000,
            "record": record.replace("0.875", str(chance.random())),
        }


def _children(parent: Row[*tuple[Any, ...]], first: int) -> Iterator[Values]:
    """Give rows of children of *parent* from the sequence *first* on; the last few are open."""
    chance = random.Random(first)
    run = run_from(tuple(getattr(parent, column.name) for column in RUN_COLUMNS))
    for number in range(CHILDREN):
        child = replace(
            run,
            id=RunId("".join(chance.choices(ALPHABET, k=12))),
            sequence=first + number,
            parent=run.id,
            number=number,
            parameters={"lr": chance.random(), "depth": chance.randrange(20)},
            results={"accuracy": chance.random()},
            state=_state(chance, 2 * (CHILDREN - number), first, 0),
        )
        yield {**run_values(child), "newest_us": parent.newest_us}


def _state(chance: random.Random, left: int, sequence: int, function: int) -> RunState:
    if function == 7 and sequence < 20_000:
        return RunState.LOST
    if left < 8:
        return RunState.RUNNING
    return chance.choices(list(_STATES), list(_STATES.values()))[0]


def _labels(row: Values) -> Iterator[Values]:
    sequence = int(str(row["sequence"]))
    named = {"team": f"team-{sequence % 50}"} | ({"paper": "figure-3"} if sequence % 20_000 == 0 else {})
    for key, value in named.items():
        yield {"project": "demo", "key": key, "value": value, "sequence": sequence}
