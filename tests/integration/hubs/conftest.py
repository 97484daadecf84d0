"""What tests of hub sources share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub_servers import GitServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    """Give a server of git without repositories; tests of another kind of server have their own."""
    with GitServer(tmp_path / "served") as server:
        yield server
