"""
Values by content: the same value is stored once, whoever stores it and however often.

Inputs of runs lie here. A file's name is its digest, so that two writers at once write the same bytes under the same
name and nothing is ever changed in place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlrun_nb._lib.digest import PREFIX, digest_file
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.artifacts.loading import load_reference
from mlrun_nb.artifacts.packagers.protocol import Packed, type_name
from mlrun_nb.artifacts.saving import pack, scratch
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.artifact import InputReference


class Blobs:
    """A store of values in one folder: `ab/abcdef….parquet`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def put(self, value: object, *, name: str = "value") -> InputReference:
        """Keep *value* and return its reference; *name* is for messages. Raises ArtifactError if it cannot be kept."""
        with scratch(self._folder) as directory:
            kind, packed, _ = _pack(value, directory, name)
            main = directory / packed.file
            digest = digest_file(main)
            plain = digest.removeprefix(PREFIX)
            target = f"{plain[:2]}/{plain}{packed.file[len(name) :]}"
            if not self._folder.exists(target) or self._folder.size(target) != main.stat().st_size:
                self._folder.take(main, target)
        return InputReference(uri=self._folder.url_of(target), digest=digest, kind=kind, type=type_name(value))

    def get(self, reference: InputReference) -> Any:  # noqa: ANN401  # a value of any type
        """Return the value; raises ArtifactError when it is gone or changed."""
        return load_reference(reference)


def _pack(value: object, directory: Path, name: str) -> tuple[str, Packed, list[str]]:
    try:
        return pack(value, directory, name)
    except ArtifactError as err:
        hint = f"Give the data in it, or a file: `--input {name}=PATH`."
        raise ArtifactError(f"input {err.message}", hint=hint) from err
