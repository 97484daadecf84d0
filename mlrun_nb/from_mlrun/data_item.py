"""MLRun's `DataItem`: an input before it is read, which the function reads as it likes."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.artifacts.loading import load_reference
from mlrun_nb.artifacts.remote import exists, fetch
from mlrun_nb.artifacts.saving import pack
from mlrun_nb.errors import UsageError
from mlrun_nb.from_mlrun.absent import refuse_member
from mlrun_nb.model.artifact import InputReference
from mlrun_nb.runner import inside

_NO_VALUE = object()
_MLRUN_ONLY = ("store:", "v3io:", "ds:", "hub:")
"""Addresses that only MLRun's servers can follow."""
_READERS = {"csv": "read_csv", "tsv": "read_csv", "parquet": "read_parquet", "pq": "read_parquet", "json": "read_json"}


class DataItem:
    """The input *key*: what lies at *url*, or *value* where it was read already. `url` is empty for a value alone."""

    def __init__(self, key: str = "", url: str = "", value: object = _NO_VALUE) -> None:
        if url.startswith(_MLRUN_ONLY):
            raise UsageError(
                f"`{url}` is an address that MLRun's server follows",
                hint="Give the path or URL of the file itself, as MLRun shows it as `target_path`.",
            )
        self.key, self.url = key, url
        self._value = value
        self._path: Path | None = None

    @property
    def suffix(self) -> str:
        """The suffix of the file, `.csv`."""
        return PurePosixPath(urlsplit(self.url).path if self.url else self.local()).suffix

    @property
    def kind(self) -> str:
        """The scheme of the URL, `file` for a path."""
        return urlsplit(self.url).scheme or "file"

    @property
    def artifact_url(self) -> str:
        """The URL."""
        return self.url

    @property
    def meta(self) -> None:
        """What MLRun's server would know of it: nothing, as of a file by its path."""
        return

    def as_df(
        self,
        columns: Sequence[str] | None = None,
        df_module: object = None,  # noqa: ARG002  # MLRun's signature
        format: str = "",  # noqa: A002  # MLRun's signature
        **how: Any,  # noqa: ANN401  # of any type
    ) -> Any:  # noqa: ANN401  # a table of pandas, which may not be here
        """Return the table; *how* goes to the reader of pandas, `format` is csv, tsv, parquet or json."""
        import pandas as pd

        if isinstance(self._value, pd.DataFrame) and not how:
            return self._value.copy() if columns is None else self._value[list(columns)].copy()
        path = self.local()
        name = format or Path(path.removesuffix(".gz")).suffix.lstrip(".")
        if name not in _READERS:
            raise UsageError(
                f"input `{self.key or self.url}` cannot be read as a table by its suffix `{name}`",
                hint=f"Say which of {', '.join(_READERS)} it is, as in `as_df(format='csv')`.",
            )
        if name == "tsv":
            how.setdefault("sep", "\t")
        table = getattr(pd, _READERS[name])(path, **how)
        return table if columns is None else table[list(columns)]

    def get(self, size: int | None = None, offset: int = 0, encoding: str | None = None) -> bytes | str:
        """Return the bytes of the file, *size* of them from *offset* on, or its text where an *encoding* is given."""
        with Path(self.local()).open("rb") as file:
            file.seek(offset)
            data = file.read(-1 if size is None else size)
        return data.decode(encoding) if encoding else data

    def local(self) -> str:
        """Return the path of the file on this machine; what lies elsewhere is copied here once."""
        if self._path is None:
            self._path = self._fetched()
        return str(self._path)

    def download(self, target_path: str) -> None:
        """Copy the file to *target_path*."""
        shutil.copyfile(self.local(), target_path)

    def open(self, mode: str = "rb") -> IO[Any]:
        """Open the file."""
        return Path(self.local()).open(mode)  # closed by who asked for it

    def ls(self) -> list[str]:
        """Return the names of what is in the folder."""
        return sorted(each.name for each in Path(self.local()).iterdir())

    listdir = ls

    def exists(self) -> bool:
        """Tell whether there is a file or folder, or a value."""
        if not self.url:
            return True
        path = local_path(self.url)
        return exists(self.url) if path is None else path.exists()

    def show(self, format: str | None = None) -> None:  # noqa: A002, ARG002  # MLRun's signature
        """Print it: a table or text as it is, of anything else its URL."""
        value = self.value()
        sys.stdout.write(f"{self.url if isinstance(value, Path) else value}\n")

    def value(self) -> Any:  # noqa: ANN401  # a value of any type
        """Return what a cell of ours would get: a table for csv, data for json, the path for other suffixes."""
        if self._value is _NO_VALUE:
            self._value = load_reference(InputReference(uri=self.url))
        return self._value

    def _fetched(self) -> Path:
        path = local_path(self.url) if self.url else None
        if path is None and isinstance(self._value, Path):
            path = self._value
        if path is not None:
            if not path.exists():
                raise UsageError(
                    f"input `{self.key or self.url}`: there is no file `{path}`",
                    hint=f"Give the right path, as in `--input {self.key}=PATH`."
                    if self.key
                    else "Give the right path; one in a parameter begins at the folder in which the run works.",
                )
            return path
        folder = Path(tempfile.mkdtemp(prefix="mlrun-nb-item-"))
        if not self.url:
            return folder / pack(self._value, folder, self.key or "value")[1].file
        target = folder / (PurePosixPath(urlsplit(self.url).path).name or "item")
        fetch(self.url, target)
        return target

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"DataItem({self.key or self.url!r})"

    def __getattr__(self, name: str) -> object:
        raise refuse_member(self, name)


def mlrun_item(value: object, name: str = "") -> DataItem | None:
    """
    Return *value* as MLRun's `DataItem`: a text is a path or URL, None stays None.

    Where *name* is an input of the run, the item also knows the file that the value was read from.
    """
    if value is None or isinstance(value, DataItem):
        return value
    url = inside.input_uri(name) if name else ""
    if url:
        return DataItem(name, url, value)
    return DataItem(name, str(value)) if isinstance(value, str | Path) else DataItem(name, value=value)


def mlrun_value(value: object) -> object:
    """Return what lies at the path or URL *value*, read by its suffix; None stays None."""
    item = mlrun_item(value)
    return None if item is None else item.value()
