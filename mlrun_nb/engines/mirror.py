"""
What a run writes elsewhere, brought home into its run directory, so that everybody reads it there.

Any process that sees the run directory may do it, one at a time: a lock says whose turn it is. Data is written first
and the place that was reached last, and what lies beyond that place is cut off before anything is added: however a
process ends, each byte of log and events is there once.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.engines.mirror_state import Sender, State, read_state, write_state
from mlrun_nb.errors import UsageError
from mlrun_nb.runner import layout
from mlrun_nb.runner.frames import WHOLE, Change, Reader, applied

_LOCK = ".mirror.lock"
_EVENTS, _LOG = f"{layout.EVENTS}/000000.jsonl", f"{layout.LOG}/000000.log"


class Mirror:
    """The turn of one process at a run directory, which is *there* for the run itself; made by `turn`."""

    def __init__(self, folder: Path, there: str, state: State) -> None:
        self._folder, self._there, self.state = folder, there, state
        grown = (folder / _EVENTS, *folder.glob(f"**/{_LOG}")) if state.senders else ()
        for path in grown:
            with suppress(FileNotFoundError):
                os.truncate(path, state.sizes.get(path.relative_to(folder).as_posix(), 0))

    def sender(self, name: str, *, rank: int = 0, attempt: int = 0) -> Sender:
        """
        Return how far *name* was read; one that is new makes the next attempt of its *rank*.

        One that counts attempts itself is given as *attempt* 1: what it says is left as it is.
        """
        known = self.state.senders.get(name)
        if known is not None:
            return known
        attempt = attempt or 1 + sum(each.rank == rank for each in self.state.senders.values())
        if rank == 0:
            (self._folder / layout.RESULT).unlink(missing_ok=True)  # of the attempt before
        return self._remember(name, Sender(attempt=attempt, rank=rank))

    def take(
        self, name: str, pod: Sender, data: bytes, *, nonce: str, cursor: Json, at_end: bool, has_gap: bool = False
    ) -> Sender:
        """
        Take in *data*, which followed in the log of the pod *name*, and remember the *cursor* after it.

        It *has_gap* where some of the log before it was thrown away unread.
        """
        reader = Reader(nonce, replace(pod.reader, missed=pod.reader.missed + has_gap))
        for item in reader.feed(data, at_end=at_end):
            pod = replace(pod, reader=reader.state)
            pod = self._log(pod, item) if isinstance(item, bytes) else self._change(pod, item)
        return self._remember(name, replace(pod, reader=reader.state, cursor=cursor, done=at_end))

    def add(self, name: str, pod: Sender, *, log: bytes, events: bytes, cursor: Json, done: bool) -> Sender:
        """Add what the pod *name* left in a folder, and remember the *cursor* after it."""
        pod = self._log(pod, log) if log else pod
        if events:
            self._append(_EVENTS, self._at_home(events, pod))
        events_read = pod.events + len(events)
        return self._remember(name, replace(pod, events=events_read, cursor=cursor, done=done))

    def put(self, pod: Sender, file: str, data: bytes) -> None:
        """Put a whole *file* of the run directory."""
        if pod.rank == 0:
            home = self._at_home(data, pod) if file == layout.RESULT else data
            self._write(file, home)

    def _log(self, pod: Sender, data: bytes) -> Sender:
        place = _LOG if pod.rank == 0 else f"ranks/{pod.rank}/{_LOG}"
        self._append(place, data)
        return pod

    def _change(self, pod: Sender, change: Change) -> Sender:
        if change.left_out:
            return replace(pod, left={**pod.left, change.name: change.removed})
        if pod.rank != 0:
            return pod
        if change.name == _EVENTS:
            new = change.data[max(0, pod.events - change.start) :]
            self._append(_EVENTS, self._at_home(new, pod))
            return replace(pod, events=max(pod.events, change.start + len(change.data)))
        missed, is_whole = pod.reader.missed, change.removed == WHOLE
        if not is_whole and pod.files.get(change.name) != missed:  # it may be of another state than the one here
            return pod
        self.put(pod, change.name, applied(b"" if is_whole else self._read(change.name), change))
        left = {name: size for name, size in pod.left.items() if name != change.name}
        return replace(pod, files={**pod.files, change.name: missed}, left=left)

    def _at_home(self, data: bytes, pod: Sender) -> bytes:
        return at_home(data, self._folder, self._there, attempt=pod.attempt)

    def _append(self, name: str, data: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data)
            size = file.tell()
        self.state = replace(self.state, sizes={**self.state.sizes, name: size})

    def _read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return b""

    def _write(self, name: str, data: bytes) -> None:
        with suppress(UsageError):  # no name of ours: what sends is not to be trusted with our folders
            path = self._folder / check_name(name)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(path, data)

    def _remember(self, name: str, pod: Sender) -> Sender:
        self.state = replace(self.state, senders={**self.state.senders, name: pod})
        write_state(self._folder, self.state)
        return pod


@contextmanager
def turn(folder: Path, there: str, *, wait: bool = False) -> Iterator[Mirror | None]:
    """
    Give the one turn at *folder* that there is; None where another process has it, unless *wait* says to wait.

    *there* is the path of the run directory where the run writes.
    """
    with _locked(folder, wait=wait) as is_ours:
        yield Mirror(folder, there, read_state(folder)) if is_ours else None


def is_done(folder: Path, name: str) -> bool:
    """Tell whether nothing more is taken from the sender *name*."""
    sender = read_state(folder).senders.get(name)
    return sender is not None and sender.done


def leave(folder: Path, name: str) -> None:
    """Take nothing more from the sender *name*, which is lost; whatever was added here meanwhile stays."""
    with _locked(folder, wait=True):
        state = read_state(folder)
        grown = {each: folder / each for each in (_EVENTS, _LOG)}
        sizes = {each: path.stat().st_size for each, path in grown.items() if path.exists()}
        lost = replace(state.senders.get(name, Sender()), done=True)
        write_state(folder, State(senders={**state.senders, name: lost}, sizes={**state.sizes, **sizes}))


@contextmanager
def _locked(folder: Path, *, wait: bool) -> Iterator[bool]:
    descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def at_home(data: bytes, folder: Path, there: str, *, attempt: int) -> bytes:
    """
    Return JSON lines or a document as they would have been written here: paths in *there* are those in *folder*.

    Only values that begin with the path are changed: within a text, a quote before it is escaped. From the second
    *attempt* on records get its number.
    """
    here = json.dumps(f"{folder}/", ensure_ascii=False).encode()[:-1]
    data = re.sub(rb'(?<!\\)"' + re.escape(there.encode()) + b"/", lambda _: here, data)
    if attempt == 1:
        return data
    return b"".join(_numbered(line, attempt) for line in _documents(data))


def _documents(data: bytes) -> Iterable[bytes]:
    try:
        json.loads(data)
    except ValueError:
        return data.splitlines(keepends=True)
    return [data]


def _numbered(line: bytes, attempt: int) -> bytes:
    """Return a record with the number of its attempt: a pod does not know that there were others before it."""
    try:
        record = json.loads(line)
    except ValueError:
        return line
    end = b"\n" if line.endswith(b"\n") else b""
    return json.dumps({**record, "attempt": attempt}, ensure_ascii=False).encode("utf-8", "replace") + end
