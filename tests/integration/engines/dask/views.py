"""Views of the engine for the suites that third parties inherit, whatever the target."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.protocols.engine import Engine
from mlrun_nb.testing.engine_contract import EngineFixtures

_ENGINE = """
import os
from pathlib import Path
from mlrun_nb.config import Config
from mlrun_nb.engines.dask.engine import DaskEngine
engine = DaskEngine(Config(home=Path(os.environ["TEST_DASK_HOME"]), store="memory://"))
"""


class DaskViews(EngineFixtures):
    """What all suites of the engine have in common: views of it with the home of `TEST_DASK_HOME`, which are closed."""

    engine_source = _ENGINE

    @pytest.fixture(autouse=True)
    def _closed(self, tmp_path: Path) -> Iterator[None]:
        self._folder = tmp_path
        self._opened: list[DaskEngine] = []
        yield
        for engine in self._opened:
            engine.close()

    def opened(self, tmp_path: Path) -> Engine:
        """Return one more view, which is closed after the test."""
        engine = super().opened(tmp_path)
        assert isinstance(engine, DaskEngine)
        self._opened.append(engine)
        return engine

    def secret(self, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
        """Return a reference that is the same on every worker."""
        path = self._folder / "secret"
        path.write_text(value)
        return f"file:{path}"
