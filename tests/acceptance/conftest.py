"""Sessions of a user: one of the test's own, and one with a few runs that is shared by the tests that only look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlrun_nb.kernels import client
from tests.acceptance.session import HELLO, TRAIN, Said, Session, write_notebook


def make_session(folder, **exports) -> Session:
    """Return a session in *folder* with two notebooks."""
    write_notebook(folder / "hello.ipynb", HELLO, parameters=True)
    write_notebook(folder / "train.ipynb", TRAIN)
    return Session(folder, exports)


def work(session: Session) -> dict[str, Said]:
    """Make two good runs and a failed one, and return what was said of each."""
    return {
        "first": session.type("run", "train.ipynb::train", "--json"),
        "second": session.type("run", "train.ipynb::train", "-p", "lr=0.2"),
        "failed": session.type("run", "train.ipynb::broken", "--junit", "junit.xml", "--summary", "summary.md"),
    }


def births(session: Session) -> int:
    """Return how many processes the session's helper has given."""
    about = client.tell(session.environment, verb="about")
    assert about is not None
    return int(about["births"])


@contextmanager
def served(folder: Path, exports: Mapping[str, str]) -> Iterator[Session]:
    """Give a session in *folder*, and see that some of its commands came from the helper."""
    session = make_session(folder, **exports)
    before = births(session)
    yield session
    assert births(session) > before


@pytest.fixture
def session(warm_exports, tmp_path) -> Session:
    """Return a session of the test's own, whose commands come from a helper."""
    return make_session(tmp_path, **warm_exports)


@pytest.fixture(scope="session")
def worked(warm_exports, tmp_path_factory) -> tuple[Session, dict[str, Said]]:
    """Return a session in which two good runs and a failed one were made; tests only look at it."""
    session = make_session(tmp_path_factory.mktemp("worked"), **warm_exports)
    return session, work(session)
