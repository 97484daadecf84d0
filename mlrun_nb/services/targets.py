"""
What a person may write where a function is wanted: a notebook, a function in a notebook, or a recorded version.

Pure text to record; whether it exists is found out by the service that uses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb.errors import OptionError

NOTEBOOK_SUFFIXES = (".ipynb", ".py", ".md")

_STORED = re.compile(r"(?:(?P<project>[\w.-]+)/)?(?P<function>\w+)(?:(?P<mark>[:@])(?P<reference>[\w.-]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookTarget:
    """`notebook.ipynb` (the whole notebook, `function` is None) or `notebook.ipynb::train`."""

    path: Path
    function: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTarget:
    """`[project/]name[:tag|@hash]`; `reference` is `latest` where none is given."""

    function: str
    reference: str = "latest"
    project: str | None = None


def parse_target(text: str) -> NotebookTarget | StoredTarget:
    """Return what *text* names; raises OptionError for text of neither form."""
    path, separator, function = text.rpartition("::")
    if separator:
        if not path or not function.isidentifier():
            raise OptionError(f"`{text}` names no function of a notebook", hint="Write `notebook.ipynb::name`.")
        return NotebookTarget(path=Path(path), function=function)
    if text.endswith(NOTEBOOK_SUFFIXES):
        return NotebookTarget(path=Path(text))
    if text.startswith("hub://"):
        raise OptionError(
            f"`{text}` names a hub function, and no hub is configured", hint="Run a notebook or a recorded function."
        )
    match = _STORED.fullmatch(text)
    if match is None:
        raise OptionError(
            f"`{text}` names neither a notebook nor a function",
            hint="Write `notebook.ipynb`, `notebook.ipynb::name`, `name`, `name:tag` or `name@hash`.",
        )
    return StoredTarget(function=match["function"], reference=match["reference"] or "latest", project=match["project"])
