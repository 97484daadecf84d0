"""Files that a user names as an input: what the suffix says is what the function gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mlrun_nb.artifacts.packagers import registry
from mlrun_nb.errors import ArtifactError

_CODE = frozenset({".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".pt", ".pth"})
"""Formats that run code when they are read."""
_COMPRESSED = frozenset({".gz", ".bz2", ".xz", ".zst"})


def load_by_suffix(path: Path, uri: str) -> object:
    """
    Return the value in *path*; raises ArtifactError for suffixes of pickles.

    A table for csv, tsv and parquet, plain data for json, an array for npy, a text for txt and md, an estimator for
    skops; for every other suffix, and for a folder, the path itself.
    """
    if is_code(path.name):
        raise ArtifactError(
            f"`{uri}` is a pickle by its name, and a pickle runs code when it is read",
            hint="Name one that a run of this project has left, or convert it to parquet, npy, json or skops; a cell "
            "with a parameter `path: Path` can load what you trust.",
        )
    reader = _READERS.get(_suffix(path.name))
    return path if reader is None or path.is_dir() else reader(path)


def is_code(uri: str) -> bool:
    """Tell whether the name at the end of *uri* is that of a pickle, which runs code when it is read."""
    return _suffix(uri) in _CODE


def _suffix(name: str) -> str:
    suffixes = PurePosixPath(name).suffixes or [""]
    return suffixes[-2 if suffixes[-1] in _COMPRESSED and suffixes[1:] else -1].lower()


def _table(path: Path) -> object:
    import pandas as pd

    return pd.read_csv(path, sep="\t" if ".tsv" in path.suffixes else ",")


def _packaged(kind: str) -> Callable[[Path], object]:
    return lambda path: registry.find(kind).load(path, "")


def _json(path: Path) -> object:
    return json.loads(path.read_bytes())


def _text(path: Path) -> object:
    return path.read_text("utf-8")


_READERS: dict[str, Callable[[Path], object]] = {
    ".csv": _table,
    ".tsv": _table,
    ".parquet": _packaged("parquet"),
    ".pq": _packaged("parquet"),
    ".json": _json,
    ".npy": _packaged("npy"),
    ".skops": _packaged("skops"),
    ".txt": _text,
    ".md": _text,
}
