"""Functions made and set up where they are written: by clicks, in a form, and with a mark that says how they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.acceptance.browser import LOOKS, Look
from tests.acceptance.panel.bench import Bench, warm_bench
from tests.acceptance.panel.notebook_page import LOAD, NotebookPage, opened_lab, write_notebook

PLAIN = "rate = 0.1\nsteps = 3\nmodel = {'rate': rate}\nfor step in range(steps):\n    model[step] = rate * step"
LATER = "print(model)"
TRAIN = "%%mlrun train --output score\nlr: float = 0.1\nscore = lr * 2"
CELLS_READ = "**/mlrun-nb/api/notebook/functions*"
MADE = "%%mlrun prepare --output model\nrate: float = 0.1\nsteps: int = 3\n"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, warm_exports: dict[str, str]) -> Iterator[Bench]:
    """Return a project in a JupyterLab of its own."""
    with warm_bench(tmp_path_factory, warm_exports, LOAD, TRAIN) as bench:
        yield bench


@pytest.fixture(scope="module")
def lab(browser: Browser, bench: Bench) -> Iterator[NotebookPage]:
    """Return a page in which each test opens a notebook of its own."""
    with opened_lab(browser, bench.lab, width=1400) as notebook:
        yield notebook


@pytest.fixture
def notebook(lab: NotebookPage, bench: Bench, request: pytest.FixtureRequest) -> NotebookPage:
    """Return a notebook with a plain cell, one that uses what it makes, and a function."""
    name = re.sub(r"\W+", "_", request.node.name) + ".ipynb"
    write_notebook(bench.folder / name, LOAD, PLAIN, LATER, TRAIN)
    lab.open(name)
    return lab


def dialog_of(notebook: NotebookPage) -> Locator:
    """Press the button in the toolbar of the plain cell, and return the dialog that it opens."""
    notebook.select("rate = 0.1").get_by_role("button", name=re.compile("Make this cell a function")).click()
    dialog = notebook.page.get_by_role("dialog")
    expect(dialog.get_by_label("The cell as it will be")).to_contain_text("%%mlrun")
    return dialog


def form_of(notebook: NotebookPage) -> Locator:
    """Press the button in the toolbar of the function, and return the form that it shows."""
    notebook.select("%%mlrun train").get_by_role("button", name=re.compile("Engine, processors")).click()
    form = notebook.page.locator(".jp-mlrun-nb-CellForm")
    expect(form.get_by_label("Memory", exact=True)).to_be_visible()
    return form


def test_a_cell_becomes_a_function_by_clicks_alone(notebook: NotebookPage):
    """Name, parameters and outputs are proposed; what is written can be taken back in one step."""
    dialog = dialog_of(notebook)
    dialog.get_by_label("Name").fill("prepare")
    expect(dialog.get_by_label("The cell as it will be")).to_contain_text(MADE)
    dialog.get_by_role("button", name="Make Function").click()
    expect(dialog).to_have_count(0)
    assert notebook.text(1).startswith(MADE)
    notebook.page.locator(".jp-mod-active .cm-content").click()
    notebook.page.keyboard.press("Control+z")
    assert notebook.text(1) == PLAIN
    notebook.page.keyboard.press("Control+Shift+z")
    assert notebook.text(1).startswith(MADE)


def test_what_is_proposed_can_be_changed(notebook: NotebookPage):
    """A parameter becomes an assignment, another one gets another default; an output and a parameter more."""
    dialog = dialog_of(notebook)
    preview = dialog.get_by_label("The cell as it will be")
    dialog.get_by_role("button", name="Remove rate: float = 0.1").click()
    dialog.get_by_label("parameter 2").fill("steps: int = 5")
    dialog.get_by_role("button", name="Add output").click()
    dialog.get_by_label("output 2").fill("rate")
    expect(preview).to_contain_text("rate = 0.1\nsteps: int = 5\n")
    expect(preview).to_contain_text("--output rate")
    dialog.get_by_role("button", name="Make Function").click()
    expect(dialog).to_have_count(0)
    assert "--output rate" in notebook.text(1)
    assert "rate = 0.1\nsteps: int = 5\n" in notebook.text(1)


def test_what_cannot_be_is_said_in_the_dialog(notebook: NotebookPage):
    """A name that is none, with what to do; it stays as it was typed until it is mended."""
    dialog = dialog_of(notebook)
    dialog.get_by_label("Name").fill("my train")
    expect(dialog.get_by_role("alert")).to_contain_text("my train")
    dialog.get_by_role("button", name="Make Function").click()
    expect(notebook.page.get_by_role("dialog").get_by_label("Name")).to_have_value("my train")
    assert notebook.text(1) == PLAIN
    notebook.page.get_by_role("dialog").get_by_label("Name").fill("prepare")
    expect(notebook.page.get_by_role("dialog").get_by_role("alert")).to_have_count(0)
    notebook.page.get_by_role("dialog").get_by_role("button", name="Make Function").click()
    expect(notebook.page.get_by_role("dialog")).to_have_count(0)
    assert notebook.text(1).startswith(MADE)


def test_a_function_offers_no_button_that_makes_one(notebook: NotebookPage):
    """Each kind of cell has the button that means something there."""
    cell = notebook.select("%%mlrun train")
    expect(cell.get_by_role("button", name=re.compile("Engine, processors"))).to_be_visible()
    expect(cell.get_by_role("button", name=re.compile("Make this cell a function"))).to_have_count(0)


def test_the_form_writes_the_line(notebook: NotebookPage):
    """Each field is one step of undo; what the cell says is what the form shows."""
    form = form_of(notebook)
    expect(form.get_by_label("Outputs")).to_have_value("score")
    form.get_by_label("Memory", exact=True).fill("4Gi")
    form.get_by_label("Memory", exact=True).press("Enter")
    expect(notebook.cells.nth(3)).to_contain_text("%%mlrun train --output score --memory 4Gi")
    form.get_by_label("Engine").select_option("local")
    expect(notebook.cells.nth(3)).to_contain_text("--memory 4Gi --on local")
    notebook.cells.nth(3).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+z")
    expect(notebook.cells.nth(3)).not_to_contain_text("--on local")
    expect(notebook.cells.nth(3)).to_contain_text("--memory 4Gi")
    expect(form.get_by_label("Engine")).to_have_value("")
    form.get_by_label("Memory", exact=True).fill("")
    form.get_by_label("Memory", exact=True).press("Enter")
    expect(notebook.cells.nth(3)).not_to_contain_text("--memory")
    assert notebook.text(3) == TRAIN
    assert "options" not in notebook.document()


def test_what_is_typed_before_the_cell_was_read_again_counts(notebook: NotebookPage):
    """The server reads the cell late, here never; the form goes by what was written last."""
    form = form_of(notebook)
    memory = form.get_by_label("Memory", exact=True)
    expect(form.get_by_label("Outputs")).to_have_value("score")
    notebook.page.route(CELLS_READ, lambda route: route.abort())
    try:
        memory.fill("4Gi")
        memory.press("Enter")
        expect(notebook.cells.nth(3)).to_contain_text("--memory 4Gi")
        expect(memory).to_have_value("4Gi")
        memory.fill("")
        memory.press("Enter")
        expect(notebook.cells.nth(3)).not_to_contain_text("--memory")
        expect(memory).to_have_value("")
    finally:
        notebook.page.unroute(CELLS_READ)


def test_what_the_form_cannot_write_stays_in_its_field(notebook: NotebookPage):
    """The server's words stand beside it, also after a look at another cell."""
    form = form_of(notebook)
    memory = form.get_by_label("Memory", exact=True)
    memory.fill("16 potatoes")
    memory.press("Enter")
    expect(form).to_contain_text("16 potatoes")
    expect(memory).to_have_attribute("aria-invalid", "true")
    assert notebook.text(3) == TRAIN
    notebook.select(LATER)
    expect(form.get_by_role("button", name=re.compile("Make this cell a function"))).to_be_visible()
    notebook.select("%%mlrun train")
    expect(form.get_by_label("Memory", exact=True)).to_have_value("16 potatoes")
    form.get_by_label("Memory", exact=True).fill("16Gi")
    form.get_by_label("Memory", exact=True).press("Enter")
    expect(notebook.cells.nth(3)).to_contain_text("--memory 16Gi")


