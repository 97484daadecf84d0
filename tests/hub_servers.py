"""Real servers that functions come from: one of git, by git's own backend, and one of files, which can misbehave."""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class _Server:
    """A server in a thread for the length of a block."""

    def __init__(self, handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Listen no more; a second time nothing happens."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()


class WebServer(_Server):
    """The files of *folder*, with ETags. `faults` answer instead, by path; `asked` are the requests, with status."""

    def __init__(self, folder: Path) -> None:
        self.faults: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, int]] = []
        super().__init__(partial(_Files, server_=self, directory=str(folder)))


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, *words: object, server_: WebServer, directory: str) -> None:
        self.owner = server_
        super().__init__(*words, directory=directory)  # type: ignore[arg-type]  # what a server hands over

    def do_GET(self) -> None:
        """Answer with the fault of the path, or the file, or that it has not changed."""
        fault = self.owner.faults.get(self.path)
        if fault is not None:
            fault(self)
            return
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        data = path.read_bytes()
        tag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        is_known = self.headers.get("If-None-Match") == tag
        self.send_response(HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", "0" if is_known else str(len(data)))
        self.end_headers()
        self.wfile.write(b"" if is_known else data)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # the library's
        """Remember the request."""
        self.owner.asked.append((self.path, int(code)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Keep silent."""


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for ever, until the other side has had enough."""
    handler.send_response(HTTPStatus.OK)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def drip_head(handler: BaseHTTPRequestHandler) -> None:
    """Send the head of an answer a byte now and then, for ever, until the other side has had enough."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while True:
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Send without end, until the other side has had enough."""
    handler.send_response(HTTPStatus.OK)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(bytes(1 << 20))
    except OSError:
        handler.close_connection = True


def status(code: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return the answer *code* and nothing more."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


class GitServer(_Server):
    """Repositories below *folder*, by `git http-backend`; they can be cloned and pushed to by anybody."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        super().__init__(partial(_Backend, root=folder))

    def make(self, name: str) -> str:
        """Make the repository *name*, without a commit, where it is not there; returns its URL."""
        bare = self.folder / name
        if not bare.exists():
            git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", name)
            for key in ("http.receivepack", "uploadpack.allowReachableSHA1InWant"):
                git(bare, "config", key, "true")
        return f"{self.url}/{name}"

    def publish(self, work: Path, name: str, *, message: str = "items", tag: str = "") -> str:
        """Commit all that is in *work* and push it to the repository *name*, which is made; returns its URL."""
        url = self.make(name)
        if not (work / ".git").exists():
            git(work, "init", "--quiet", "--initial-branch=main")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", message)
        git(work, "push", "--quiet", "--force", url, "HEAD:main")
        if tag:
            git(work, "tag", "--force", "--annotate", "--message", message, tag)
            git(work, "push", "--quiet", "--force", url, f"refs/tags/{tag}")
        return url


class _Backend(BaseHTTPRequestHandler):
    """CGI of `git http-backend`. Source: git-http-backend(1), ENVIRONMENT."""

    protocol_version = "HTTP/1.0"

    def __init__(self, *words: object, root: Path) -> None:
        self.root = root
        super().__init__(*words)  # type: ignore[arg-type]  # what a server hands over

    def do_GET(self) -> None:
        """Hand the request over."""
        self._hand_over(b"")

    def do_POST(self) -> None:
        """Hand the request over with its body."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            self._hand_over(b"".join(iter(self._chunk, b"")))
        else:
            self._hand_over(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def _chunk(self) -> bytes:
        data = self.rfile.read(int(self.rfile.readline().split(b";")[0], 16))
        self.rfile.readline()
        return data

    def _hand_over(self, body: bytes) -> None:
        place = urlsplit(self.path)
        variables: Mapping[str, str] = {
            "GIT_PROJECT_ROOT": str(self.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": place.path,
            "QUERY_STRING": place.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, capture_output=True, check=True, env={**os.environ, **variables}
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        code = next((int(value.split()[0]) for name, value in headers if name == "Status"), HTTPStatus.OK)
        self.send_response(code)
        for name, value in headers:
            if name != "Status":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Keep silent."""


def git(folder: Path, *words: str) -> str:
    """Return what git says in *folder*, as somebody who has a name."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True, timeout=60
    ).stdout.strip()
