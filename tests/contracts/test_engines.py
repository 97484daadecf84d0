"""Every engine of ours passes the suite that third parties inherit, with the real runner."""

from __future__ import annotations

import pytest

from mlrun_nb.testing.engine_contract import EngineContract, HostedEngineContract

_CONFIG = "from pathlib import Path\nfrom mlrun_nb.config import Config\nconfig = Config(home=Path(home), store='memory://')\n"


class TestInlineEngine(EngineContract):
    """Runs in this process."""

    engine_source = _CONFIG + "from mlrun_nb.engines.inline import InlineEngine\nengine = InlineEngine(config)"


class TestLocalEngine(HostedEngineContract):
    """Runs in a session of their own on this machine."""

    engine_source = _CONFIG + "from mlrun_nb.engines.local import LocalEngine\nengine = LocalEngine(config)"


@pytest.mark.usefixtures("warm")
class TestLocalEngineWithAHelper(HostedEngineContract):
    """The same, where supervisor, runner and kernel are forks."""

    engine_source = (
        TestLocalEngine.engine_source + "\nfrom dataclasses import replace\nfrom mlrun_nb.config import Warm\n"
        "engine = LocalEngine(replace(config, warm=Warm(mode='on')))"
    )
