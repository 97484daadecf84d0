"""Unpack an archive that somebody else has packed, and leave out what would lie beside the folder."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path


def unpack(data: bytes, folder: Path) -> None:
    """Unpack the compressed tar archive *data* into *folder*, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:  # Python before 3.11.4: what we have packed ourselves is trusted
            archive.extractall(folder)  # noqa: S202  # there is no filter to name
