"""
An IPython shell without a kernel or a terminal, for cells with magics in a process that will fork.

It keeps no history, whose writer is a thread, and shows nothing by itself: what is displayed is taken by
`captured_output`.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType
from typing import Any

INLINE = "module://matplotlib_inline.backend_inline"
"""The backend of matplotlib that a kernel has. Source: ipykernel, `IPythonKernel`."""


def open_shell(main: ModuleType) -> None:
    """Make the shell of this process, whose namespace is that of *main*."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.environ.setdefault("MPLBACKEND", INLINE)
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.display_page = False
    shell: Any = InteractiveShell.instance(config=config, user_module=main, user_ns=main.__dict__)
    shell.display_pub = CapturingDisplayPublisher(parent=shell)  # prints nothing
    sys.modules["__main__"] = main
