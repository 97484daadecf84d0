"""
Importing papermill without the cloud libraries that it would import in passing.

papermill loads pyarrow, boto3, azure and gcsfs if they are installed, for reading notebooks by URL; the runner reads
and writes all files itself. That is up to half of papermill's import time. Source: papermill 2.7 `iorw`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DRIVERS = ("azure", "boto3", "gcsfs", "github", "pyarrow", "pyarrow.fs")


@contextmanager
def without_drivers() -> Iterator[None]:
    """Let imports of papermill's optional drivers fail for the block, which papermill takes as not installed."""
    blocked = [name for name in _DRIVERS if name not in sys.modules]
    for name in blocked:
        sys.modules[name] = None  # type: ignore[assignment]  # what the import system takes as `not there`
    try:
        yield
    finally:
        for name in blocked:
            sys.modules.pop(name, None)
