"""
What a run got and left, as Python values: numbers that JSON cannot hold, artifacts that can be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.records import Json, number_from_json
from mlrun_nb.artifacts.loading import load_artifact
from mlrun_nb.commands.humane import rounded, size
from mlrun_nb.errors import OutputNotFound
from mlrun_nb.model.artifact import Artifact as ArtifactRecord
from mlrun_nb.services.artifacts import copy_artifact


class Artifact(ArtifactRecord):
    """A file or object that a run left; `load` returns it as the value that it was."""

    __slots__ = ()

    @classmethod
    def of(cls, record: ArtifactRecord) -> Self:
        """Return *record* as an artifact that can be loaded."""
        return cls(**{field.name: getattr(record, field.name) for field in fields(record)})

    def load(self) -> Any:  # noqa: ANN401  # a value of any type
        """Return the value; raises ArtifactError when it is gone, changed or cannot be read here."""
        return load_artifact(self)

    def copy(self, to: Path | str) -> Path:
        """Copy the file to *to*, a file or a folder that is there, and return where it is; raises ArtifactError."""
        return copy_artifact(self, to)

    def __repr__(self) -> str:
        return f"<Artifact {self.name}: {self.kind}, {size(self.size)}>"


class Outputs(Mapping[str, Any]):
    """
    All that a run left, by name: results as values, artifacts with `load()`.

    `run.outputs.model.load()` and `run.outputs["model"].load()` are the same.
    """

    def __init__(self, left: Mapping[str, Any], *, by: str) -> None:
        self._left = dict(left)
        self._by = by

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # a result, or an artifact
        if name not in self._left:
            raise self._missing(name)
        return self._left[name]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # a result, or an artifact
        if name.startswith("_"):  # what Python and IPython look for, and no output
            raise AttributeError(name)
        return self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self._left if name.isidentifier())]

    def __iter__(self) -> Iterator[str]:
        return iter(self._left)

    def __len__(self) -> int:
        return len(self._left)

    def __repr__(self) -> str:
        shown = (
            f"{name}={value!r}" if isinstance(value, Artifact) else f"{name}={rounded(value)}"
            for name, value in self._left.items()
        )
        return f"<Outputs of {self._by}: {', '.join(shown) or 'none'}>"

    def _missing(self, name: str) -> OutputNotFound:
        near = nearest(name, self._left)
        listed = f"It left: {some(self._left)}." if self._left else "It left none."
        return OutputNotFound(
            f"{self._by} left no output `{name}`", hint=f"Did you mean `{near}`? {listed}" if near else listed
        )


def numbers(value: Json) -> Any:  # noqa: ANN401  # what JSON holds
    """Return *value* with the texts that stand for NaN and infinities turned back into numbers, however deep."""
    if isinstance(value, Mapping):
        return {name: numbers(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [numbers(item) for item in value]
    return number_from_json(value)
