"""Run directories with a request in them, ready for an engine; and how to wait for what an engine makes of them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from mlrun_nb._lib.clock import now
from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import to_json
from mlrun_nb.model.function import FunctionSpec, SourceCell
from mlrun_nb.model.run import Handle, Observation, RunId, RunRequest
from mlrun_nb.model.settings import Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.compose import compose
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.testing.records import make_version

PATIENCE_S = 90.0
"""How long anything may take here before a test fails: a shared machine has slow minutes."""

T = TypeVar("T")
_PLAIN = Settings()


def write_request(folder: Path, *cells: str, engine: str = "local", settings: Settings = _PLAIN) -> RunRequest:
    """Return the request to run *cells*, a whole notebook, from a new run directory below *folder*."""
    run = RunId(new_id())
    directory = folder / run
    directory.mkdir(parents=True)
    sources = tuple(SourceCell(role="body", source=cell) for cell in cells)
    version = replace(make_version("\n".join(cells)), spec=FunctionSpec(form="notebook", cells=sources))
    request = RunRequest(
        id=run,
        version=version,
        engine=engine,
        settings=settings,
        run_directory=str(directory),
        artifacts=str(directory / "artifacts"),
        working_directory=str(directory),
        created=now(),
    )
    (directory / "input.ipynb").write_text(json.dumps(compose(version)), encoding="utf-8")
    (directory / "request.json").write_text(json.dumps(to_json(request)), encoding="utf-8")
    return request


def wait_for(condition: Callable[[], T | None], *, what: str, patience_s: float = PATIENCE_S) -> T:
    """Return the first value of *condition* that is true; raises TimeoutError naming *what* never came."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise TimeoutError(f"waited {patience_s:g} s for {what}")


def wait_until_ended(engine: Engine, handle: Handle) -> Observation:
    """Return the observation of the run once it has ended."""

    def ended() -> Observation | None:
        seen = engine.observe([handle]).get(handle.run)
        return seen if seen is not None and seen.state.is_final else None

    return wait_for(ended, what=f"the end of run {handle.run}")


def wait_until_running(engine: Engine, handle: Handle) -> Observation:
    """Return the observation of the run once its cells are executed."""

    def running() -> Observation | None:
        seen = engine.observe([handle]).get(handle.run)
        return seen if seen is not None and seen.state is not RunState.PENDING else None

    return wait_for(running, what=f"the start of run {handle.run}")
