"""Whether what a helper has loaded is still what lies on disk."""

from __future__ import annotations

import os
import sys

from mlrun_nb.kernels.key import installed


class Freshness:
    """
    Remembers the files of modules that are no installed distribution's, such as a checkout's, and when they changed.

    Of the installed ones, the folder that each installation changes.
    """

    def __init__(self) -> None:
        files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        self._times = {file: _changed(file) for file in files if file and _is_own(file)}
        self._installed = installed()

    def lost(self) -> str:
        """Return which file has changed since; empty when none has."""
        if installed() != self._installed:
            return "the installed distributions"
        return next((file for file, time in self._times.items() if _changed(file) != time), "")


def _is_own(file: str) -> bool:
    return "site-packages" not in file and "dist-packages" not in file and not file.startswith(sys.base_prefix)


def _changed(file: str) -> int:
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0
