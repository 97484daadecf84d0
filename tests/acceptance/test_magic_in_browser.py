"""A person at work in JupyterLab: type a cell, run it, see the card move, interrupt, fail, fix, compare."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.acceptance.browser import opened_browser, opened_page, running_lab

CARD = ".mlrun-nb-card"


class Notebook:
    """A notebook in JupyterLab, its last cell under the cursor."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder = page, folder

    def type(self, text: str) -> Locator:
        """Type a cell at the end, run it, and return what stands below it; does not wait for its end."""
        # a kernel drops what was sent to it before the cell that failed has ended
        expect(self.page.locator(".jp-Notebook .jp-InputPrompt", has_text="[*]")).to_have_count(0)
        cells = self.page.locator(".jp-Notebook .jp-CodeCell")
        number = cells.count() - 1
        editor = cells.nth(number).locator(".cm-content")
        editor.click()
        self.page.keyboard.insert_text(text)
        expect(editor).to_contain_text(text.splitlines()[-1])
        self.page.keyboard.press("Shift+Enter")
        expect(cells).to_have_count(number + 2)
        return cells.nth(number).locator(".jp-Cell-outputWrapper")

    def interrupt(self) -> None:
        """Press the square in the notebook's toolbar."""
        self.page.locator('.jp-NotebookPanel-toolbar [data-command="notebook:interrupt-kernel"]').click()


@pytest.fixture
def notebook(tmp_path_factory):
    """Open an empty notebook in a JupyterLab of its own, with the extension loaded."""
    folder = tmp_path_factory.mktemp("lab")
    home = folder / "home"
    home.mkdir()
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("")])
    empty.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(empty, folder / "work.ipynb")
    with pytest.MonkeyPatch.context() as monkeypatch, opened_browser() as browser:
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / ".jupyter"))
        monkeypatch.setenv("MLRUN_NB_HOME", str(home / "mlrun-nb"))
        with running_lab(folder, home) as lab, opened_page(browser, width=1200) as page:
            page.goto(f"{lab.url}lab/tree/work.ipynb")
            page.get_by_role("button", name="Python 3 (ipykernel) | Idle").wait_for()
            opened = Notebook(page, folder)
            opened.type("%load_ext mlrun_nb")
            expect(page.locator(".jp-Notebook .jp-InputPrompt").first).to_have_text("[1]:")
            yield opened


COUNT = """%%mlrun count --output total
n: int = 3
import time
from pathlib import Path
for step in range(n):
    print("step", step, flush=True)
    while not Path("go").exists():
        time.sleep(0.05)
total = 10 * n"""
"""Goes on when somebody has laid a file `go` beside the notebook."""


def a_card_moves_while_its_cell_runs_and_the_output_comes_back(notebook: Notebook):
    """One card, changed in place from the first line that the run prints to its end; `total` is a variable then."""
    card = notebook.type(COUNT).locator(CARD)
    expect(card).to_contain_text("step 0")
    expect(card.get_by_role("progressbar")).to_be_visible()
    (notebook.folder / "go").touch()
    expect(card).to_contain_text("total 30")
    expect(card).to_contain_text("succeeded")
    expect(card).to_have_count(1)
    expect(notebook.type("total + 1")).to_contain_text("31")


def the_interrupt_button_cancels_the_run(notebook: Notebook):
    """The card says so, and the cell has ended."""
    below = notebook.type("%%mlrun slow\nimport time\nprint('begun', flush=True)\ntime.sleep(300)")
    expect(below.locator(CARD)).to_contain_text("begun")
    notebook.interrupt()
    expect(below.locator(CARD)).to_contain_text("cancelled")
    expect(below).to_contain_text("KeyboardInterrupt")
    expect(below).not_to_contain_text("mlrun_nb/")


def a_failure_is_shown_where_it_is_and_mended(notebook: Notebook):
    """The user's line and no frame of ours; with another value the same function succeeds."""
    below = notebook.type("%%mlrun share --output part\nn: int = 0\npart = 1 / n")
    expect(below.locator(CARD)).to_contain_text("ZeroDivisionError: division by zero")
    expect(below.locator(CARD)).to_contain_text("part = 1 / n")
    expect(below).not_to_contain_text("site-packages")
    expect(below).not_to_contain_text("mlrun_nb/")
    expect(notebook.type("share.run(n=4).results")).to_contain_text("0.25")


def two_runs_are_compared(notebook: Notebook):
    """What was asked and what came of it, side by side."""
    below = notebook.type("import mlrun_nb as mn\nmn.compare(count.run(n=0), count.run(n=1))")
    expect(below).to_contain_text("Results")
    expect(below).to_contain_text("+10")


def test_a_person_at_work(notebook: Notebook):
    """One session in one notebook: later steps use what earlier ones left in the kernel."""
    a_card_moves_while_its_cell_runs_and_the_output_comes_back(notebook)
    the_interrupt_button_cancels_the_run(notebook)
    a_failure_is_shown_where_it_is_and_mended(notebook)
    two_runs_are_compared(notebook)
