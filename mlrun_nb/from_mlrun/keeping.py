"""How what MLRun's code logs becomes a result, a metric or an artifact of the run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mlrun_nb.errors import UsageError
from mlrun_nb.runner import inside

_SUFFIXES = {str: ".txt", bytes: ".bin"}


def keep_result(key: str, value: object) -> None:
    """Keep *value* as the result *key*; what is no scalar, as lists and tables are not, as an artifact."""
    try:
        inside.log_result(key, value)
    except UsageError:
        inside.log_artifact(value, key)


def keep_body(key: str, body: object, name: str = "") -> str:
    """
    Keep *body* as the artifact *key* and return where it lies, empty outside a run.

    A text or bytes become a file with the suffix of *name*, which may be `report.html` or `html` alone.
    """
    if not isinstance(body, str | bytes):
        return _place(inside.log_artifact(body, key))
    suffix = Path(name).suffix or (f".{name}" if name and name.isalnum() else _SUFFIXES[type(body)])
    with tempfile.TemporaryDirectory(prefix="mlrun-nb-body-") as folder:
        file = Path(folder) / f"body{suffix}"
        file.write_bytes(body.encode() if isinstance(body, str) else body)
        return _place(inside.log_artifact(file, key))


def keep_file(key: str, path: Path) -> str:
    """Keep the file or folder *path* as the artifact *key* and return where it lies; raises UsageError for none."""
    if not path.exists():
        raise UsageError(
            f"`{key}` cannot be logged: there is no file or folder `{path}`",
            hint="Write it first, or log a value: `context.log_artifact(key, body=value)`.",
        )
    return _place(inside.log_artifact(path, key))


def _place(artifact: object) -> str:
    return str(getattr(artifact, "uri", ""))
