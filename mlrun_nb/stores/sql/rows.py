"""
Records to rows and back: which fields have columns of their own, and how times and JSON are written.

Times that are compared are whole microseconds since 1970 in UTC. No statement is made here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row

from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run
from mlrun_nb.stores.sql.schema import runs

Values = dict[str, object]

_COLUMNS = ("id", "sequence", "revision", "project", "function", "version", "state", "parent", "pinned")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

RUN_COLUMNS = tuple(runs.c[name] for name in (*_COLUMNS, "record"))
"""What is selected to build a run."""


def microseconds(time: datetime) -> int:
    """Return whole microseconds from 1970 to *time*."""
    return (time - _EPOCH) // _MICROSECOND


def text(record: object) -> str:
    """Return *record* as compact ASCII JSON."""
    return json.dumps(to_json(record), separators=(",", ":"), allow_nan=False)


def run_values(run: Run) -> Values:
    """Return the columns of *run* but `newest_us`, which depends on the row before."""
    record = to_json(run)
    assert isinstance(record, Mapping)
    rest = {name: value for name, value in record.items() if name not in _COLUMNS}
    return {
        **{name: getattr(run, name) for name in _COLUMNS},
        "state": run.state.value,
        "created_us": microseconds(run.created),
        "ended_us": None if run.ended is None else microseconds(run.ended),
        "record": json.dumps(rest, separators=(",", ":"), allow_nan=False),
    }


def run_from(row: Row[*tuple[object, ...]]) -> Run:
    """Return the run that *row*, of RUN_COLUMNS, stands for."""
    *columns, record = row
    assert isinstance(record, str)
    return from_json(Run, {**json.loads(record), **dict(zip(_COLUMNS, columns, strict=True))})


def version_values(version: Version, *, sequence: int, runs: int) -> Values:
    """Return the columns of *version*."""
    return {
        "sequence": sequence,
        "project": version.project,
        "function": version.function,
        "hash": version.hash,
        "code_hash": version.code_hash,
        "cell_digest": version.cell_digest,
        "notebook": version.provenance.notebook,
        "description": version.description,
        "created": version.created.isoformat(),
        "runs": runs,
        "record": text(version),
    }
