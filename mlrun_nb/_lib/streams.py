"""The standard streams of a process that is about to end."""

from __future__ import annotations

import sys
from contextlib import suppress


def flush() -> None:
    """Write out what was printed; a stream that is closed, or whose reader went away, is passed over."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # the last where the stream was closed before the start
            stream.flush()
