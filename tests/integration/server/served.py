"""A real Jupyter server with the extension, as a process, and a client that speaks to it as a panel does."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.acceptance.session import Session, write_notebook

TOKEN = "the-token-of-the-tests"
TRAIN = """%%mlrun train --output model --output table --output page --output drawing --output accuracy
lr: float = 0.1
epochs: int = 2
import mlrun_nb as mn
from pathlib import Path
for epoch in range(epochs):
    print('epoch', epoch)
    mn.log_metric('loss', lr / (epoch + 1))
mn.log_metric('odd', float('nan'))
model = [lr] * epochs
import pyarrow
table = pyarrow.table({'a': list(range(60)), 'b': ['x'] * 60})
page = Path('page.html'); page.write_text('<script>alert(1)</script>')
drawing = Path('drawing.svg'); drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
accuracy = 1 - lr"""
BROKEN = "%%mlrun broken\nx: int = 1\nprint('\\x1b[31mbefore\\x1b[0m')\n1 / (x - x)"
SLOW = """%%mlrun slow
import time
from pathlib import Path
print('begun', flush=True)
while not Path('go').exists():
    time.sleep(0.05)"""
"""Goes on until somebody makes a file called `go` beside the notebook."""
TIDY = "%%mlrun tidy\nprint('tidy')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as plain data."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server in `session`'s folder, listening at `url`; `log` is the file in which it writes."""

    session: Session
    url: str
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    def ask(
        self, words: str, body: object = None, *, token: str | None = TOKEN, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """Ask `METHOD address`, below the interface where the address does not begin with `/`."""
        method, _, address = words.partition(" ")
        place = f"{self.url.rstrip('/')}{address}" if address.startswith("/") else f"{self.url}mlrun-nb/api/{address}"
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        sent |= {"Authorization": f"token {token}"} if token else {}
        request = urllib.request.Request(place, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(status=answer.status, headers=dict(answer.headers.items()), body=answer.read())
        except urllib.error.HTTPError as err:
            with err:
                return Answer(status=err.code, headers=dict(err.headers.items()), body=err.read())

    def get(self, address: str, **query: str) -> Any:
        """Return what GET of *address* answers, as plain data; it must succeed."""
        found = self.ask(f"GET {address}{'?' + urllib.parse.urlencode(query) if query else ''}")
        assert found.status == 200, found.body
        return found.json

    def wait_for_state(self, run: str, *states: str) -> Any:
        """Return the row of *run* once it is in one of *states*."""
        deadline = monotonic() + 60
        while (row := self.get(f"runs/{run}")["run"])["state"] not in states:
            assert monotonic() < deadline, row
            sleep(0.05)
        return row


def make_session(folder: Path, exports: Mapping[str, str]) -> Session:
    """Return a session in *folder* with a notebook of four functions."""
    write_notebook(folder / "train.ipynb", ["import math", TRAIN, BROKEN, SLOW, TIDY])
    return Session(folder, exports)


def run(session: Session, *words: str) -> str:
    """Run something in the shell and return the id of the run."""
    said = session.type("run", *words, "--quiet")
    assert said.out, said.err
    return said.out.strip()


@contextmanager
def running_server(session: Session, *options: str, config: str = "", proxied: bool = True) -> Iterator[Server]:
    """Start a server in the session's folder for the block."""
    process, runtime, log = start_server(session, *options, config=config, proxied=proxied)
    try:
        yield Server(session=session, url=_wait_for(runtime, process, log), log=log, process=process)
    finally:
        process.kill()
        process.wait()


def start_server(
    session: Session, *options: str, config: str = "", proxied: bool = True
) -> tuple[subprocess.Popen[bytes], Path, Path]:
    """
    Start a server and return its process, and where it says its address and writes its log.

    *proxied* tells whether jupyter-server-proxy, which is installed, is enabled too.
    """
    settings = session.folder / "jupyter_server_config.py"
    settings.write_text(config)
    runtime = session.folder / "runtime"
    log = session.folder / "server.log"
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        f"--config={settings}",
        f"--ServerApp.root_dir={session.folder}",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.jpserver_extensions={ {'mlrun_nb': True, 'jupyter_server_proxy': proxied} }",
        "--ServerApp.port=0",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.allow_root=True",
        "--no-browser",
        *options,
    ]
    environment = session.environment | {"JUPYTER_RUNTIME_DIR": str(runtime)}
    with log.open("ab") as written:
        process = subprocess.Popen(command, cwd=session.folder, env=environment, stdout=written, stderr=written)
    return process, runtime / f"jpserver-{process.pid}.json", log


def _wait_for(runtime: Path, process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = monotonic() + 60
    while not runtime.exists() or not runtime.read_text().endswith("}"):
        assert process.poll() is None, log.read_text()
        assert monotonic() < deadline, log.read_text()
        sleep(0.05)
    url = str(json.loads(runtime.read_text())["url"])
    while True:
        try:
            with urllib.request.urlopen(f"{url}api", timeout=10):
                return url
        except urllib.error.URLError:
            assert monotonic() < deadline
            sleep(0.05)
