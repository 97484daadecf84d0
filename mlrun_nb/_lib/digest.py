"""Content digests in the form that OCI registries use: `sha256:` and 64 hexadecimal digits."""

from __future__ import annotations

import hashlib
from pathlib import Path

PREFIX = "sha256:"


def digest_bytes(data: bytes) -> str:
    """Return the digest of *data*."""
    return PREFIX + hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """Return the digest of the file's content, read in blocks."""
    with path.open("rb") as file:
        return PREFIX + hashlib.file_digest(file, "sha256").hexdigest()
