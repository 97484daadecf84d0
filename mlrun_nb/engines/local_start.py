"""Start supervisors, for a new run or for one whose supervisor was killed, and hear from them that they stand."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import mlrun_nb
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.supervisor import start as program
from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.model.run import RunId

_LOG = "supervisor/supervisor.log"
_ROOT = str(Path(mlrun_nb.__file__).parent.parent)
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
    process: subprocess.Popen[bytes] | None

    def wait(self) -> None:
        """Return once the supervisor stands on its own; raises EngineUnavailable when it does not."""
        if self.process is None:
            return
        with self.process:
            answer = self.process.stdout.read().decode().strip() if self.process.stdout else ""
        if answer == program.READY or (answer == program.HELD and self._is_there()):
            return
        said = (self.folder / _LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        raise EngineUnavailable(
            f"the supervisor in `{self.folder}` did not start" + (f": {said[-1]}" if said else ""),
            hint="Run `mlrun-nb doctor`.",
        )

    def _is_there(self) -> bool:
        deadline = time.monotonic() + _HELD_S
        while files.read_supervisor(str(self.folder)) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return files.read_supervisor(str(self.folder)) is not None


def start(folder: Path, *, run: RunId) -> Start:
    """Start a supervisor in the run directory *folder*; the orders are there."""
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    with (folder / _LOG).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *_BARE, "-c", _PROGRAM],
            cwd=folder,
            env={**environment, files.SUPERVISES: run},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    return Start(folder=folder, process=process)
