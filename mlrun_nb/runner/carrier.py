"""
`python -m mlrun_nb.runner.carrier RUN_DIRECTORY`: start the runner, and carry out of the container what it writes.

The first process of a container. The log is printed as it grows. Everything else goes to the folder that `--to` names,
or between the lines of the log (see `frames`) up to `--limit` bytes. Signals are handed on to the runner, and its exit
status is ours; how the run ended is left in the termination message too, which is there when nothing else is.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from mlrun_nb._lib.archive import unpack
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.growing import growing
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.runner import layout
from mlrun_nb.runner.exit_codes import EXIT_CODES
from mlrun_nb.runner.frames import WHOLE, Change, Writer, change_of, printed_size
from mlrun_nb.runner.points import own_point, take_point

LIMIT_BYTES = 8 << 20
"""What all files together may take of the log. A kubelet keeps 10 MiB of it at hand; the rest is for prints."""
NONCE_VARIABLE = "MLRUN_NB_NONCE"
RUNNER_SAID = "runner.txt"
_BEAT_S = 0.2
_MESSAGE = Path("/dev/termination-log")
_MESSAGE_BYTES = 4096
"""What the kubelet keeps of a termination message. Source: Kubernetes, `terminationMessagePath`."""
_ROTATED_BYTES = 4 << 20
"""After so much log a reader may have missed a part, so that what changes is sent whole once more at the end."""
_READ_BYTES = 256 << 20
"""A file of more than that is not even looked at: it would not come small enough."""
_GROWING = ((layout.EVENTS, "jsonl"),)
_WHOLE = (layout.OUTPUT, layout.DISTRIBUTIONS, layout.RESULT)


class Way(Protocol):
    """One way out of the container."""

    def carry(self, log: bytes, *, last: bool) -> None:
        """Carry *log* and what is new beside it; raises ArtifactError where the other end cannot be reached at last."""
        ...


class Tail:
    """What is added to a file; with *lines* only whole lines, until the last time."""

    def __init__(self, path: Path, *, lines: bool = False) -> None:
        self._path, self._lines = path, lines
        self.position = 0

    def new(self, *, last: bool = False) -> bytes:
        """Return what was added since the last call."""
        try:
            with self._path.open("rb") as file:
                file.seek(self.position)
                data = file.read()
        except FileNotFoundError:
            return b""
        if self._lines and not last:
            data = data[: data.rfind(b"\n") + 1]
        self.position += len(data)
        return data


class ThroughLog:
    """Files between the lines of the log."""

    def __init__(self, run: Path, out: BinaryIO, *, nonce: str, limit: int) -> None:
        self._run, self._out, self._writer, self._left = run, out, Writer(nonce), limit
        self._events = Tail(run / layout.EVENTS / "000000.jsonl", lines=True)
        self._sent: dict[str, bytes] = {}
        self._marks: dict[str, tuple[int, int]] = {}
        self._printed = 0

    def carry(self, log: bytes, *, last: bool) -> None:
        """See Way."""
        self._printed += len(log)
        self._print(self._writer.log(log))
        start = self._events.position
        if events := self._events.new(last=last):
            self._send(Change(name=f"{layout.EVENTS}/000000.jsonl", start=start, data=events))
        if last and self._printed > _ROTATED_BYTES:
            for name in _WHOLE:
                self._sent.pop(name, None)
                self._marks.pop(name, None)
        for name in self._names():
            self._file(name)
        self._out.flush()

    def _names(self) -> list[str]:
        artifacts = self._run / "artifacts"
        found = sorted(path.relative_to(self._run).as_posix() for path in artifacts.rglob("*") if path.is_file())
        return [*(name for name in found if "/." not in name), *_WHOLE]  # the result comes last

    def _file(self, name: str) -> None:
        path = self._run / name
        try:
            about = path.stat()
            mark = (about.st_mtime_ns, about.st_size)
            if self._marks.get(name) == mark:
                return
            self._marks[name] = mark
            data = path.read_bytes() if about.st_size < _READ_BYTES else None
        except FileNotFoundError:
            return
        before = self._sent.get(name)
        change = (
            None
            if data is None
            else Change(name=name, removed=WHOLE, data=data)
            if before is None
            else change_of(name, before, data)
        )
        if data is None or change is None or (self._is_too_large(change) and name != layout.RESULT):
            self._send(Change(name=name, removed=about.st_size, left_out=True))
            return
        self._send(change)
        if not name.startswith("artifacts/"):
            self._sent[name] = data

    def _is_too_large(self, change: Change) -> bool:
        return len(change.data) > self._left and printed_size(change) > self._left

    def _send(self, change: Change) -> None:
        data = self._writer.frames(change)
        self._left -= len(data)
        self._print(data)

    def _print(self, data: bytes) -> None:
        self._out.write(data)
        self._out.flush()


class ThroughFolder:
    """Files in a folder behind a URL; events and log are segments there."""

    def __init__(self, run: Path, out: BinaryIO, *, url: str) -> None:
        self._run, self._out, self._folder = run, out, open_folder(url)
        self._tails = {name: Tail(run / name / f"000000.{suffix}", lines=True) for name, suffix in _GROWING}
        self._growing = {name: growing(self._folder, name, suffix) for name, suffix in (*_GROWING, (layout.LOG, "log"))}
        self._marks: dict[str, tuple[int, int]] = {}

    def carry(self, log: bytes, *, last: bool) -> None:
        """See Way."""
        self._out.write(log)
        self._out.flush()
        # what is added is held before the store is tried, and a tail is read only then: no failure loses any of it
        self._growing[layout.LOG].add(log)
        for name, tail in self._tails.items():
            self._growing[name].add(tail.new(last=last))
        for each in self._growing.values():
            each.flush(due=not last)
        for name in _WHOLE:
            self._file(name)

    def _file(self, name: str) -> None:
        path = self._run / name
        try:
            about = path.stat()
            mark = (about.st_mtime_ns, about.st_size)
            if self._marks.get(name) != mark:
                self._folder.write(name, path.read_bytes())
                self._marks[name] = mark
        except FileNotFoundError:
            return


class InPlace:
    """The run directory is shared with its reader; only the log is printed."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def carry(self, log: bytes, *, last: bool) -> None:  # noqa: ARG002  # printed at once, always
        """See Way."""
        self._out.write(log)
        self._out.flush()


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of the runner."""
    parser = argparse.ArgumentParser(prog="python -m mlrun_nb.runner.carrier", description="Run, and carry it out.")
    parser.add_argument("run_directory", type=Path)
    parser.add_argument(
        "--to",
        default="",
        help="URL of the folder that takes the files, with points relative to theirs; without it the log does",
    )
    parser.add_argument("--from", dest="fetch", default="", help="URL of an archive with the run directory")
    parser.add_argument("--points", type=Path, help="file with the points of a sweep, of which one is ours")
    parser.add_argument("--in-place", action="store_true", help="the run directory is shared: carry nothing")
    parser.add_argument("--limit", type=int, default=LIMIT_BYTES, help="bytes of the log that files may take")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(EXIT_CODES["cancelled"]))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])  # it may have come before
    try:
        run = _delivered(options)
    except MlrunNbError as err:
        return _without_way(err)
    ended = threading.Event()
    with (run / RUNNER_SAID).open("wb") as said:
        runner = subprocess.Popen(
            [sys.executable, "-P", "-m", "mlrun_nb.runner", str(run)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={name: value for name, value in os.environ.items() if name != NONCE_VARIABLE},
        )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: runner.send_signal(number))
    threading.Thread(target=_wait, args=(runner, ended), daemon=True).start()
    try:
        _carry(run, _way(options), ended)
    except MlrunNbError as err:
        runner.terminate()
        runner.wait()
        return _without_way(err)
    _leave_message(_error_in(run))
    return runner.returncode if runner.returncode >= 0 else 128 - runner.returncode


def _wait(runner: subprocess.Popen[bytes], ended: threading.Event) -> None:
    runner.wait()
    ended.set()


def _delivered(options: argparse.Namespace) -> Path:
    """Fetch what did not travel with us, and take the point that is ours where there are several."""
    run: Path = options.run_directory
    _fetch(options.fetch, run)
    if options.points:
        point = own_point(options.points)
        run = options.run_directory = take_point(point, run)
        options.to = options.to and f"{point.url}/{options.to}"
    return run


def _fetch(url: str, run: Path) -> None:
    if not url:
        return
    folder, _, name = url.rpartition("/")
    unpack(open_folder(folder).read(name), run)


def _without_way(err: MlrunNbError) -> int:
    """Say that the other end cannot be reached, and return the exit status for that."""
    sys.stdout.flush()
    sys.stderr.write(f"{err.message}\nhint: {err.hint}\n")
    _leave_message({"cls": "StoreUnreachable", "fault": "environment", "summary": err.message, "hint": err.hint})
    return EXIT_CODES["environment"]


def _way(options: argparse.Namespace) -> Way:
    out = sys.stdout.buffer
    if options.in_place:
        return InPlace(out)
    if options.to:
        return ThroughFolder(options.run_directory, out, url=options.to)
    return ThroughLog(options.run_directory, out, nonce=os.environ[NONCE_VARIABLE], limit=options.limit)


def _carry(run: Path, way: Way, ended: threading.Event) -> None:
    log, said = Tail(run / layout.LOG / "000000.log"), Tail(run / RUNNER_SAID)
    while not ended.wait(_BEAT_S):
        way.carry(log.new(), last=False)
    way.carry(log.new() + said.new(), last=True)


def _error_in(run: Path) -> dict[str, object]:
    try:
        error = json.loads((run / layout.RESULT).read_bytes()).get("error") or {}
    except (OSError, ValueError):
        return {}
    return {name: str(error.get(name, ""))[:800] for name in ("cls", "fault", "summary", "hint")} if error else {}


def _leave_message(error: dict[str, object]) -> None:
    try:
        _MESSAGE.write_bytes(json.dumps(error).encode()[:_MESSAGE_BYTES] if error else b"")
    except OSError:
        return  # not in a pod, or one whose image forbids it: it is a second chance only


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
