"""Artifacts: files or objects that a run left, and the values that it got, each by content digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlrun_nb._lib.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """
    Something kept after a run.

    `kind` is the packager's name (`parquet`, `npy`, `figure`, `file`, …), `type` the value's full Python type name.
    `previews` are further renderings beside the main file: media type → file name. `metadata` is small (rows, shape).
    """

    name: str
    kind: str
    uri: str
    size: int
    digest: str
    type: str = ""
    media_type: str = ""
    previews: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, Json] = field(default_factory=dict)


DATA_URI = "data:application/json,"
"""What the URI of a number, truth value or short text begins with: the value itself follows, quoted JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputReference:
    """
    A value that a run gets. Without `digest` the URI is the caller's own and is read as it is when the run starts.

    `etag` is what the server called its content when a run cache asked; it is compared, never verified.
    """

    uri: str
    digest: str = ""
    etag: str = ""
    kind: str = ""
    type: str = ""
