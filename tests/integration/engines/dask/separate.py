"""A scheduler and its workers as processes of their own, over TLS with certificates made for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL

from mlrun_nb.model.settings import Dask
from mlrun_nb.testing.requests import wait_for

_CERTIFICATE = (
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
)  # fmt: skip


@dataclass
class Separate:
    """A cluster whose processes can be killed one by one."""

    folder: Path
    exports: Mapping[str, str] = field(default_factory=dict)
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where its scheduler listens."""
        return str(json.loads((self.folder / "scheduler.json").read_bytes())["address"])

    @property
    def settings(self) -> Dask:
        """What a run is given to be executed here."""
        cert, key = str(self.folder / "cert.pem"), str(self.folder / "key.pem")
        return Dask(dask_address=self.address, dask_tls_ca=cert, dask_tls_cert=cert, dask_tls_key=key)

    def start(self, *, workers: int = 2, port: int = 0) -> None:
        """Start it, and return once its workers are there."""
        self.folder.mkdir(exist_ok=True)
        if not (self.folder / "cert.pem").exists():
            files = ("-keyout", str(self.folder / "key.pem"), "-out", str(self.folder / "cert.pem"))
            subprocess.run([*_CERTIFICATE, *files], check=True, capture_output=True)
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        self.scheduler = self._process(
            "scheduler", "--host", "127.0.0.1", "--protocol", "tls", "--port", str(port), "--no-dashboard",
            "--scheduler-file", str(file), *self._tls(),
        )  # fmt: skip
        wait_for(file.exists, what="the scheduler")
        for _ in range(workers):
            self.add_worker()

    def add_worker(
        self, *words: str, exports: Mapping[str, str] | None = None, python: Sequence[str] = (sys.executable,)
    ) -> subprocess.Popen[bytes]:
        """Start one more worker with one slot, by the command *python*, and return once it is there."""
        before = self.registered()
        worker = self._process(
            "worker", "--scheduler-file", str(self.folder / "scheduler.json"), "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(self.folder), *self._tls(), *words,
            exports=exports, python=python,
        )  # fmt: skip
        self.workers.append(worker)
        wait_for(lambda: self.registered() > before, what="a worker")
        return worker

    def registered(self) -> int:
        """Return how many workers have said that they are there."""
        said = (self.folder / "log").read_bytes()
        return said.count(b"Register worker")

    def kill(self, *processes: subprocess.Popen[bytes] | None) -> None:
        """End *processes* as a machine does that loses power."""
        for process in processes:
            if process is not None:
                process.send_signal(SIGKILL)
                process.wait()

    def retire(self) -> None:
        """End all workers, and return once the scheduler has heard of it."""
        said = self.folder / "log"
        left = said.read_bytes().count(b"Remove worker") + len(self.workers)
        self.kill(*self.workers)
        self.workers.clear()
        wait_for(lambda: said.read_bytes().count(b"Remove worker") >= left, what="the end of the workers")

    def end(self) -> None:
        """End all of it."""
        self.kill(*self.workers, self.scheduler)
        self.workers.clear()

    def _tls(self) -> Sequence[str]:
        cert, key = str(self.folder / "cert.pem"), str(self.folder / "key.pem")
        return ("--tls-ca-file", cert, "--tls-cert", cert, "--tls-key", key)

    def _process(
        self, *words: str, exports: Mapping[str, str] | None = None, python: Sequence[str] = (sys.executable,)
    ) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*python, "-P", "-m", "dask", *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.exports, **(exports or {})},
            )  # fmt: skip
