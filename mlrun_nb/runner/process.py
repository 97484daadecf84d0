"""
The kernel's process: started before anything heavy is imported, and never alive without the runner.

It leads a process group of its own, so that an interrupt reaches it and its children and nothing else, and stays in the
runner's session, so that an engine finds the whole tree. Knows nothing of messages; `kernel` speaks with it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mlrun_nb._lib.death import LINUX, die_with
from mlrun_nb.kernels import lineage
from mlrun_nb.runner.kernelspec import KernelSpec

if TYPE_CHECKING:
    from mlrun_nb.kernels.fork import Child

_LONGEST_SOCKET = 90
"""Characters of a socket's path: the smallest system limit is 104, and jupyter appends `-N`."""

Log = Callable[[str], None]


class KernelProcess:
    """One started kernel. `connection` is what its connection file holds, `tail` its last lines on its outputs."""

    def __init__(
        self, spec: KernelSpec, *, options: Sequence[str], env: Mapping[str, str], cwd: Path, log: Log
    ) -> None:
        self.spec = spec
        self.tail: deque[str] = deque(maxlen=40)
        self._folder = _short_folder(env.get("MLRUN_NB_RUN", ""))
        self.connection = _connection(spec, self._folder)
        file = self._folder / "kernel.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(self.connection))
        self._log_end, self._process = self._start([*spec.command(str(file)), *options], env, cwd)
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The kernel's process id, and its process group's."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status, negative for a signal; None while it lives."""
        return self._process.poll()

    def interrupt(self) -> None:
        """Send SIGINT to the kernel and its children; a kernel that wants a message instead waits for its end."""
        if self.spec.interrupt_mode == "signal":
            self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and its group at once."""
        self._signal(signal.SIGKILL)

    def wait(self, timeout_s: float) -> bool:
        """Tell whether the process has ended within *timeout_s*."""
        try:
            return self._process.wait(timeout_s) is not None
        except subprocess.TimeoutExpired:
            return False

    def close(self) -> None:
        """Kill what is left of it and its group, and remove the connection file."""
        self._signal(signal.SIGKILL, even_if_ended=True)
        self._process.wait()
        self._reader.join(0.2)  # a child that left the group may hold the pipe
        shutil.rmtree(self._folder, ignore_errors=True)

    def _start(
        self, argv: list[str], env: Mapping[str, str], cwd: Path
    ) -> tuple[IO[bytes], subprocess.Popen[bytes] | Child]:
        read, write = os.pipe()
        environment = {**env, "JPY_PARENT_PID": str(os.getpid())}  # ipykernel's poller: ends with us, on any system
        try:
            if _may_fork(argv, environment, cwd):
                return open(read, "rb"), _forked(argv, environment, cwd, write)  # noqa: PTH123  # read by a thread
            before_exec = partial(die_with, os.getpid()) if LINUX else None
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=write,
                stderr=subprocess.STDOUT,
                env=environment,
                cwd=cwd,
                process_group=0,
                preexec_fn=before_exec,  # noqa: PLW1509  # no other thread runs Python yet
            )
            return open(read, "rb"), process  # noqa: PTH123  # read by a thread
        finally:
            os.close(write)

    def _signal(self, number: int, *, even_if_ended: bool = False) -> None:
        if even_if_ended or self.status is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def _read(self, log: Log) -> None:
        for line in self._log_end:
            text = line.decode("utf-8", "replace")
            self.tail.append(text.rstrip("\n"))
            log(text)


def _may_fork(argv: Sequence[str], environment: Mapping[str, str], cwd: Path) -> bool:
    is_ipykernel = list(argv[1:3]) == ["-m", "ipykernel_launcher"]
    return is_ipykernel and not lineage.why_no_fork(argv[0], environment, directory=str(cwd))


def _forked(argv: Sequence[str], environment: Mapping[str, str], cwd: Path, output: int) -> Child:
    from mlrun_nb.kernels.birth import Birth  # loaded already: we come from a helper
    from mlrun_nb.kernels.fork import Child, fork

    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # no file of ours
        return Child(
            fork(
                Birth(
                    entry="mlrun_nb.kernels.ipython:main",
                    argv=["ipykernel_launcher.py", *argv[3:]],
                    environment=environment,
                    files=[nothing.fileno(), output, output],
                    session="group",
                    directory=str(cwd),
                    dies_with_parent=True,
                    uses_threads=True,
                )
            )
        )


def _short_folder(run: str) -> Path:
    """Make a folder (0700) for sockets and their key, named after the *run* so that its supervisor finds a leftover."""
    prefix = f"mlrun-nb-{run}-"
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    if len(str(folder)) <= _LONGEST_SOCKET:
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))


def _connection(spec: KernelSpec, folder: Path) -> dict[str, object]:
    # sockets in our own folder: no ports to race for, nobody else on the machine can connect
    if spec.is_ipykernel:
        place: dict[str, object] = {"transport": "ipc", "ip": str(folder / "kernel")}
        ports = [1, 2, 3, 4, 5]
    else:
        place = {"transport": "tcp", "ip": "127.0.0.1"}
        ports = _free_ports(5)
    names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    return {
        **place,
        **dict(zip(names, ports, strict=True)),
        "key": secrets.token_hex(32),
        "signature_scheme": "hmac-sha256",
        "kernel_name": spec.name,
    }


def _free_ports(count: int) -> list[int]:
    import socket

    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
