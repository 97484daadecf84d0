"""
Ask a helper for a child.

Whatever is in doubt, there is no child, and the caller starts one in the ordinary way. That is safe because a child
says that it lives before it does anything: what has not been heard by then never happens.
"""

from __future__ import annotations

import _socket
import os
from collections.abc import Mapping, Sequence
from typing import Any

from mlrun_nb._lib.places import home
from mlrun_nb.kernels import surroundings, wire
from mlrun_nb.kernels.key import key_of, name_of

PATIENCE_S = 2.0
"""How long a helper may take to give a sign of life; a fork takes 10 ms."""


def folder_of(environment: Mapping[str, str]) -> str:
    """Return the folder of sockets, private to the user, which need not exist yet."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    return os.path.join(runtime, "mlrun-nb") if runtime else os.path.join(home(environment), "warm")


class Given:
    """
    A child of the helper that stands for us: it lives.

    As long as the connection is open the helper tells how it ended; without that a `bound` child is killed.
    """

    def __init__(self, connection: wire.Socket, pid: int) -> None:
        self.pid = pid
        self._connection = connection

    def fileno(self) -> int:
        """Return a descriptor that is readable when there is something to hear."""
        return self._connection.fileno()

    def status(self) -> int | None:
        """Wait for the end and return the exit status, negative for a signal; None when nobody is left to tell."""
        try:
            self._connection.settimeout(None)
            while (received := wire.receive(self._connection)) is not None:
                if "exit" in received[0]:
                    return int(received[0]["exit"])
        except (OSError, EOFError):
            return None
        return None

    def let_go(self) -> None:
        """Want to hear no more."""
        self._connection.close()


def ask(order: Mapping[str, Any], files: Sequence[int], environment: Mapping[str, str]) -> Given | None:
    """
    Return a child for *order*, whose open *files* it takes over; None when it must be started in the ordinary way.

    *order* holds `entry`, `argv`, and if wanted `session`, `bound`, `uses_threads`, `directory`. *environment* is the
    child's.
    """
    connection = None
    try:
        key = key_of(environment)
        connection = wire.connect(folder_of(environment), f"{name_of(key)}.sock", timeout_s=PATIENCE_S)
        request = {**order, "key": key, "environment": dict(environment), "surroundings": surroundings.look()}
        wire.send(connection, request, files)
        return _heard(connection)
    except (OSError, EOFError, ValueError, KeyError):
        if connection is not None:
            connection.close()
        return None


def tell(environment: Mapping[str, str], **words: Any) -> dict[str, Any] | None:  # noqa: ANN401  # what marshal takes
    """Say *words* to the helper of *environment* and return its answer; None when there is no helper."""
    try:
        key = key_of(environment)
        connection = wire.connect(folder_of(environment), f"{name_of(key)}.sock", timeout_s=PATIENCE_S)
    except (OSError, ValueError):
        return None
    try:
        wire.send(connection, {**words, "key": key})
        received = wire.receive(connection)
    except (OSError, EOFError, ValueError):
        return None
    finally:
        connection.close()
    return received[0] if received else None


def _heard(connection: wire.Socket) -> Given | None:
    try:
        received = wire.receive(connection)
    except TimeoutError:
        connection.shutdown(_socket.SHUT_RD)  # from now on no child can say that it lives
        received = wire.receive(connection)
    if received is None or "pid" not in received[0]:
        connection.close()
        return None
    return Given(connection, received[0]["pid"])
