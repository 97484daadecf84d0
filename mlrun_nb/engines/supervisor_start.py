"""Start supervisors, for a new run or for one whose supervisor was killed, and hear from them that they stand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mlrun_nb._lib.package import PACKAGE
from mlrun_nb._lib.processes import Identity
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor import start as program
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kernels import client
from mlrun_nb.model.run import RunId

_LOG = "supervisor/supervisor.log"
_ROOT = str(PACKAGE.parent)
_PROGRAM = f"import sys; sys.path.append({_ROOT!r}); from {program.__name__} import main; main()"
_BARE = ("-I", "-S") if sys.platform == "linux" else ("-I",)
"""Without `site` a Python starts in half the time; elsewhere psutil is needed, which `site` makes findable."""
_NOT_INHERITED = ("MLRUN_NB_RUN", "MLRUN_NB_CONTEXT")
"""Variables of a run that starts another: the other one stands on its own."""
_HELD_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A supervisor that is starting in *folder*."""

    folder: Path
    answer: int | None
    """Where it says that it stands, as a descriptor; None where one stood there before."""
    process: subprocess.Popen[bytes] | None = None

    def wait(self) -> None:
        """Return once the supervisor stands on its own; raises EngineUnavailable when it does not."""
        if self.answer is None:
            return
        with open(self.answer, "rb") as file:  # noqa: PTH123  # a descriptor, not a path
            answer = file.read().decode().strip()
        if self.process is not None:
            self.process.wait()
        if answer == program.READY or (answer == program.HELD and is_there(self.folder)):
            return
        said = (self.folder / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        raise EngineUnavailable(
            f"the supervisor in `{self.folder}` did not start" + (f": {said[-1]}" if said else ""),
            hint="Run `mlrun-nb doctor`.",
        )


def is_there(folder: Path) -> bool:
    """Tell whether a supervisor stands, or stood, in *folder*, after waiting for one that is about to."""
    deadline = time.monotonic() + _HELD_S
    while files.read_supervisor(str(folder)) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return files.read_supervisor(str(folder)) is not None


def start(
    folder: Path, *, run: RunId, warm: bool = False, host: Identity | None = None, apart: Collection[str] = ()
) -> Start:
    """
    Start a supervisor in the run directory *folder*; the orders are there.

    With *warm* it is forked from a helper, if there is one. The run ends with the process *host*, if given, and
    inherits no variable that is named in *apart*.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    environment = {name: value for name, value in inherited.items() if name not in apart}
    environment[files.SUPERVISES] = run
    if host is not None:
        environment[files.HOST] = json.dumps(host)
    answer, theirs = os.pipe()
    try:
        with (folder / _LOG).open("ab") as log:
            if warm and _forked(folder, environment, stdout=theirs, stderr=log.fileno()):
                return Start(folder=folder, answer=answer)
            return Start(folder=folder, answer=answer, process=_spawned(folder, environment, stdout=theirs, stderr=log))
    except BaseException:
        os.close(answer)
        raise
    finally:
        os.close(theirs)


def _forked(folder: Path, environment: dict[str, str], *, stdout: int, stderr: int) -> bool:
    order = {
        "entry": f"{program.__name__}:main",
        "argv": [program.__name__],
        "directory": str(folder),
        "session": "session",
    }
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # no file of ours
        given = client.ask(order, [nothing.fileno(), stdout, stderr], environment)
    if given is None:
        return False
    given.let_go()
    return True


def _spawned(folder: Path, environment: dict[str, str], *, stdout: int, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *_BARE, "-c", _PROGRAM],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )
