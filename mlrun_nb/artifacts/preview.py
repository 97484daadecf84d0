"""
How a file looks, from its first rows or lines: never more than a screen of it, and never by executing what is in it.

Parquet is read by pyarrow alone, csv and JSON by the standard library. What only a pickle could show is not shown.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

ROWS, COLUMNS = 50, 50
_HEAD_BYTES = 64 << 10
_LONGEST_CELL = 200
_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/svg+xml"})
_TEXTS = frozenset({"application/json", "application/yaml", "application/toml", "application/xml"})
_PICKLED = frozenset({".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".pt", ".pth"})
_JSON_BYTES = 4 << 20
"""A longer JSON file is shown as the text that it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A table, a text, a picture, or `none` and in `reason` why; `cut` when there is more of it."""

    kind: Literal["table", "text", "picture", "none"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    cut: bool = False
    reason: str = ""


def is_picture(media_type: str) -> bool:
    """Tell whether browsers draw *media_type* as a picture."""
    return media_type.partition(";")[0].strip().lower() in _PICTURES


def preview(path: Path, media_type: str, *, name: str) -> Preview:
    """
    Return how the file at *path*, called *name*, looks; what cannot be read as what it says it is is no error.
    """
    reader = _reader(PurePath(name).suffix.lower(), media_type.partition(";")[0].strip().lower())
    try:
        return reader(path)
    except ImportError as err:
        return _none(f"It needs {err.name or 'a library'}, which is not installed: `pip install 'mlrun-nb[data]'`.")
    except Exception as err:  # noqa: BLE001  # a broken or hostile file: readers raise what they like
        return _none(f"It cannot be read: {type(err).__name__}.")


def _reader(suffix: str, media_type: str) -> Callable[[Path], Preview]:
    if suffix in _PICKLED:
        return lambda _: _none("It is a pickle, which runs code when it is read.")
    if suffix in {".parquet", ".pq"} or media_type == "application/vnd.apache.parquet":
        return _parquet
    if suffix in {".csv", ".tsv"} or media_type in {"text/csv", "text/tab-separated-values"}:
        is_tabbed = suffix == ".tsv" or media_type == "text/tab-separated-values"
        return partial(_csv, delimiter="\t" if is_tabbed else ",")
    if suffix == ".json" or media_type == "application/json":
        return _json
    if media_type.startswith("text/") or media_type in _TEXTS:
        return _text
    return lambda _: _none("Nothing here can show it; it can be downloaded, and loaded in a notebook.")


def _none(reason: str) -> Preview:
    return Preview(kind="none", reason=reason)


def _text(path: Path) -> Preview:
    with path.open("rb") as file:
        data = file.read(_HEAD_BYTES + 1)
    if b"\0" in data:
        return _none("It is not text.")
    return Preview(kind="text", text=data[:_HEAD_BYTES].decode(errors="replace"), cut=len(data) > _HEAD_BYTES)


def _csv(path: Path, *, delimiter: str) -> Preview:
    with path.open("rb") as file:
        data = file.read(_HEAD_BYTES + 1)
    lines = data[:_HEAD_BYTES].decode("utf-8-sig", errors="replace").splitlines()
    is_cut = len(data) > _HEAD_BYTES
    whole = lines[:-1] if is_cut and len(lines) > 1 else lines
    parsed = list(csv.reader(whole, delimiter=delimiter))
    return _table(parsed[0] if parsed else [], parsed[1:], cut=is_cut)


def _json(path: Path) -> Preview:
    if path.stat().st_size > _JSON_BYTES:
        return _text(path)
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return _text(path)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        names = list(dict.fromkeys(str(name) for item in value[:ROWS] for name in item))
        return _table(names, [[_shown(item.get(name)) for name in names] for item in value])
    return _text(path)


def _parquet(path: Path) -> Preview:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        names = [name for name in file.schema_arrow.names if not name.startswith("__index_level_")]
        shown = names[:COLUMNS]
        batch = next(file.iter_batches(batch_size=ROWS, columns=shown), None)
        columns = [_texts(batch.column(name)) for name in shown] if batch is not None else []
        cut = file.metadata.num_rows > ROWS or len(names) > COLUMNS
    return _table(shown, list(zip(*columns, strict=True)), cut=cut)


def _texts(column: pa.Array) -> list[str]:
    """Return *column* as texts; Arrow's own, so that no value becomes an object of another library."""
    import pyarrow as pa

    try:
        return [_shown(text) for text in column.cast(pa.string()).to_pylist()]
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return [_shown(value) for value in column.to_pylist()]


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, cut: bool = False) -> Preview:
    shown = rows[:ROWS]
    width = min(COLUMNS, max([len(columns), *map(len, shown)], default=0))
    head = [*columns, *[""] * (width - len(columns))][:width]
    return Preview(
        kind="table",
        columns=tuple(_shown(name) for name in head),
        rows=tuple(tuple(_padded(row, width)) for row in shown),
        cut=cut or len(rows) > ROWS or len(columns) > COLUMNS,
    )


def _padded(row: Sequence[object], width: int) -> Iterator[str]:
    yield from (_shown(value) for value in row[:width])
    yield from [""] * (width - len(row))


def _shown(value: object) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"
