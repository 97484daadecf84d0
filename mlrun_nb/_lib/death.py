"""A process that ends with its parent, however that ends (Linux: man 2 PR_SET_PDEATHSIG; elsewhere nothing)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl if LINUX else None  # found ahead: between fork and exec little may be called


def die_with(parent: int) -> None:
    """Have this process, a child of *parent*, be killed when that ends; called right after the fork."""
    if _prctl is None:
        return
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)