def test_a_mark_says_how_a_function_stands(notebook: NotebookPage, bench: Bench):
    """Never run, run, edited since; a click opens the last run, and the document does not change."""
    mark = notebook.cells.nth(3).locator(".jp-mlrun-nb-Marker")
    expect(mark).to_be_visible()
    before = notebook.document()
    bench.type("run", "churn.ipynb::train")
    expect(mark).to_have_attribute("aria-label", "train: last run succeeded")
    expect(notebook.cells.nth(1).locator(".jp-mlrun-nb-Marker")).to_have_count(0)
    assert notebook.document() == before
    notebook.select("%%mlrun train")
    notebook.page.keyboard.press("Control+End")
    notebook.page.keyboard.insert_text("\nmore = 1")
    expect(mark).to_have_attribute("aria-label", re.compile("edited since"))
    mark.click()
    expect(notebook.page.get_by_role("tab", name=re.compile("^train")).last).to_be_visible()


def test_notebooks_side_by_side_have_their_marks(lab: NotebookPage, bench: Bench):
    """The one that is not the active one follows its runs too."""
    for name in ("left", "right"):
        write_notebook(bench.folder / f"{name}.ipynb", f"%%mlrun {name}\nx: int = 1")
    lab.open("left.ipynb")
    lab.open_beside("right.ipynb")
    for name in ("left", "right"):
        expect(lab.cell(f"mlrun {name}").get_by_role("button", name=f"{name} has never run")).to_be_visible()
    bench.type("run", "left.ipynb::left")
    expect(lab.cell("mlrun left").get_by_role("button", name="left: last run succeeded")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%%mlrun train --mem", "--memory-limit"),
        ("%%mlrun train --on ", "inline"),
        ("%%mlrun train\n#| mlrun.mem", "memory-limit"),
        ("%%mlrun train\n#| mlrun.capacity: s", "spot"),
    ],
)
def test_tab_offers_options_without_the_extension_in_the_kernel(notebook: NotebookPage, typed: str, offered: str):
    """On the line and in comments, names and values, once each."""
    notebook.select(LATER)
    notebook.page.keyboard.press("Control+a")
    notebook.page.keyboard.insert_text(typed)
    notebook.page.keyboard.press("Tab")
    expect(notebook.page.locator(".jp-Completer-item", has_text=re.compile(f"^.?{re.escape(offered)}"))).to_have_count(
        1
    )
    notebook.page.keyboard.press("Escape")


@pytest.mark.parametrize("look", LOOKS)
def test_dialog_and_form_break_no_rule_of_accessibility(notebook: NotebookPage, bench: Bench, look: Look):
    """Names, roles and contrasts in both themes."""
    notebook.theme(look)
    form = form_of(notebook)
    form.get_by_label("Memory", exact=True).fill("16 potatoes")
    form.get_by_label("Memory", exact=True).press("Enter")
    expect(form).to_contain_text("16 potatoes")
    form.get_by_text("Placement").click()
    expect(form.get_by_label("Queue")).to_be_visible()
    found = Axe().run(notebook.page, context=".jp-mlrun-nb-CellForm")
    assert found.violations_count == 0, found.generate_report()
    notebook.page.screenshot(path=bench.folder / f"form-{look}.png")
    dialog = dialog_of(notebook)
    dialog.get_by_label("Name").fill("no name")
    expect(dialog.get_by_role("alert")).to_be_visible()
    found = Axe().run(notebook.page, context=".jp-mlrun-nb-Draft")
    assert found.violations_count == 0, found.generate_report()
    notebook.page.screenshot(path=bench.folder / f"dialog-{look}.png")
    dialog.get_by_role("button", name="Cancel").click()
