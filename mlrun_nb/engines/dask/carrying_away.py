"""
The side of the worker for a run whose directory it does not see: carry it in a folder here, and what it writes away.

Files, events and log go to a folder behind a URL that is this worker's turn, while the run goes on; the supervisor's
state goes last, so that whoever reads that a run has ended finds all of it. A turn belongs to the worker that came
first: executed a second time, after that one was lost, nothing is begun.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.processes import Identity
from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.engines.dask.away import CANCEL, PLACE, STATE, THERE
from mlrun_nb.engines.dask.carrying import carry
from mlrun_nb.engines.dask.sight import Sight
from mlrun_nb.engines.supervisor import files
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.run import RunId
from mlrun_nb.runner import layout
from mlrun_nb.runner.carrier import Tail, ThroughFolder

_BEAT_S = 0.5
_LISTENS_EACH_S = 2.0
"""How often the store is asked whether the run's end is wished."""
_PATIENCE_S = 600.0
"""How long the store may be away at the end of a run, before what it wrote last is given up."""
_AGAIN_S = 5.0


def main() -> None:
    """Carry the run of the command line."""
    folder, worker, url, turn, attempts, pid = sys.argv[1:]
    there = open_folder(url)
    host = processes.identify(int(pid))
    if there.exists(CANCEL):
        sys.stdout.write("cancelled")
    elif not _take(there, f"{turn}/{PLACE}", {"directory": folder, "worker": worker, **host}):
        sys.stdout.write("held elsewhere")
    else:
        _settle_in(Path(folder), attempts=int(attempts))
        sys.stdout.write(_carried(Path(folder), worker, there, turn, host))


def _take(there: Folder, name: str, holder: dict[str, object]) -> bool:
    """Return whether the turn is ours: nobody has begun it, nor have we, were we told a second time."""
    if there.exists(name):
        return False
    there.write(name, json.dumps(holder).encode())
    return True


def _settle_in(folder: Path, *, attempts: int) -> None:
    """Have the request speak of this *folder*, and the supervisor go on after *attempts* that others have made."""
    path = folder / layout.REQUEST
    request = json.loads(path.read_bytes())
    request["run_directory"] = str(folder)
    for each in request.get("inputs", {}).values():  # those that came along
        if each["uri"].startswith(f"{THERE}/"):
            each["uri"] = f"{folder}{each['uri'].removeprefix(THERE)}"
    path.write_text(json.dumps(request, ensure_ascii=False), encoding="utf-8")
    if attempts:
        (folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
        before: files.State = {
            "attempt": attempts, "phase": "backoff", "runner": None, "began": time.monotonic(), "events_from": 0,
            "oom_kills": 0, "cgroup": "", "reason": "its worker was lost",
        }  # fmt: skip
        files.write_json(str(folder / files.STATE), before)


def _carried(folder: Path, worker: str, there: Folder, turn: str, host: Identity) -> str:
    away = _Away(folder, there, turn)
    ended = threading.Event()
    thread = threading.Thread(target=away.until, args=(ended,))
    thread.start()
    try:
        return carry(str(folder), worker=worker, host=host)
    finally:
        ended.set()
        thread.join()
        away.last()


class _Away:
    """What the run in *folder* writes, on its way to the folder of this *turn*, *there*."""

    def __init__(self, folder: Path, there: Folder, turn: str) -> None:
        self._folder, self._control, self._there = folder, there, there.child(turn)
        self._nowhere = Path(os.devnull).open("wb")  # noqa: SIM115  # as long as this process
        self._way = ThroughFolder(folder, self._nowhere, url=self._there.url)
        self._log = Tail(folder / layout.LOG / "000000.log")
        self._state = b""
        self._listened = 0.0

    def until(self, ended: threading.Event) -> None:
        """Carry away what is new, and hear whether the run's end is wished, until it has *ended*."""
        while not ended.wait(_BEAT_S):
            with suppress(ArtifactError):  # it may come back: nothing is forgotten meanwhile
                self._carry(last=False)
                self._listen()

    def last(self) -> None:
        """Carry away all that is left; raises ArtifactError where the store stays away."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                self._carry(last=True)
                return
            except ArtifactError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_AGAIN_S)

    def _carry(self, *, last: bool) -> None:
        state = self._read_state()  # before the rest: what it tells of is there then
        self._way.carry(self._log.new(), last=last)
        if state and state != self._state:
            self._there.write(STATE, state)
            self._state = state

    def _read_state(self) -> bytes:
        with suppress(FileNotFoundError):
            return (self._folder / files.STATE).read_bytes()
        return b""

    def _listen(self) -> None:
        if time.monotonic() - self._listened < _LISTENS_EACH_S:
            return
        self._listened = time.monotonic()
        if self._control.exists(CANCEL):
            Sight(RunId(""), self._folder).wish_end()
