"""A real PostgreSQL of the tests' own: private folder, private port, gone with the tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.parts import require

_START_TIMEOUT_S = 60


class PostgresqlServer:
    """A server that can be killed and started again; `url` names its first database."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def initialise(self) -> None:
        """Make the cluster's files; `initdb` refuses root."""
        if self._as_user:
            shutil.chown(self._folder, "nobody", "nogroup")
        command = [
            *self._as_user,
            str(self._programs / "initdb"),
            "-D",
            str(self._folder / "data"),
            "-A",
            "trust",
            "-U",
            "test",
            "-E",
            "UTF8",
        ]
        command += ["--locale=C.UTF-8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, timeout=120)

    def start(self) -> None:
        """Return when it answers; after a kill the old shared memory may be in use for some seconds."""
        command = [*self._as_user, str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        command += ["-p", str(self._port), "-k", str(self._folder)]
        for setting in ("listen_addresses=127.0.0.1", "fsync=off", "dynamic_shared_memory_type=mmap"):
            command += ["-c", setting]
        until = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                with (self._folder / "log").open("ab") as log:
                    self._process = subprocess.Popen(command, stderr=log, stdout=log, cwd=self._folder)
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError((self._folder / "log").read_text(errors="replace")[-2000:])

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it and wait for that."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_START_TIMEOUT_S)
            self._process = None

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://test@127.0.0.1:{self._port}/{database}"

    def run(self, statement: str) -> None:
        """Execute one statement outside any transaction, as an administrator would."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def running_server() -> Iterator[PostgresqlServer]:
    """Run a server for the block."""
    programs = Path(require("postgresql"))
    folder = Path(tempfile.mkdtemp(prefix="mlrun-nb-postgresql-"))
    server = PostgresqlServer(programs, folder)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """Give the server that this session's tests share."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: PostgresqlServer) -> str:
    """Give the address of a database without a store; a fresh one would cost half a second each."""
    postgresql_server.run("DROP SCHEMA IF EXISTS mlrun_nb CASCADE")
    return postgresql_server.url("postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
