"""A helper that has the usual libraries loaded, shared by the tests that only ask it for children."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb.config import Config, Warm
from mlrun_nb.engines.local import LocalEngine
from mlrun_nb.kernels import client, kindle
from mlrun_nb.testing.requests import wait_for

LIBRARIES = ("numpy", "pandas", "sklearn.linear_model", "pyarrow.parquet", "matplotlib.pyplot")


@dataclass(frozen=True)
class Warmth:
    """A helper and the environment of those whom it serves."""

    environment: Mapping[str, str]

    def about(self) -> dict[str, Any]:
        """Return what the helper says of itself; empty when there is none."""
        return client.tell(self.environment, verb="about") or {}

    def stop(self) -> None:
        """Have it end, and wait for that."""
        if pid := self.about().get("pid"):
            client.tell(self.environment, verb="stop")
            wait_for(lambda: not Path(f"/proc/{pid}").exists(), what="the end of the helper")

    def run(self, code: str, *argv: str, folder: Path, **order: Any) -> tuple[int | None, str]:
        """Run the Python program *code* in a child; returns its exit status and what it printed."""
        program = folder / "program.py"
        program.write_text(code)
        with (folder / "said").open("w+") as said, Path(os.devnull).open() as nothing:
            environment = dict(order.pop("environment", self.environment))
            entry = {"entry": "tests.integration.kernels.program:main", "argv": [str(program), *argv], "bound": True}
            given = client.ask({**entry, **order}, [nothing.fileno(), said.fileno(), said.fileno()], environment)
            assert given is not None
            status = given.status()
            given.let_go()
            said.seek(0)
            return status, said.read()


def kindled(environment: Mapping[str, str], *, modules: Sequence[str] = (), idle_s: float = 600.0) -> Warmth:
    """Return the helper for *environment* once it can be asked."""
    kindle.kindle(environment, modules=modules, idle_s=idle_s)
    warmth = Warmth(environment)
    wait_for(warmth.about, what="a helper")
    return warmth


@pytest.fixture(scope="session")
def shared_helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warmth]:
    """Return a helper with libraries."""
    root = str(Path(__file__).parents[3])
    own = {"HOME": str(tmp_path_factory.mktemp("warm-home")), "PYTHONPATH": root, "MLRUN_NB_WARM": "on"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "JUPYTER_", "MLRUN_NB_"))}
    warmth = kindled(kept | own | {"MLRUN_NB_HOME": f"{own['HOME']}/nb"}, modules=LIBRARIES)
    yield warmth
    warmth.stop()


@pytest.fixture
def helper(shared_helper: Warmth, monkeypatch: pytest.MonkeyPatch) -> Warmth:
    """Return the shared helper, a new one after a test that has ended it, and give the test its environment."""
    if not shared_helper.about():
        kindled(shared_helper.environment, modules=LIBRARIES)
    for name in set(os.environ) - set(shared_helper.environment) - {"PYTEST_CURRENT_TEST"}:
        monkeypatch.delenv(name)
    for name, value in shared_helper.environment.items():
        monkeypatch.setenv(name, value)
    return shared_helper


@pytest.fixture
def engine(helper: Warmth, tmp_path: Path) -> LocalEngine:
    """Return an engine that starts runs from the helper."""
    return LocalEngine(Config(home=tmp_path / "home", store="memory://", warm=Warm(mode="on")))
