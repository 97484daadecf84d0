"""
What a packager is. Others register theirs through the entry-point group `mlrun_nb.packagers`.

Its guarantees are tests in `mlrun_nb.testing.packager_contract`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mlrun_nb._lib.records import Json


class CannotPack(Exception):
    """A value of the right type that this packager would not bring back as it was; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Files that a packager wrote in the folder it was given: the main one, and previews (media type → file name)."""

    file: str
    media_type: str = "application/octet-stream"
    previews: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Json] = field(default_factory=dict)


class Packager(Protocol):
    """Brings values of some types into files and back: what `load` returns equals what `save` got, type included."""

    name: str
    """The artifact's kind; never reused for another format."""

    def can_save(self, value: object) -> bool:
        """Tell by the type whether `save` may be tried; imports nothing."""
        ...

    def save(self, value: object, folder: Path, name: str) -> Packed:
        """Write *value* to files in *folder* whose names begin with *name*; raises CannotPack."""
        ...

    def load(self, path: Path, type_name: str) -> object:
        """Return the value in the main file at *path*; *type_name* is the artifact's `type`, empty if unknown."""
        ...


def is_a(value: object, module: str, *names: str) -> bool:
    """Tell whether *value* is an instance of a class in *module*, subclasses included, importing nothing."""
    loaded = sys.modules.get(module)
    classes = tuple(found for name in names if isinstance(found := getattr(loaded, name, None), type))
    return isinstance(value, classes)


def is_exactly(value: object, module: str, *names: str) -> bool:
    """Tell whether the type of *value* itself, no subclass, is one of *names* in *module*."""
    loaded = sys.modules.get(module)
    return any(type(value) is getattr(loaded, name, None) for name in names)


def type_name(value: object) -> str:
    """Return the full name of the type of *value*."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
