"""
Importing papermill and nbformat without the libraries that they would import in passing.

papermill loads pyarrow, boto3, azure and gcsfs if they are installed, for reading notebooks by URL; the runner reads
and writes all files itself. That is up to half of papermill's import time. Source: papermill 2.7 `iorw`.

nbformat loads jsonschema, and that `rfc3987_syntax` if it is installed, as with JupyterLab. It takes over a second,
most of a start, for the form of international addresses, which notebooks do not hold. Source: jsonschema 4 `_format`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DRIVERS = ("azure", "boto3", "gcsfs", "github", "pyarrow", "pyarrow.fs")
_GRAMMAR = "rfc3987_syntax"


def never_import_the_grammar() -> None:
    """Have jsonschema take it as not installed: for a process that is a runner and nothing else, ever."""
    sys.modules[_GRAMMAR] = None  # type: ignore[assignment]  # what the import system takes as `not there`


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
