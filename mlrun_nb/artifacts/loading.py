"""
A reference into a value: by the packager that wrote it, or, for files of a user, by the suffix of the name.

The content's digest is verified before anything reads it. A pickle is never read because of a suffix: only with the
kind that one of our own records gives.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from mlrun_nb._lib.digest import digest_file
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.artifacts.packagers import registry
from mlrun_nb.artifacts.suffixes import load_by_suffix
from mlrun_nb.errors import ArtifactError, MlrunNbError
from mlrun_nb.model.artifact import DATA_URI, Artifact, InputReference

_STAY = frozenset({"file"})
"""Kinds whose value is the path of the file itself: a local copy has to outlive the loading."""


def load_artifact(artifact: Artifact) -> Any:  # noqa: ANN401  # a value of any type
    """Return the value of *artifact*; raises ArtifactError when it is gone, changed or cannot be read here."""
    return load_reference(
        InputReference(uri=artifact.uri, digest=artifact.digest, kind=artifact.kind, type=artifact.type)
    )


def load_reference(reference: InputReference) -> Any:  # noqa: ANN401  # a value of any type
    """Return the value that *reference* means; raises ArtifactError when it is gone, changed or cannot be read here."""
    with _localised(reference.uri, keep=reference.kind in _STAY or not reference.kind) as path:
        if reference.digest and (found := digest_file(path)) != reference.digest:
            raise ArtifactError(
                f"`{reference.uri}` is not what was saved: its digest is `{found}`, recorded is `{reference.digest}`",
                hint="Run again what made it, or give the right file with `--input NAME=URI`.",
            )
        try:
            if reference.kind:
                return registry.find(reference.kind).load(path, reference.type)
            return load_by_suffix(path, reference.uri)
        except MlrunNbError:
            raise
        except ImportError as err:
            raise ArtifactError(
                f"`{reference.uri}` cannot be read here: {err}",
                hint=f"Run `pip install {err.name or 'the module it names'}` in this environment.",
            ) from err
        except Exception as err:  # readers raise what they like on a broken file, unpickling anything at all
            raise ArtifactError(
                f"`{reference.uri}` cannot be read as {reference.kind or 'its suffix'}: {type(err).__name__}: {err}",
                hint="Check that the file is whole and that this environment has the libraries that wrote it.",
            ) from err


@contextmanager
def _localised(uri: str, *, keep: bool) -> Iterator[Path]:
    path = None if uri.startswith(DATA_URI) else local_path(uri)
    if path is not None:
        if not path.exists():
            raise ArtifactError(f"there is no file `{uri}`", hint="Give the right path with `--input NAME=URI`.")
        yield path
        return
    scratch = Path(tempfile.mkdtemp(prefix="mlrun-nb-input-"))
    try:
        yield _fetched(uri, scratch)
    finally:
        if not keep:
            shutil.rmtree(scratch, ignore_errors=True)


def _fetched(uri: str, scratch: Path) -> Path:
    if uri.startswith(DATA_URI):
        target = scratch / "input.json"
        target.write_text(unquote(uri.removeprefix(DATA_URI)), encoding="utf-8")
        return target
    from mlrun_nb.artifacts.remote import fetch

    target = scratch / (PurePosixPath(urlsplit(uri).path).name or "input")
    fetch(uri, target)
    return target
