"""
Records to rows and back: which fields have columns of their own, and how times and JSON are written.

Times that are compared are whole microseconds since 1970 in UTC. No statement is made here.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from mlrun_nb._lib.records import from_json, number_from_json, to_json
from mlrun_nb.model.events import Metric
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Handle, Progress, Run, RunError
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.stores.sql.schema import runs

Values = dict[str, object]

_COLUMNS = ("id", "sequence", "revision", "project", "function", "version", "state", "parent", "pinned")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_FIELDS = frozenset(field.name for field in dataclasses.fields(Run))
_CONVERT: dict[str, Callable[[Any], object]] = {
    "phase": PendingPhase,
    "error": partial(from_json, RunError),
    "progress": partial(from_json, Progress),
    "handle": partial(from_json, Handle),
    "sweep": partial(from_json, Sweep),
    "results": lambda values: {name: number_from_json(value) for name, value in values.items()},
    **dict.fromkeys(("cpu_s", "duration_s"), number_from_json),
    **dict.fromkeys(("created", "started", "ended", "last_seen", "cancel_requested"), datetime.fromisoformat),
}
_CONVERTED = _CONVERT.keys()

RUN_COLUMNS = tuple(runs.c[name] for name in (*_COLUMNS, "record"))
"""What is selected to build a run."""


def microseconds(time: datetime) -> int:
    """Return whole microseconds from 1970 to *time*."""
    return (time - _EPOCH) // _MICROSECOND


def as_text(record: object) -> str:
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


def run_from_values(values: Values) -> Run:
    """Return the run that was written as *values*, as reading it back gives it."""
    return run_from([*(values[name] for name in _COLUMNS), values["record"]])


def run_from(row: Sequence[Any]) -> Run:
    """
    Return the run that *row*, of RUN_COLUMNS, stands for.

    The same as `from_json` at a tenth of its cost, which would be most of a page's: the record was checked when it was
    written, so only what JSON has no form for is converted.
    """
    *columns, record = row
    fields = {name: value for name, value in json.loads(record).items() if name in _FIELDS}
    for name in _CONVERTED & fields.keys():
        if fields[name] is not None:
            fields[name] = _CONVERT[name](fields[name])
    fields.update(zip(_COLUMNS, columns, strict=True))
    fields["state"] = RunState(fields["state"])
    return Run(**fields)


def metric_from(record: str) -> Metric:
    """Return the metric that *record* stands for; the same as `from_json` at a part of its cost, as with runs."""
    fields = json.loads(record)
    return Metric(
        name=fields["name"],
        value=float(fields["value"]),  # also of the words for what is no number
        step=fields.get("step"),
        time=datetime.fromisoformat(fields["time"]),
    )


def version_values(version: Version, *, sequence: int, runs: int) -> Values:
    """Return the columns of *version*."""
    return {
        "sequence": sequence,
        "project": version.project,
        "function": version.function,
        "hash": version.hash,
        "code_hash": version.code_hash,
        "cell_digest": version.cell_digest,
        "notebook": version.provenance.place,
        "description": version.description,
        "created": version.created.isoformat(),
        "runs": runs,
        "record": as_text(version),
    }
