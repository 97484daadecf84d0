"""Tables of pandas, polars and Arrow as Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packed, is_exactly

if TYPE_CHECKING:
    import pandas as pd

_PARQUET = "application/vnd.apache.parquet"
_PLAIN_OBJECTS = frozenset({"string", "empty", "boolean", "bytes", "date", "decimal"})
"""What pandas calls columns of objects that Arrow brings back as they were; lists and dicts are not among them."""


class Parquet:
    """A table; `load` gives it back to the library that it came from."""

    name = "parquet"

    def can_save(self, value: object) -> bool:
        """See Packager."""
        return (
            is_exactly(value, "pandas", "DataFrame", "Series")
            or is_exactly(value, "polars", "DataFrame", "Series")
            or is_exactly(value, "pyarrow", "Table")
        )

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """See Packager."""
        path = folder / f"{name}.parquet"
        library = type(value).__module__.partition(".")[0]
        try:
            rows, columns = {"pandas": _save_pandas, "polars": _save_polars, "pyarrow": _save_arrow}[library](
                value, path
            )
        except ImportError as err:
            raise CannotPack(f"{err}; `pip install pyarrow` keeps tables as Parquet") from err
        except CannotPack:
            raise
        except Exception as err:  # Arrow, pandas and polars each have errors of their own for a type they cannot hold
            path.unlink(missing_ok=True)
            raise CannotPack(f"Parquet cannot hold it: {err}") from err
        return Packed(file=path.name, media_type=_PARQUET, metadata={"rows": rows, "columns": columns})

    def load(self, path: Path, type_name: str) -> object:
        """See Packager."""
        if type_name.startswith("polars"):
            return _load_polars(path, type_name)
        if type_name.startswith("pyarrow"):
            import pyarrow.parquet

            return pyarrow.parquet.read_table(path)
        return _load_pandas(path, type_name)


def _save_pandas(value: object, path: Path) -> tuple[int, int]:
    import pandas as pd

    frame: pd.DataFrame = value  # or a Series, see can_save
    if isinstance(value, pd.Series):
        frame = value.to_frame("" if value.name is None else value.name)
    _refuse_what_changes(frame)
    frame.to_parquet(path, engine="pyarrow")
    return len(frame), len(frame.columns)


def _refuse_what_changes(frame: pd.DataFrame) -> None:
    import pandas as pd

    names = [*frame.columns, *(name for name in frame.index.names if name is not None)]
    if odd := [name for name in names if type(name) is not str]:
        raise CannotPack(f"Parquet wants texts as column names, and {odd[0]!r} is none")
    if len(set(names)) != len(names):
        raise CannotPack("Parquet wants different names for columns and index levels")
    if frame.columns.name is not None or frame.attrs:
        raise CannotPack("Parquet keeps neither `attrs` nor a name of the columns")
    for name, column in frame.items():
        held = pd.api.types.infer_dtype(column, skipna=True) if column.dtype == object else "string"
        if held not in _PLAIN_OBJECTS:
            raise CannotPack(f"Parquet would change the objects (`{held}`) in column `{name}`")


def _load_pandas(path: Path, type_name: str) -> object:
    import pandas as pd

    frame = pd.read_parquet(path, engine="pyarrow")
    if not type_name.endswith("Series"):
        return frame
    series = frame.iloc[:, 0]
    return series.rename(None) if series.name == "" else series


def _save_polars(value: object, path: Path) -> tuple[int, int]:
    import polars as pl

    frame: pl.DataFrame = value.to_frame() if isinstance(value, pl.Series) else value  # type: ignore[assignment]  # see can_save
    frame.write_parquet(path)
    return frame.shape


def _load_polars(path: Path, type_name: str) -> object:
    import polars as pl

    frame = pl.read_parquet(path)
    return frame.to_series() if type_name.endswith("Series") else frame


def _save_arrow(value: object, path: Path) -> tuple[int, int]:
    import pyarrow.parquet

    pyarrow.parquet.write_table(value, path)
    return value.num_rows, value.num_columns  # type: ignore[attr-defined]  # a pyarrow.Table, see can_save
