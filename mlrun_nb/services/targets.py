"""
What stands for a function where one is wanted: in a notebook, recorded, in a hub, or a cell in hand.

All but the last a person can write; whether they exist is found out by the service that uses them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import OptionError
from mlrun_nb.model.function import HUB
from mlrun_nb.notebook.cells import Cell, FunctionCell, Notebook
from mlrun_nb.notebook.unrun import Unrun

NOTEBOOK_SUFFIXES = (".ipynb", ".py", ".md")

_IN_HUB = re.compile(r"(?:(?P<source>[\w.-]+)/)?(?P<name>[\w-]+)(?:@(?P<version>[\d.]+))?")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HubTarget:
    """
    `hub://[source/]name[@version]`; an empty `source` is the first that has it, an empty `version` the newest.

    `folder` is where its runs work, None for the working directory.
    """

    name: str
    source: str = ""
    version: str = ""
    folder: Path | None = None

    @property
    def address(self) -> str:
        """How people write it."""
        source = f"{self.source}/" if self.source else ""
        return f"{HUB}{source}{self.name}{f'@{self.version}' if self.version else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTarget:
    """
    A cell that somebody holds in hand, with all that is around it.

    `above` are the cells before it in the order in which they ran, or would run. `folder` is where its modules and data
    files lie and its runs work; `path` is the notebook's file, None where nobody knows it. `live` are the variables of
    the kernel, None where there is no kernel; `unrun` reads what else the kernel's notebook holds. `hub` is the address
    of a hub's cell; its runs work in the folder `work`, unless they need data files, and nobody runs the cells above it
    by themselves.
    """

    cell: FunctionCell
    above: tuple[Cell, ...]
    notebook: Notebook
    folder: Path
    path: Path | None = None
    live: Mapping[str, object] | None = None
    unrun: Unrun | None = None
    hub: str = ""
    work: Path | None = None


Target = NotebookTarget | StoredTarget | HubTarget | CellTarget


def parse_target(text: str) -> NotebookTarget | StoredTarget | HubTarget:
    """Return what *text* names; raises OptionError for text of neither form, and for the address of a notebook."""
    address = text.partition("::")[0]
    if "://" in address and address.endswith(NOTEBOOK_SUFFIXES):
        raise OptionError(
            f"`{text}` is an address, and a notebook has to be a file here",
            hint=f"Fetch it first: `curl -LO {quoted(address)}`.",
        )
    path, separator, function = text.rpartition("::")
    if separator:
        if not path or not function.isidentifier():
            raise OptionError(f"`{text}` names no function of a notebook", hint="Write `notebook.ipynb::name`.")
        return NotebookTarget(path=Path(path), function=function)
    if text.endswith(NOTEBOOK_SUFFIXES):
        return NotebookTarget(path=Path(text))
    if text.startswith(HUB):
        return _hub_target(text)
    match = _STORED.fullmatch(text)
    if match is None:
        raise OptionError(
            f"`{text}` names neither a notebook nor a function",
            hint="Write `notebook.ipynb`, `notebook.ipynb::name`, `name`, `name:tag`, `name@hash` or `hub://name`.",
        )
    return StoredTarget(function=match["function"], reference=match["reference"] or "latest", project=match["project"])


def _hub_target(text: str) -> HubTarget:
    match = _IN_HUB.fullmatch(text.removeprefix(HUB))
    if match is None:
        raise OptionError(
            f"`{text}` names no function of a hub",
            hint="Write `hub://name`, `hub://source/name` or `hub://name@1.0.0`.",
        )
    return HubTarget(name=match["name"], source=match["source"] or "", version=match["version"] or "")
