"""
What a run writes in its pod, brought home into its run directory, so that everybody reads it there.

Any process that sees the run directory may do it, one at a time: a lock says whose turn it is. Data is written first
and the place that was reached last, and what lies beyond that place is cut off before anything is added: however a
process ends, each byte of log and events is there once.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.engines.kubernetes.delivery import POD_RUN
from mlrun_nb.errors import UsageError
from mlrun_nb.runner import layout
from mlrun_nb.runner.frames import Change, Reader, ReaderState, applied

STATE = "mirror.json"
_LOCK = ".mirror.lock"
_EVENTS = f"{layout.EVENTS}/000000.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class PodState:
    """
    How far one pod was read.

    `cursor` is that of its log and `reader` stands there; `events` counts bytes of its own events, `files` are those
    that it has sent, `left` those that it could not (name → size); `done` when nothing more can come.
    """

    attempt: int = 1
    rank: int = 0
    cursor: Json = None
    reader: ReaderState = field(default_factory=ReaderState)
    events: int = 0
    files: tuple[str, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Pods by name, in the order of their attempts, and the bytes of each growing file that are certain."""

    pods: Mapping[str, PodState] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


class Mirror:
    """The turn of one process at a run directory; made by `turn`."""

    def __init__(self, folder: Path, state: State) -> None:
        self._folder, self.state = folder, state
        grown = (folder / _EVENTS, *folder.glob(f"**/{layout.LOG}/000000.log")) if state.pods else ()
        for path in grown:
            with suppress(FileNotFoundError):
                os.truncate(path, state.sizes.get(path.relative_to(folder).as_posix(), 0))

    def pod(self, name: str, *, rank: int = 0) -> PodState:
        """Return how far the pod *name* was read; one that is new is the next attempt of its *rank*."""
        known = self.state.pods.get(name)
        if known is not None:
            return known
        attempt = 1 + sum(pod.rank == rank for pod in self.state.pods.values())
        if rank == 0:
            (self._folder / layout.RESULT).unlink(missing_ok=True)  # of the attempt before
        return self._remember(name, PodState(attempt=attempt, rank=rank))

    def take(self, name: str, pod: PodState, data: bytes, *, nonce: str, cursor: Json, at_end: bool) -> PodState:
        """Take in *data*, which followed in the log of the pod *name*, and remember the *cursor* after it."""
        reader = Reader(nonce, pod.reader)
        for item in reader.feed(data, at_end=at_end):
            pod = self._log(pod, item) if isinstance(item, bytes) else self._change(pod, item)
        return self._remember(name, replace(pod, reader=reader.state, cursor=cursor, done=at_end))

    def add(self, name: str, pod: PodState, *, log: bytes, events: bytes, cursor: Json, done: bool) -> PodState:
        """Add what the pod *name* left in a folder, and remember the *cursor* after it."""
        pod = self._log(pod, log) if log else pod
        if events:
            self._append(_EVENTS, at_home(events, self._folder, pod.attempt))
        events_read = pod.events + len(events)
        return self._remember(name, replace(pod, events=events_read, cursor=cursor, done=done))

    def put(self, pod: PodState, file: str, data: bytes) -> None:
        """Put a whole *file* of the run directory."""
        if pod.rank == 0:
            home = at_home(data, self._folder, pod.attempt) if file == layout.RESULT else data
            self._write(file, home)

    def _log(self, pod: PodState, data: bytes) -> PodState:
        place = f"{layout.LOG}/000000.log" if pod.rank == 0 else f"ranks/{pod.rank}/{layout.LOG}/000000.log"
        self._append(place, data)
        return pod

    def _change(self, pod: PodState, change: Change) -> PodState:
        if change.left_out:
            return replace(pod, left={**pod.left, change.name: change.removed})
        if pod.rank != 0:
            return pod
        if change.name == _EVENTS:
            new = change.data[max(0, pod.events - change.start) :]
            self._append(_EVENTS, at_home(new, self._folder, pod.attempt))
            return replace(pod, events=max(pod.events, change.start + len(change.data)))
        before = self._read(change.name) if change.name in pod.files else b""
        self.put(pod, change.name, applied(before, change))
        left = {name: size for name, size in pod.left.items() if name != change.name}
        return replace(pod, files=tuple(dict.fromkeys((*pod.files, change.name))), left=left)

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
        with suppress(UsageError):  # no name of ours: a pod is not to be trusted with our folders
            path = self._folder / check_name(name)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomic(path, data)

    def _remember(self, name: str, pod: PodState) -> PodState:
        self.state = replace(self.state, pods={**self.state.pods, name: pod})
        write_atomic(self._folder / STATE, json.dumps(_plain(self.state)).encode())
        return pod


@contextmanager
def turn(folder: Path, *, wait: bool = False) -> Iterator[Mirror | None]:
    """Give the one turn at *folder* that there is; None where another process has it, unless *wait* says to wait."""
    descriptor = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield None
        return
    try:
        yield Mirror(folder, read_state(folder))
    finally:
        os.close(descriptor)


def read_state(folder: Path) -> State:
    """Return how far the run in *folder* was brought home; an empty state where nothing was."""
    try:
        plain = json.loads((folder / STATE).read_bytes())
    except (OSError, ValueError):
        return State()
    pods = {name: _pod(each) for name, each in plain["pods"].items()}
    return State(pods=pods, sizes=plain["sizes"])


def at_home(data: bytes, folder: Path, attempt: int) -> bytes:
    """
    Return JSON lines or a document as they would have been written here: paths in the pod are those in *folder*.

    Inside a JSON text our path cannot follow a quote that is not escaped, so that only whole values are changed.
    """
    here = json.dumps(f"{folder}/", ensure_ascii=False).encode()[:-1]
    data = data.replace(f'"{POD_RUN}/'.encode(), here)
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


def _plain(state: State) -> dict[str, object]:
    return {
        "pods": {
            name: {
                "attempt": pod.attempt,
                "rank": pod.rank,
                "cursor": pod.cursor,
                "reader": _plain_reader(pod.reader),
                "events": pod.events,
                "files": list(pod.files),
                "left": dict(pod.left),
                "done": pod.done,
            }
            for name, pod in state.pods.items()
        },
        "sizes": dict(state.sizes),
    }


def _plain_reader(state: ReaderState) -> dict[str, object]:
    return {
        "line": b64encode(state.line).decode(),
        "pending": b64encode(state.pending).decode(),
        "newline": state.newline,
        "number": state.number,
        "missed": state.missed,
    }


def _pod(plain: Mapping[str, Json]) -> PodState:
    fields = dict(plain)
    reader = cast("dict[str, Json]", fields["reader"])
    line, pending = (b64decode(str(reader[name])) for name in ("line", "pending"))
    return replace(
        PodState(),
        attempt=cast("int", fields["attempt"]),
        rank=cast("int", fields["rank"]),
        cursor=fields["cursor"],
        reader=ReaderState(
            line=line,
            pending=pending,
            newline=bool(reader["newline"]),
            number=cast("int", reader["number"]),
            missed=bool(reader["missed"]),
        ),
        events=cast("int", fields["events"]),
        files=tuple(cast("list[str]", fields["files"])),
        left=cast("dict[str, int]", fields["left"]),
        done=bool(fields["done"]),
    )
