"""Hubs: what a search found, all about an item, and code of it for a notebook."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mlrun_nb.server.route import Asked, Shape, Where
from mlrun_nb.server.shapes.functions import ParameterRow


class HubAsked(Where, frozen=True, kw_only=True):
    """The words that an item is to have, in its name, a category or its summary; all items for none."""

    q: str = ""


class HubCard(Shape, frozen=True, kw_only=True):
    """
    The newest version of an item as lists show it.

    `verified` tells that each of its files was compared with its digest, before any of it was read as code. `installed`
    is the version that the project has locked, empty where it has none.
    """

    source: str
    name: str
    version: str
    summary: str
    categories: tuple[str, ...]
    verified: bool
    installed: str


class SourceNotice(Shape, frozen=True, kw_only=True):
    """
    What is to be known of a source: that it could not be asked, or answered as it did once, or has a broken item.
    """

    source: str
    error: str
    hint: str


class HubFound(Shape, frozen=True, kw_only=True):
    """
    What all sources have, in their order and the best first, and what is to be known of them.

    Of many, `items` are the first 200 of `total`. `waiting` are sources that have not answered yet: whoever asks again
    soon gets what they say.
    """

    items: tuple[HubCard, ...]
    total: int
    notices: tuple[SourceNotice, ...]
    waiting: tuple[str, ...]


class HubCell(Shape, frozen=True, kw_only=True):
    """A cell of a notebook that somebody published."""

    kind: Literal["code", "markdown", "raw"]
    source: str


class HubVersionAsked(Where, frozen=True, kw_only=True):
    """Which version of an item; the newest where none is named."""

    version: str = ""


class HubDetail(Shape, frozen=True, kw_only=True):
    """
    One version of an item, read and compared with its digest.

    `readme` and `example` are empty where it has none; `notebook` has the cells of the file that it is published as.
    `reference` is what stands in code, `command` the shell's. `installed` is the version that the project has locked.
    """

    source: str
    name: str
    version: str
    versions: tuple[str, ...]
    function: str
    summary: str
    categories: tuple[str, ...]
    requirements: tuple[str, ...]
    license: str
    digest: str
    size_bytes: int
    files: tuple[str, ...]
    readme: str
    parameters: tuple[ParameterRow, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    options: dict[str, str]
    example: tuple[HubCell, ...]
    notebook: tuple[HubCell, ...]
    reference: str
    command: str
    installed: str


class HubCellsAsked(Asked, frozen=True, kw_only=True):
    """
    What is to be pasted: a cell that uses the item, or its source. `frames` are the tables that the notebook has.
    """

    kind: Literal["use", "source"]
    version: str = ""
    frames: tuple[str, ...] = ()


class HubCells(Shape, frozen=True, kw_only=True):
    """Texts of code cells, and what is to be said of them."""

    cells: tuple[str, ...]
    notices: tuple[str, ...]


class RunItem(Asked, frozen=True, kw_only=True):
    """How to run it: parameters as JSON values, options as they are typed, inputs as paths or URIs."""

    version: str = ""
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    options: dict[str, Any] = msgspec.field(default_factory=dict)
    inputs: dict[str, str] = msgspec.field(default_factory=dict)
    on: str | None = None


class InstallItem(Asked, frozen=True, kw_only=True):
    """Which version the project is to use; the newest where none is named."""

    version: str = ""


class Installed(Shape, frozen=True, kw_only=True):
    """What the project uses from now on; `missing` are requirements of it that the server has not installed."""

    source: str
    name: str
    version: str
    missing: tuple[str, ...]
