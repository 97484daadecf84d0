"""A namespace that lets in only restricted pods, and an engine that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.model.run import Handle, Observation, RunRequest
from mlrun_nb.model.settings import Settings
from mlrun_nb.testing.requests import wait_for, write_request
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.kube.cluster import Space, space
from tests.parts import require

_PLAIN = Settings()
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@dataclass(frozen=True)
class Bench:
    """A namespace, an engine, and a folder for run directories."""

    space: Space
    engine: KubernetesEngine
    folder: Path
    handles: dict[str, Handle] = field(default_factory=dict)

    def request(self, *cells: str, settings: Settings = _PLAIN, image: str = IMAGE) -> RunRequest:
        """Return a request to run *cells* in the namespace."""
        environment = replace(settings.environment, image=image)
        place = replace(settings.kubernetes, namespace=self.space.namespace)
        settings = replace(settings, environment=environment, kubernetes=place)
        return write_request(self.folder, *cells, engine="kubernetes", settings=settings)

    def submit(self, *cells: str, settings: Settings = _PLAIN, image: str = IMAGE) -> Handle:
        """Submit a run of *cells* and return its handle."""
        request = self.request(*cells, settings=settings, image=image)
        return self.engine.submit([request])[request.id]

    def ended(self, handle: Handle, *, patience_s: float = 240.0) -> Observation:
        """Return how a run ended."""

        def final() -> Observation | None:
            seen = self.engine.observe([handle]).get(handle.run)
            return seen if seen is not None and seen.state.is_final else None

        return wait_for(final, what=f"the end of {handle.data['job']}", patience_s=patience_s)

    def directory(self, handle: Handle) -> Path:
        """Return the run directory."""
        return Path(str(handle.data["run_directory"]))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Give a bench for the tests of a module."""
    require("cluster")
    folder = tmp_path_factory.mktemp("runs")
    engine = KubernetesEngine(Config(home=folder, store="memory://"))
    with space(labels=RESTRICTED) as here:
        yield Bench(space=here, engine=engine, folder=folder)
    engine.close()
