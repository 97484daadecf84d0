"""
Functions and their versions: the immutable part of the product.

A version's `hash` covers its `FunctionSpec` and nothing else, so the same cell has the same hash on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Literal, NewType

from mlrun_nb._lib.records import Json
from mlrun_nb.model.parameters import Parameter

VersionHash = NewType("VersionHash", str)
"""64 hexadecimal digits: sha256 over the RFC 8785 JSON of a FunctionSpec."""

HUB = "hub://"
"""What the address of a hub's item begins with."""

Form = Literal["cell", "def", "notebook"]
"""What was made a function: the body of a cell, a cell that is a single `def`, or a whole notebook."""

Role = Literal["setup", "definition", "parameters", "body", "markdown", "raw"]
"""
What a source cell is for: a whole `mlrun-setup` cell, captured statements, parameters, the function itself, or prose.
"""

CellRole = Literal[Role, "prepare", "save"]
"""What a cell of the executed notebook is for; composing adds two of its own, which load inputs and save outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCell:
    """One piece of source of a function, in execution order. `tags` are kept for whole notebooks only."""

    role: Role
    source: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """
    A project module or data file that travels with a function; `path` is relative to the project root, with `/`.

    `code_digest` ignores comments and formatting where the file is Python, else it equals `digest`.
    """

    path: str
    digest: str
    code_digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """
    What the cell's text says, before profiles and defaults: all that makes one version differ from another.

    `options` are the version options that the cell states, in their JSON form, without `input`, `output` and `file`.
    """

    form: Form
    language: str = "python"
    kernel: str = "python3"
    cells: tuple[SourceCell, ...]
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    files: tuple[SourceFile, ...] = ()
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellOrigin:
    """
    Where a source cell came from: the notebook's cell by index and id, a kernel's by id and its number there, `count`.

    `lines` has for each of its lines the line there, from 1.
    """

    index: int | None = None
    id: str = ""
    count: int | None = None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """
    Where a version came from; enters no digest. `origins` runs parallel to the spec's `cells`.

    `notebook` is empty where a kernel did not know its file; `folder` is where it worked, empty for the notebook's own.
    `hub` is the address of a hub's item, `hub://source/name@version`, whose `notebook` is the copy that was read.
    """

    notebook: str = ""
    hub: str = ""
    folder: str = ""
    origins: tuple[CellOrigin, ...] = ()
    git_commit: str = ""
    git_dirty: bool = False
    author: str = ""
    host: str = ""

    @property
    def place(self) -> str:
        """Where people find it: in a hub, or in a notebook, as far as that is known."""
        return self.hub or self.notebook

    @property
    def title(self) -> str:
        """What messages call it: its file's name, or its name in a hub."""
        return self.hub or PurePath(self.notebook).name


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One immutable state of a function."""

    project: str
    function: str
    hash: VersionHash
    code_hash: str
    cell_digest: str
    spec: FunctionSpec
    description: str = ""
    provenance: Provenance = Provenance()
    created: datetime

    @property
    def short(self) -> str:
        """The first seven digits of the hash, as people quote it."""
        return self.hash[:7]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionInfo:
    """A version without its source, as lists show it; `notebook` is the place that its provenance names."""

    project: str
    function: str
    hash: VersionHash
    code_hash: str
    cell_digest: str
    notebook: str
    created: datetime
    tags: tuple[str, ...] = ()
    runs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """
    A named thing in a project that can be run, as the store knows it: its newest version and how much there is of it.

    `cell_digest` is that of the version `latest`, `notebook` the place that its provenance names.
    """

    project: str
    name: str
    description: str
    notebook: str
    latest: VersionHash
    cell_digest: str
    versions: int
    runs: int
    updated: datetime
