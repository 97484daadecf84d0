"""
A helper for each worker of the test run, for tests whose subject is not how Python starts.

A run costs them milliseconds in place of three starts of Python, and they go the way that a user's second run goes.
The ordinary start is the subject of `test_cli_cold`, the engine's contract and all tests that do not ask for `warm`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import pytest

from mlrun_nb.kernels import client, kindle
from mlrun_nb.testing.requests import wait_for

_FOLDERS = (
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "JUPYTER_CONFIG_DIR", "IPYTHONDIR",
)  # fmt: skip
"""Variables of folders that are looked up once, at an import, and so are a helper's for good."""


@pytest.fixture(scope="session")
def warm_exports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """Return what a shell exports in which a helper answers."""
    home = tmp_path_factory.mktemp("warm")
    home.chmod(0o700)
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "MLRUN_NB_WARM": "on", "PYTHONIOENCODING": "utf-8"}
    own |= {name: str(home / name) for name in _FOLDERS}
    environment = {**os.environ, **own}
    kindle.kindle(environment, idle_s=3600)
    wait_for(lambda: client.tell(environment, verb="about"), what="a helper")
    yield own
    client.tell(environment, verb="stop")


@pytest.fixture
def warm(warm_exports: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what the test starts come from the helper; the places of records and kernels stay the test's own."""
    for name, value in warm_exports.items():
        monkeypatch.setenv(name, value)
