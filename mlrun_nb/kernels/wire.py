"""
What helper and client say to each other: marshalled records with a length before them, over a UNIX socket.

Both ends are the same interpreter of the same user, which the key and the kernel's word on the peer make sure of; that
is why `marshal` will do. Files travel with the first bytes of a record. `_socket` is what `socket` wraps, without the
7 ms that enumerations and selectors take: a whole warm command line takes 50.
"""

from __future__ import annotations

import _socket
import marshal
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Socket = _socket.socket
_LENGTH = 4
_MOST_FILES = 8
_PEER_BYTES = 12
"""Of `struct ucred`: pid, uid, gid."""


def listen(folder: str, name: str) -> Socket:
    """Return a socket that listens as *name* in the private *folder*; nobody but its owner may connect."""
    listener = Socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
    before, number = os.umask(0o177), _private(folder)
    try:
        listener.bind(_short(number, name))
    finally:
        os.umask(before)
        os.close(number)
    listener.listen(64)
    return listener


def connect(folder: str, name: str, *, timeout_s: float) -> Socket:
    """Return a connection to who listens as *name* in *folder*; raises OSError, also when that is another user's."""
    number = _private(folder)
    connection = Socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
    try:
        connection.settimeout(timeout_s)
        connection.connect(_short(number, name))
        _check_peer(connection)
    except BaseException:
        connection.close()
        raise
    finally:
        os.close(number)
    return connection


def accept(listener: Socket, *, timeout_s: float) -> Socket:
    """Return the next connection; raises OSError, also when it is another user's."""
    descriptor, _ = listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001  # missing in the stubs
    connection = Socket(fileno=descriptor)
    connection.settimeout(timeout_s)
    try:
        _check_peer(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def send(connection: Socket, record: Mapping[str, Any], files: Sequence[int] = ()) -> None:
    """Send *record*, with open *files*; raises OSError."""
    data = marshal.dumps(dict(record))
    data = len(data).to_bytes(_LENGTH, "little") + data
    packed = b"".join(number.to_bytes(4, "little") for number in files)
    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)] if files else []
    sent = connection.sendmsg([data], rights, _socket.MSG_NOSIGNAL)
    if sent < len(data):
        connection.sendall(data[sent:], _socket.MSG_NOSIGNAL)


def receive(connection: Socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return the next record and the files that came with it; None at the end. Raises OSError."""
    room = _socket.CMSG_SPACE(4 * _MOST_FILES)
    head, rights, _, _ = connection.recvmsg(_LENGTH, room, _socket.MSG_CMSG_CLOEXEC)
    files = [
        int.from_bytes(data[at : at + 4], "little")
        for level, kind, data in rights
        if (level, kind) == (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
        for at in range(0, len(data) - len(data) % 4, 4)
    ]
    try:
        head += _exactly(connection, _LENGTH - len(head)) if head else b""
        if not head:
            return None
        record: dict[str, Any] = marshal.loads(_exactly(connection, int.from_bytes(head, "little")))  # noqa: S302  # see above
    except BaseException:
        for number in files:
            os.close(number)
        raise
    return record, files


def _exactly(connection: Socket, size: int) -> bytes:
    pieces = []
    while size:
        piece = connection.recv(min(size, 1 << 20))
        if not piece:
            raise EOFError("the connection was cut in the middle of a record")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _private(folder: str) -> int:
    """Open *folder*; raises PermissionError when anybody but this user may look into it."""
    number = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    about = os.fstat(number)
    if about.st_uid != os.geteuid() or about.st_mode & 0o077:
        os.close(number)
        raise PermissionError(f"others may enter {folder}")
    return number


def _short(number: int, name: str) -> str:
    """Return a path of the file *name* in an open folder that fits into an address, however deep the folder lies."""
    return f"/proc/self/fd/{number}/{name}"


def _check_peer(connection: Socket) -> None:
    peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, _PEER_BYTES)
    if int.from_bytes(peer[4:8], "little") != os.geteuid():
        raise PermissionError("the other end is another user's process")
