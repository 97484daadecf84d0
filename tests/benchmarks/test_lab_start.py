"""What the extension adds to the start of JupyterLab: to the page, and to the server before it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.acceptance.browser import Lab, opened_browser, opened_page, running_lab
from tests.benchmarks.test_start import paired
from tests.parts import require

pytestmark = pytest.mark.benchmark

PAGES = 15
SERVERS = 11
PAGE_GOAL = 1.05
SERVER_GOAL = 1.1

# `restored` comes before the launcher is drawn; what a reader waits for is the later one, in a frame that is painted.
_STARTED = """() => new Promise(done => {
  const look = () => {
    if (window.jupyterapp && document.querySelector('.jp-Launcher .jp-LauncherCard')) {
      window.jupyterapp.restored.then(() => requestAnimationFrame(() => done(performance.now())));
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
})"""


def switch(*, front_end: bool = True, server: bool = True) -> None:
    """Write what `jupyter labextension disable` and `jupyter server extension disable` write, or its opposite."""
    config = Path(os.environ["JUPYTER_CONFIG_DIR"])
    written = {
        "labconfig/page_config.json": {"disabledExtensions": {"mlrun-nb": not front_end}},
        "jupyter_server_config.d/mlrun_nb.json": {"ServerApp": {"jpserver_extensions": {"mlrun_nb": server}}},
    }
    for name, content in written.items():
        (config / name).parent.mkdir(parents=True, exist_ok=True)
        (config / name).write_text(json.dumps(content))


def page_seconds(browser: Browser, lab: Lab, *, front_end: bool) -> float:
    """Return the seconds from the request of the page to the launcher, with nothing cached by the browser."""
    switch(front_end=front_end)  # read again for each page
    with opened_page(browser, width=1200) as page:
        page.goto(f"{lab.url}lab?reset", wait_until="commit")
        taken = float(page.evaluate(_STARTED)) / 1000
        assert (page.get_by_role("tab", name="Functions and runs").count() == 1) is front_end
    return taken


def server_seconds(folder: Path, home: Path, *, server: bool) -> float:
    """Return the seconds from the start of the process to its first answer."""
    switch(server=server)
    began = time.perf_counter()
    with running_lab(folder, home):
        taken = time.perf_counter() - began
    assert ("mlrun_nb | extension was successfully loaded" in (folder / "jupyterlab.log").read_text()) is server
    return taken


def test_the_page_starts_as_quickly_as_without_us(tmp_path, home):
    """JupyterLab until it is restored and the launcher is drawn; goal at most 1.05 times the same Lab without."""
    require("panel")
    with running_lab(tmp_path, home) as lab, opened_browser() as browser:
        ours, bare, ratio = paired(
            lambda: page_seconds(browser, lab, front_end=True),
            lambda: page_seconds(browser, lab, front_end=False),
            PAGES,
        )
    print(f"\npage: {ours:.3f} s, without the extension {bare:.3f} s, ratio {ratio:.3f} (goal ≤ {PAGE_GOAL})")
    assert ratio <= PAGE_GOAL


def test_the_server_starts_as_quickly_as_without_us(tmp_path, home, monkeypatch):
    """`jupyter lab` until it answers; goal at most 1.1 times the same server without the extension."""
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "no")  # the user's word counts more than the environment's
    ours, bare, ratio = paired(
        lambda: server_seconds(tmp_path, home, server=True),
        lambda: server_seconds(tmp_path, home, server=False),
        SERVERS,
    )
    print(f"\nserver: {ours:.3f} s, without the extension {bare:.3f} s, ratio {ratio:.3f} (goal ≤ {SERVER_GOAL})")
    assert ratio <= SERVER_GOAL
