"""One server with a few runs, shared by the tests that only look or that clean up behind themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.integration.server.served import Server, make_session, run, running_server


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A server, and the runs that were made before it was started."""

    server: Server
    first: str
    second: str
    failed: str


@pytest.fixture(scope="session")
def worked(warm_exports, tmp_path_factory) -> Iterator[Worked]:
    """Give a server in a folder in which two good runs and a failed one were made."""
    session = make_session(tmp_path_factory.mktemp("served"), warm_exports)
    first = run(session, "train.ipynb::train", "--label", "team=risk", "--tag", "prod")
    second = run(session, "train.ipynb::train", "-p", "lr=0.2")
    failed = run(session, "train.ipynb::broken")
    with running_server(session, "--ServerApp.allow_unauthenticated_access=False") as server:
        yield Worked(server=server, first=first, second=second, failed=failed)


@pytest.fixture
def server(worked: Worked) -> Server:
    """Give the server alone."""
    return worked.server
