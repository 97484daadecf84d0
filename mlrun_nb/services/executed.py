"""The executed notebook of a run, for a reader who trusts nothing in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.run import Run
from mlrun_nb.runner import layout


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutedNotebook:
    """An nbformat 4 notebook as plain data, when it was written last and how many bytes it has."""

    content: dict[str, Any]
    modified: datetime
    size: int


def executed_path(run: Run) -> Path:
    """Return where the executed notebook of *run* lies, which need not be there yet."""
    return Path(run.run_directory, layout.OUTPUT)


def read_executed(run: Run) -> ExecutedNotebook:
    """
    Return the executed notebook of *run* as it is now, outputs as they are and no cell marked as trusted.

    Raises NotFoundError where there is none that can be read.
    """
    path = executed_path(run)
    try:
        data = path.read_bytes()
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        content = _joined(json.loads(data, parse_constant=str))
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as err:
        raise _no_notebook(run) from err
    for cell in content["cells"]:
        cell["metadata"].pop("trusted", None)
    return ExecutedNotebook(content=content, modified=modified, size=len(data))


def _joined(content: object) -> dict[str, Any]:
    """Return *content* with each text in one piece, as editors hold it; files keep a list of its lines."""
    from nbformat import from_dict
    from nbformat.v4.rwbase import rejoin_lines

    notebook: dict[str, Any] = rejoin_lines(from_dict(content))
    return notebook


def _no_notebook(run: Run) -> NotFoundError:
    hint = "A run writes it after its first cell." if not run.state.is_final else "Its log may say what happened."
    return NotFoundError(f"run `{run.id[:6]}` has no executed notebook", hint=hint)
