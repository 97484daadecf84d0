"""The engine `dask` passes the suite that third parties inherit, with the real runner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.model.settings import Settings
from mlrun_nb.testing.engine_contract import ExaminableContract, HostedEngineContract
from mlrun_nb.testing.pool_contract import PoolContract
from tests.integration.engines.dask.separate import Separate
from tests.integration.engines.dask.views import DaskViews


class _Own(DaskViews):
    """On a cluster of this machine that is ours."""

    @pytest.fixture(autouse=True)
    def _exported(self, dask_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEST_DASK_HOME", str(dask_home))


class _Address(DaskViews):
    """On a scheduler that is there already, over TLS."""

    @pytest.fixture(autouse=True)
    def _exported(self, separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TEST_DASK_HOME", str(tmp_path / "home"))
        self._target = separate.settings

    def settings(self, asked: Settings) -> Settings:
        """Return *asked* with the address of the scheduler."""
        return replace(asked, dask=self._target)


class TestOwnCluster(_Own, HostedEngineContract, ExaminableContract):
    """Runs as tasks of it."""


class TestAddress(_Address, HostedEngineContract, ExaminableContract):
    """Runs as tasks of its workers."""


class TestBatches(_Address, PoolContract):
    """Children of a sweep in batches."""
