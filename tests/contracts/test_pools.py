"""The pools of engines that need no cluster pass the suite that third parties inherit."""

from __future__ import annotations

from mlrun_nb.testing.pool_contract import PoolContract


class TestForkPool(PoolContract):
    """Children as forks of one process."""

    engine_source = (
        "from pathlib import Path\nfrom mlrun_nb.config import Config\nfrom mlrun_nb.engines.local import LocalEngine\n"
        "engine = LocalEngine(Config(home=Path(home), store='memory://'))"
    )
