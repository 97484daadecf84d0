"""
The table of a sweep: a row for each child with its parameters and results, as an artifact of the parent.

Parquet where pyarrow is installed, else CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run

NAME = "children"
_WORD = 2**63


def rows(children: Iterable[Run]) -> list[dict[str, Json]]:
    """Return a row for each of *children*, in the order of their numbers."""
    found: list[dict[str, Json]] = [
        {
            "number": run.number,
            "run": run.id,
            "state": run.state.value,
            "pruned": run.pruned,
            "duration_s": run.duration_s,
            **{f"param.{name}": value for name, value in run.parameters.items()},
            **{f"result.{name}": value for name, value in run.results.items()},
        }
        for run in children
    ]
    return sorted(found, key=_number)


def _number(row: Mapping[str, Json]) -> int:
    number = row["number"]
    return number if isinstance(number, int) else 0


def save_table(folder: Folder, table: Sequence[Mapping[str, Json]]) -> Artifact:
    """Keep *table* in *folder* and return its record; raises ArtifactError."""
    names = list(dict.fromkeys(name for row in table for name in row))
    if find_spec("pyarrow") is not None:
        kind, file, media, data = "parquet", f"{NAME}.parquet", "application/vnd.apache.parquet", _parquet(table, names)
    else:
        kind, file, media, data = "file", f"{NAME}.csv", "text/csv", _csv(table, names)
    folder.write(file, data)
    return Artifact(
        name=NAME,
        kind=kind,
        uri=folder.url_of(file),
        size=len(data),
        digest=digest_bytes(data),
        type=_table_type() if kind == "parquet" else "",
        media_type=media,
        metadata={"rows": len(table), "columns": len(names)},
    )


def _table_type() -> str:
    """Return as what the table is loaded: pandas' where that is installed."""
    return "pandas.core.frame.DataFrame" if find_spec("pandas") is not None else "pyarrow.lib.Table"


def _csv(table: Sequence[Mapping[str, Json]], names: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode("utf-8", "replace")


def _parquet(table: Sequence[Mapping[str, Json]], names: Sequence[str]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    columns = {name: _column([row.get(name) for row in table]) for name in names}
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def _column(values: list[Json]) -> list[Json]:
    """Return *values* as one type: numbers as numbers; mixtures, nested values and integers beyond 64 bits as text."""
    kinds = {type(value) for value in values if value is not None}
    is_wide = any(isinstance(value, int) and not -_WORD <= value < _WORD for value in values)
    if kinds == {int, float} and not is_wide:
        return [float(value) if isinstance(value, int | float) else None for value in values]
    if len(kinds) <= 1 and not kinds & {list, dict, tuple} and not is_wide:
        return values
    return [None if value is None else str(value) for value in values]
