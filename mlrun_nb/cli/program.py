"""
The console script `mlrun-nb`: through a helper where there is one, else in this process.

A helper gives a process that has the whole command line imported. It gets our words, environment, working directory and
the three standard files; we pass signals on, and end as it ends. Nothing may be imported here before that is tried: all
of a warm start is Python's own and this. After Mercurial's `chg`.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` makes enumerations of it, for 5 ms
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from mlrun_nb.kernels import client
from mlrun_nb.kernels.warm import why_not

if TYPE_CHECKING:
    from mlrun_nb.kernels.client import Given

ENTRY = "mlrun_nb.cli.main:serve_warm"
_TERMINAL = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGTSTP)
_COLD = frozenset({"doctor"})
"""Verbs that look at what a start finds, and so must be one."""


def main() -> NoReturn:
    """Do what the command line says and end the process."""
    given = _given()
    if given is None:
        from mlrun_nb.cli.main import main as cold

        cold()
    _signal.pthread_sigmask(_signal.SIG_BLOCK, _TERMINAL)  # until they can be passed on
    from mlrun_nb.cli.stand_in import stand_in  # the other process is at work meanwhile

    stand_in(given)


def _given() -> Given | None:
    """Return the process that does our work; None where it must be this one."""
    if why_not(os.environ) or _COLD.intersection(sys.argv[1:2]):
        return None
    order = {"entry": ENTRY, "argv": sys.argv, "bound": True, "ends_at_once": True, "session": "session"}
    try:
        for number in range(3):
            os.fstat(number)
    except OSError:  # a closed standard file stays closed
        return None
    return client.ask(order, range(3), os.environ)
