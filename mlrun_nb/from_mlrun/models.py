"""Functions of `mlrun.artifacts`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlrun_nb.errors import UsageError
from mlrun_nb.from_mlrun.data_item import DataItem


def get_model(model_dir: object, suffix: str = "") -> tuple[str, None, dict[str, Any]]:
    """
    Return the path of a model's file, None for what MLRun knows of it, and no further items.

    *model_dir* is an item, a path or a URL, of the file or of the folder with it. Raises UsageError for a folder with
    no file of that *suffix*.
    """
    item = model_dir if isinstance(model_dir, DataItem) else DataItem(url=str(model_dir))
    path = Path(item.local())
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.is_file() and each.name.endswith(suffix))
        if not found:
            raise UsageError(
                f"there is no model in `{path}` whose name ends in `{suffix}`", hint="Give the path of its file."
            )
        path = found[0]
    return str(path), None, {}
