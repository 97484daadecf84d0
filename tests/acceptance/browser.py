"""A real browser for tests: the machine's own Chromium, and pages that look as front ends do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Literal
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.parts import require

PATIENCE_MS = 90_000
"""For all that a page is waited for: a machine with much else to do is slow, and what comes soon costs no more."""

Look = Literal["light", "dark"]
LOOKS: tuple[Look, ...] = ("light", "dark")

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
_THEMES = Path(sys.prefix, "share/jupyter/lab/themes/@jupyterlab")


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Open Chromium for the block; a machine without it leaves the calling test out."""
    program = require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened_page(browser: Browser, *, look: Look = "light", width: int = 800, scale: float = 1) -> Iterator[Page]:
    """Open an empty page whose reader's system is light or dark."""
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme=look, device_scale_factor=scale, reduced_motion="reduce"
    )
    expect.set_options(timeout=PATIENCE_MS)
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        yield page
    finally:
        context.close()


def put_on_theme(page: Page, name: str) -> None:
    """Put on a theme of JupyterLab in *page*, and wait until it is drawn."""
    page.evaluate("name => void window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
    expect(page.locator(f'body[data-jp-theme-name="{name}"]')).to_be_attached()
    page.evaluate("() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))))")


def jupyterlab_theme(look: Look) -> str:
    """Return the style sheet of a theme as JupyterLab installs it."""
    return (_THEMES / f"theme-{look}-extension" / "index.css").read_text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """A JupyterLab that serves *folder* at *url*."""

    folder: Path
    url: str


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_lab(folder: Path, home: Path, *, port: int = 0) -> Iterator[Lab]:
    """
    Start JupyterLab in *folder* for the block, with nothing of the user's; *home* has its settings.

    It listens at *port*, or at any that is free.
    """
    _write_settings(home / ".jupyter")
    config = folder / "jupyter_server_config.py"
    config.write_text(
        "from jupyterlab.galata import configure_jupyter_server\n"
        "configure_jupyter_server(c)\n"
        "c.ServerApp.allow_root = True\n"
        f"c.ServerApp.port = {port}\n"
        "c.ServerApp.ip = '127.0.0.1'\n"
        f"c.ServerApp.root_dir = {str(folder)!r}\n"
    )
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", f"--config={config}"]
    with (folder / "jupyterlab.log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield Lab(folder=folder, url=_when_it_answers(server))
    finally:
        server.kill()  # asked to end, it waits for browsers to go; its kernels end with it
        server.wait()


def _write_settings(folder: Path) -> None:
    """
    Write what the front end is to leave out: its news, and its splash.

    A splash that is shown again within 0.2 s, by a theme that is loaded, is removed twice by JupyterLab 4.6: an error
    of the page (`removeChild`), which is not ours.
    """
    news = folder / "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    _write_json(news, {"fetchNews": "false", "checkForUpdates": False})
    page = folder / "labconfig/page_config.json"
    config: dict[str, dict[str, bool]] = json.loads(page.read_text()) if page.exists() else {}
    config.setdefault("disabledExtensions", {})["@jupyterlab/apputils-extension:splash"] = True  # a test has others too
    _write_json(page, config)


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def _when_it_answers(server: subprocess.Popen[bytes]) -> str:
    """Wait for *server* and return its URL; it states that in a file, which it writes before it listens."""
    stated = Path(os.environ["JUPYTER_RUNTIME_DIR"], f"jpserver-{server.pid}.json")
    deadline = monotonic() + 90
    while True:
        assert server.poll() is None, "JupyterLab ended"
        assert monotonic() < deadline, "JupyterLab did not start"
        try:
            url = str(json.loads(stated.read_text())["url"])
            urlopen(f"{url}api", timeout=10).close()
            return url
        except (OSError, ValueError):  # no file, half a file, nobody listens
            sleep(0.05)
