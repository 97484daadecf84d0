"""A project with a past, a JupyterLab that shows it, and a page whose panel is open: where tests of the panel begin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.browser import Lab, Look, opened_page, put_on_theme, running_lab
from tests.parts import require

TRAIN = """%%mlrun train --output accuracy --output model
lr: float = 0.1
steps: int = 3
pause: float = 0.0
import time
import mlrun_nb as mn
for step in range(steps):
    time.sleep(pause)
    print('step', step, flush=True)
    mn.log_metric('loss', 1 / (step + 1))
model = {'lr': lr}
accuracy = score(steps)"""

WAIT = """%%mlrun wait
import time
from pathlib import Path
while not Path("go").exists():
    time.sleep(0.1)"""
"""Goes on until somebody lays a file `go` beside the notebook."""

CELLS = (
    "import random",
    "%%mlrun load --output rows\nsize: int = 600\nrows = size\nprint('loaded', rows)",
    "def score(seed):\n    random.seed(seed)\n    return round(0.9 + random.random() / 12, 4)",
    TRAIN,
    "%%mlrun report\nthreshold: float = 0.5\nrows = {'a': 1}\nif threshold > 0.9:\n    rows['weight']",
    WAIT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A project in *folder*, shown by *lab*; `environment` is what a shell beside it exports."""

    folder: Path
    lab: Lab
    environment: Mapping[str, str]

    def type(self, *words: str, check: bool = True) -> str:
        """Type `mlrun-nb WORDS` in a shell, wait for its end, and return what it printed."""
        command = [str(Path(sys.prefix, "bin", "mlrun-nb")), *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout


def make_project(folder: Path, *, cells: tuple[str, ...] = CELLS) -> None:
    """Write a project of one notebook."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "churn.ipynb")
    (folder / "project.yaml").write_text("name: churn\n")


@contextmanager
def running_bench(folder: Path, home: Path, *, port: int = 0) -> Iterator[Bench]:
    """Serve the project in *folder*, with everything of the user's in *home*."""
    environment = {**os.environ, "HOME": str(home), "MLRUN_NB_HOME": str(home / "mlrun-nb")}
    with running_lab(folder, home, port=port) as lab:
        yield Bench(folder=folder, lab=lab, environment=environment)


@contextmanager
def warm_bench(places: pytest.TempPathFactory, exports: Mapping[str, str], *cells: str) -> Iterator[Bench]:
    """Serve a project of *cells* of its own; starts come from the helper that *exports* name."""
    require("panel")
    folder, home = places.mktemp("project"), places.mktemp("home")
    own = {"MLRUN_NB_HOME": str(home / "mlrun-nb"), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in {**exports, **own}.items():
            monkeypatch.setenv(name, value)
        make_project(folder, cells=cells)
        with running_bench(folder, home) as bench:
            yield bench


NARROWEST_PX = 250
"""JupyterLab lets no side bar be narrower."""


class PanelPage:
    """A page of JupyterLab, its panel open."""

    def __init__(self, page: Page, bench: Bench, *, path: str = "lab/tree/churn.ipynb") -> None:
        self.page, self.bench = page, bench
        page.goto(f"{bench.lab.url}{path}{'&' if '?' in path else '?'}reset")
        if "/tree/" in path:  # opened by itself, and would come to the front of what is opened before
            expect(page.locator(".jp-NotebookPanel .jp-CodeCell").first).to_be_visible()
        page.get_by_role("tab", name="Functions and runs").click()
        expect(self.section("Runs")).to_be_visible()
        # What comes into a section moves the ones below: away under a mouse that is pressed.
        expect(self.panel.locator(".jp-mlrun-nb-Section-body:empty")).to_have_count(0)

    @property
    def panel(self) -> Locator:
        """The whole panel."""
        return self.page.get_by_role("region", name="Functions and runs").first

    @property
    def search(self) -> Locator:
        """The search field."""
        return self.panel.get_by_role("searchbox", name="Search runs")

    @property
    def list(self) -> Locator:
        """The list of runs."""
        return self.panel.get_by_role("listbox", name="Runs")

    @property
    def runs(self) -> Locator:
        """The rows of the list of runs."""
        return self.list.get_by_role("option")

    def find(self, words: str, *, leaves: str) -> None:
        """
        Search the runs for *words*, and wait until only rows with the text *leaves* are there.

        A row that is pressed while the list is drawn anew may be gone when the mouse is let go: a click on nothing.
        """
        self.search.fill(words)
        expect(self.runs.filter(has_not_text=leaves)).to_have_count(0)
        expect(self.runs).not_to_have_count(0)

    def section(self, title: str) -> Locator:
        """Return a section by its heading."""
        return self.panel.get_by_role("region", name=title)

    def cell(self, name: str) -> Locator:
        """Return the row of a function of the open notebook."""
        return self.section("This notebook").get_by_role("listitem").filter(has_text=name)

    def theme(self, name: str) -> None:
        """Put on a theme of JupyterLab."""
        put_on_theme(self.page, name)

    def narrow(self) -> None:
        """Draw the edge of the side bar to the left as far as it goes."""
        edge = self.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle:not(.lm-mod-hidden)").first
        box = edge.bounding_box()
        assert box is not None
        height = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] / 2, height)
        self.page.mouse.down()
        self.page.mouse.move(60, height, steps=5)
        self.page.mouse.up()
        self.page.wait_for_function(
            "px => document.getElementById('mlrun-nb-panel').clientWidth === px", arg=NARROWEST_PX
        )


_KERNEL_ENDED = "Canceled future for"
"""JupyterLab's own words, which nobody catches, where a kernel is shut down while a question to it is open."""


@contextmanager
def opened_panel(browser: Browser, bench: Bench, *, look: Look = "light", width: int = 1200) -> Iterator[PanelPage]:
    """Open a page with the panel."""
    with opened_page(browser, look=look, width=width) as page:
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(error.stack or error.message))
        yield PanelPage(page, bench)
        ours = [error for error in errors if _KERNEL_ENDED not in error]
        assert not ours, "\n".join(ours)
