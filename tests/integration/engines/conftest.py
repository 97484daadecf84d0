"""An engine with a scripted runner, and what tests ask about its runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGKILL

import pytest

from mlrun_nb._lib import processes
from mlrun_nb.config import Config
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import Handle, Observation, RunRequest
from mlrun_nb.model.settings import Settings
from mlrun_nb.testing.requests import wait_for, wait_until_ended, write_request

SCRIPTED = (sys.executable, "-S", "-I", str(Path(__file__).with_name("scripted_runner.py")))


@dataclass(frozen=True)
class ScriptedRun:
    """A submitted run of a scripted runner."""

    engine: LocalEngine
    handle: Handle
    folder: Path
    request: RunRequest

    def observe(self) -> Observation | None:
        """Return what the engine sees now."""
        return self.engine.observe([self.handle]).get(self.handle.run)

    def ended(self) -> Observation:
        """Return what the engine sees at the end."""
        return wait_until_ended(self.engine, self.handle)

    def wait_for_file(self, name: str) -> str:
        """Return the content of a file of the run directory, once it has any."""
        path = self.folder / name
        return wait_for(lambda: path.read_text() if path.exists() else None, what=name)

    def events(self) -> tuple[Event, ...]:
        """Return all events."""
        return self.engine.read(self.handle, None).events

    @property
    def supervisor(self) -> processes.Identity:
        """Return who supervises the run now."""
        identity = files.read_supervisor(str(self.folder))
        assert identity is not None
        return identity

    @property
    def runner(self) -> processes.Identity:
        """Return who executes the run now."""
        state = files.read_state(str(self.folder))
        assert state is not None
        assert state["runner"] is not None
        return state["runner"]

    def kill_supervisor(self) -> None:
        """Kill the supervisor, and wait until it is gone."""
        supervisor = self.supervisor
        processes.signal_process(supervisor, SIGKILL)
        wait_for(lambda: not processes.is_same_process(supervisor), what="the supervisor's death")

    def processes(self) -> set[int]:
        """Return all living processes of the run, the supervisor left out."""
        return processes.marked(files.MARK, self.handle.run)


@dataclass
class Scripts:
    """Starts scripted runs and ends what a failed test leaves."""

    engine: LocalEngine
    folder: Path
    runs: list[ScriptedRun] = field(default_factory=list)

    def __call__(self, script: str, *, settings: Settings | None = None, python: str = "") -> ScriptedRun:
        """Submit a run whose runner does what *script* says."""
        request = write_request(self.folder, "pass", settings=settings or Settings())
        request = replace(request, python=python)
        Path(request.run_directory, "script.py").write_text(script)
        handle = self.engine.submit([request])[request.id]
        self.runs.append(ScriptedRun(self.engine, handle, Path(request.run_directory), request))
        return self.runs[-1]


StartScript = Callable[..., ScriptedRun]


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[StartScript]:
    """Give a function that starts a run of a scripted runner."""
    config = Config(home=tmp_path / "home", store="memory://")
    scripts = Scripts(LocalEngine(config, runner_command=SCRIPTED, grace_s=0.2), tmp_path / "runs")
    yield scripts
    for run in scripts.runs:
        run.kill_supervisor()
        processes.end_all(run.processes, grace_s=0)
