"""
IPython's kernel in a forked child: what `python -m ipykernel_launcher` does.

Its command line is in `sys.argv`, as it is there.
"""

from __future__ import annotations

import fcntl
import os
import select
import sys
import threading

from mlrun_nb.kernels.fresh import adjust_matplotlib

ENTRY = "mlrun_nb.kernels.ipython:main"
FRONT_END_ENTRY = "mlrun_nb.kernels.ipython:main_for_front_end"
_INLINE = "module://matplotlib_inline.backend_inline"


_FRONT_END = 3
"""The descriptor that is readable when the front end's process has ended."""
_NO_POLLER = 1
"""What ipykernel takes as a parent that never goes away."""


def main() -> None:
    """Serve as a kernel until told to end, or until the parent has ended."""
    _serve(parent=int(os.environ.get("JPY_PARENT_PID") or 0))


def main_for_front_end() -> None:
    """
    Serve as a kernel until told to end, or until the process behind the fourth file has ended.

    ipykernel itself looks for its parent, which is the helper, and the helper may go at any time.
    """
    fcntl.fcntl(_FRONT_END, fcntl.F_SETFD, fcntl.FD_CLOEXEC)  # it is no business of what cells start
    threading.Thread(target=_end_with_front_end, daemon=True, name="mlrun-nb-front-end").start()
    _serve(parent=_NO_POLLER)


def _end_with_front_end() -> None:
    select.select([_FRONT_END], [], [])
    os._exit(1)


def _serve(*, parent: int) -> None:
    from ipykernel.kernelapp import IPKernelApp

    if not os.environ.get("MPLBACKEND"):  # ipykernel does the same, but not before its helper's matplotlib has asked
        os.environ["MPLBACKEND"] = _INLINE
        adjust_matplotlib(os.environ)
    _forget_papermill()
    # ipykernel reads the parent from the environment when it is imported, which was in the helper
    IPKernelApp.launch_instance(parent_handle=parent)


def _forget_papermill() -> None:
    """Let cells that use papermill import their own: ours was loaded without its drivers for clouds."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "papermill"]:
        del sys.modules[name]
