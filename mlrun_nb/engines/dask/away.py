"""
Runs whose workers do not see the run directory: they go there, and what they write comes home, through an object store.

Behind the URL lie the archive that a worker unpacks, the wish to cancel, and a folder for the turn of each worker that
had the run. At home their files become those of the run directory, so that whoever looks finds the same as anywhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import Folder, local_path, open_folder
from mlrun_nb.engines import mirror, supervisor_orders
from mlrun_nb.engines.mirror_folder import from_folder
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.travelling import archive, content, package
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout
from mlrun_nb.runner.stop import GRACE_S

THERE = "/mlrun/run"
"""What the request calls its directory until a worker has one."""
ARCHIVE, CANCEL = "run.tar.gz", "cancel"
PLACE, STATE = "place.json", "state.json"
"""In the folder of a turn: which worker has it, and the supervisor's state."""
_TURN = "dask-turn.json"
"""At home: which turn it is, and how many attempts were made in those before."""


def url_of(artifacts: str) -> str:
    """Return where the files of a run go that has its *artifacts* there; empty where that is no object store."""
    return "" if local_path(artifacts) is not None else f"{artifacts.rstrip('/')}/.run"


def send(request: RunRequest, url: str) -> None:
    """Put what a worker needs behind *url*; raises EngineRejected and ArtifactError. A second time nothing is sent."""
    folder, there = Path(request.run_directory), open_folder(url)
    if there.exists(ARCHIVE):
        return
    settings = replace(request.settings, dask_workers=())  # it has the cluster that it is on
    files_of_run = content(replace(request, settings=settings), folder, THERE)
    run = ((f"run/{name}", data) for name, data in sorted(files_of_run.items()))
    supervisor_orders.write(folder, supervisor_orders.make(request, [], grace_s=GRACE_S))  # for who judges a lost one
    there.write(ARCHIVE, archive([("package.tar.gz", package(needs_all=True)), *run]))


def wish_end(url: str) -> None:
    """Leave the wish for the run's end where its worker finds it; raises ArtifactError."""
    open_folder(url).write(CANCEL, b"")


def turn_of(folder: Path) -> tuple[int, int]:
    """Return which turn the run in *folder* has, from 1, and how many attempts were made in those before."""
    try:
        noted: Mapping[str, int] = json.loads((folder / _TURN).read_bytes())
    except (OSError, ValueError):
        return 1, 0
    return noted["turn"], noted["attempts"]


def next_turn(folder: Path, url: str, number: int) -> None:
    """
    Note that another worker may have the run whose turn *number* was begun and whose worker is lost.

    Raises ArtifactError. A second time nothing is noted.
    """
    if not has_begun(url, number):
        return
    leave(folder, number)  # once more: what was judged here has been written since
    state = files.read_state(str(folder))
    if turn_of(folder)[0] == number and state is not None:
        write_atomic(folder / _TURN, json.dumps({"turn": number + 1, "attempts": state["attempt"]}).encode())


def has_begun(url: str, turn: int) -> bool:
    """Tell whether a worker has taken the *turn*; raises ArtifactError."""
    return open_folder(f"{url}/{turn}").exists(PLACE)


def leave(folder: Path, number: int) -> None:
    """Bring home nothing more of the turn *number*, if it was begun: its worker is lost, and it is judged here."""
    if _kept(folder, number).exists():
        mirror.leave(folder, str(number))


def bring(folder: Path, url: str) -> None:
    """
    Bring home what the worker has carried away by now, unless somebody else is at it; raises ArtifactError.

    The supervisor's state comes last, and with it the run has begun, or ended, here too.
    """
    number, attempts = turn_of(folder)
    there = open_folder(f"{url}/{number}")
    place = None if mirror.is_done(folder, str(number)) else _place(folder, there, number)
    if place is None:
        return
    with mirror.turn(folder, str(place["directory"])) as mine:
        if mine is None or turn_of(folder)[0] != number:
            return
        sender = mine.sender(str(number), attempt=1)
        if sender.done:
            return
        state = _state_there(there, attempts)
        is_over = state["phase"] == "ended"
        from_folder(mine, str(number), sender, there, is_over=is_over)
        _write_state(folder, state)


def _state_there(there: Folder, attempts: int) -> files.State:
    """Return the state of the supervisor *there*; of one that has not told any, that it has begun."""
    if there.exists(STATE):
        told: files.State = json.loads(there.read(STATE))
        return told
    return {
        "attempt": attempts + 1, "phase": "attempt", "runner": None, "began": 0.0, "events_from": 0, "oom_kills": 0,
        "cgroup": "", "reason": "",
    }  # fmt: skip


def _place(folder: Path, there: Folder, number: int) -> Mapping[str, Json] | None:
    """Return which worker has the turn, as its files here or *there* say; None where none has taken it."""
    kept = _kept(folder, number)
    with suppress(OSError, ValueError):
        known: Mapping[str, Json] = json.loads(kept.read_bytes())
        return known
    if not there.exists(PLACE):
        return None
    data = there.read(PLACE)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomic(kept, data)
    place: Mapping[str, Json] = json.loads(data)
    return place


def _kept(folder: Path, number: int) -> Path:
    return folder / files.FOLDER / f"place-{number}.json"


def _write_state(folder: Path, state: files.State) -> None:
    """Have the supervisor's *state* here: its processes are not, and clock and place of events are others."""
    known = files.read_state(str(folder))
    same = known if known is not None and known["attempt"] == state["attempt"] else None
    here: files.State = {
        **state,
        "runner": None,
        "cgroup": "",
        "began": same["began"] if same else time.monotonic(),
        "events_from": same["events_from"] if same else _begin_of(folder, state["attempt"]),
    }
    if here != known:
        (folder / files.FOLDER).mkdir(mode=0o700, exist_ok=True)
        files.write_json(str(folder / files.STATE), here)


def _begin_of(folder: Path, attempt: int) -> int:
    """Return at which byte the events of *attempt* begin, or will."""
    position = 0
    with suppress(FileNotFoundError), (folder / layout.EVENTS / "000000.jsonl").open("rb") as file:
        for line in file:
            with suppress(ValueError):
                if json.loads(line).get("attempt", 1) >= attempt:
                    break
            position += len(line)
    return position
