"""
A Jupyter kernel provisioner: kernels of any front end, forked from a helper where there is one.

Named in a kernel specification; ours is `kernels/python3-warm`. The front end sees what the local provisioner shows it.
A kernel ends with its server, not with the helper. Source: jupyter_client, `LocalProvisioner`.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from mlrun_nb.config import load_config
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.kernels import client, kindle, warm
from mlrun_nb.kernels.client import Given
from mlrun_nb.kernels.ipython import FRONT_END_ENTRY

_DELAY_S = 3.0
"""How long a helper waits before it begins to import, while the kernel that was started without it does."""
_UNKNOWN = 1
"""Exit status of a kernel of which nobody is left to tell how it ended."""


class WarmProvisioner(LocalProvisioner):
    """Gives kernels by fork, and by an ordinary start where that cannot be."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401  # Popen's
        """Start the kernel that *cmd* would start."""
        environment, directory = dict(kwargs.get("env") or os.environ), str(kwargs.get("cwd") or Path.cwd())
        if not _is_wanted(environment, directory):
            return await super().launch_kernel(cmd, **kwargs)
        kernel = _forked(cmd, environment, directory, kwargs)
        if kernel is None:
            connection = await super().launch_kernel(cmd, **kwargs)
            kindle.kindle(environment, delay_s=_DELAY_S)
            return connection
        self.process = kernel  # type: ignore[assignment]  # as good as a Popen
        self.pid = self.pgid = kernel.pid
        return self.connection_info


class WarmKernel:
    """A forked kernel as `subprocess.Popen` would show it."""

    stdin = stdout = stderr = None

    def __init__(self, given: Given) -> None:
        self.pid = given.pid
        self.returncode: int | None = None
        self._given, self._pidfd = given, os.pidfd_open(given.pid)

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while it lives."""
        if self.returncode is None and select.select([self._pidfd], [], [], 0)[0]:
            return self.wait()
        return self.returncode

    def wait(self) -> int:
        """Return the exit status once there is one."""
        if self.returncode is not None:
            return self.returncode
        select.select([self._pidfd], [], [])
        status = self._given.status()
        self.returncode = _UNKNOWN if status is None else status
        self._given.let_go()
        os.close(self._pidfd)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def terminate(self) -> None:
        """Ask for the end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _is_wanted(environment: Mapping[str, str], directory: str) -> bool:
    with suppress(MlrunNbError):
        return not warm.why_not(environment, load_config(Path(directory), environment).warm.mode)
    return False


def _forked(
    cmd: Sequence[str], environment: dict[str, str], directory: str, kwargs: Mapping[str, Any]
) -> WarmKernel | None:
    is_ours = cmd[0] == sys.executable and list(cmd[1:3]) == ["-m", "ipykernel_launcher"]
    if not is_ours or kwargs.get("independent") or any(kwargs.get(name) for name in ("stdin", "stdout", "stderr")):
        return None
    order = {
        "entry": FRONT_END_ENTRY,
        "argv": ["ipykernel_launcher.py", *cmd[3:]],
        "directory": directory,
        "imports_from_directory": True,
        "session": "session",
        "bound": True,
        "uses_threads": True,
    }
    environment["JPY_PARENT_PID"] = str(os.getpid())
    ourselves = os.pidfd_open(os.getpid())
    try:
        with Path(os.devnull).open("rb") as nothing:
            given = client.ask(order, [nothing.fileno(), 1, 2, ourselves], environment)
    finally:
        os.close(ourselves)
    return WarmKernel(given) if given is not None else None
