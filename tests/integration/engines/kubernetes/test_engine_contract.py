"""The engine passes the suite that third parties inherit, on a real cluster."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlrun_nb.model.settings import Settings
from mlrun_nb.testing.engine_contract import DetachedEngineContract, ExaminableContract
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.engines.kubernetes.conftest import RESTRICTED
from tests.integration.kube.cluster import Space, space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def here() -> Iterator[Space]:
    """Give a namespace."""
    require("cluster")
    with space(labels=RESTRICTED) as here:
        yield here


class TestKubernetesEngine(DetachedEngineContract, ExaminableContract):
    """Runs in pods."""

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
        command = ["kubectl", "create", "secret", "generic", "contract", f"--from-literal=key={value}"]
        subprocess.run([*command, "--namespace", self.space.namespace], check=True, capture_output=True)
        return "kubernetes:contract/key"
