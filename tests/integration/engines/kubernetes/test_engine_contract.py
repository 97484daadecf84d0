"""The engine and its pool pass the suites that third parties inherit, on a real cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlrun_nb.model.settings import Settings
from mlrun_nb.testing.engine_contract import DetachedEngineContract, EngineFixtures, ExaminableContract
from mlrun_nb.testing.pool_contract import PoolContract
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import RESTRICTED
from tests.integration.kube.cluster import Space, kubectl, space, submitting
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    """Give a namespace, in which this process and those that it starts have the least of rights."""
    require("cluster")
    with space(labels=RESTRICTED) as here, submitting(here, tmp_path_factory.mktemp("submitter")):
        yield here


class OnCluster(EngineFixtures):
    """The engine in a namespace of its own."""

    engine_source = (
        "from pathlib import Path\nfrom mlrun_nb.config import Config\n"
        "from mlrun_nb.engines.kubernetes.engine import KubernetesEngine\n"
        "engine = KubernetesEngine(Config(home=Path(home), store='memory://'))"
    )
    space: Space

    @pytest.fixture(autouse=True)
    def _in_space(self, here: Space) -> None:
        self.space = here

    def settings(self, asked: Settings) -> Settings:
        """See EngineFixtures."""
        return replace(
            asked,
            environment=replace(asked.environment, image=IMAGE),
            kubernetes=replace(asked.kubernetes, namespace=self.space.namespace),
        )

    def secret(self, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
        """See EngineFixtures."""
        words = ("secret", "generic", "contract", f"--from-literal=key={value}", "--namespace", self.space.namespace)
        kubectl("create", *words)
        return "kubernetes:contract/key"


class TestKubernetesEngine(OnCluster, DetachedEngineContract, ExaminableContract):
    """Runs in pods."""


class TestBlocks(OnCluster, PoolContract):
    """Children of a sweep as indexes of a Job."""

    patience_s = 240.0
