"""`examples/04-sweep` as a person sees it in JupyterLab: from its cells to a child on a chart."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.panel.bench import PanelPage, running_bench
from tests.acceptance.panel.notebook_page import NotebookPage
from tests.acceptance.panel.test_run_page import page_of_run
from tests.parts import require

EXAMPLE = Path(__file__).parents[3] / "examples/04-sweep"
CHILDREN = 12


@pytest.fixture
def panel(browser: Browser, tmp_path_factory, warm_exports):
    """Return a page with the example open, whose sweep ends soon."""
    require("panel")
    folder, home = tmp_path_factory.mktemp("example") / "sweep", tmp_path_factory.mktemp("home")
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "sweep.ipynb").read_text()
    for before, after in {"max-runs: 40": f"max-runs: {CHILDREN}", "in range(40)": "in range(4)"}.items():
        assert before in text
        text = text.replace(before, after)
    (folder / "sweep.ipynb").write_text(text)
    (folder / "project.yaml").write_text("name: example\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        own = {"MLRUN_NB_HOME": str(home / "mlrun-nb"), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}
        for name, value in {**warm_exports, **own}.items():
            monkeypatch.setenv(name, value)
        with running_bench(folder, home) as bench:
            page = browser.new_context(viewport={"width": 1200, "height": 1000}).new_page()
            yield PanelPage(page, bench, path="lab/tree/sweep.ipynb")
            page.context.close()


def test_a_sweep_is_run_watched_and_looked_into(panel: PanelPage):
    """The card and the panel see it go on and end; a point of a chart leads to the child that it is."""
    notebook = NotebookPage(panel.page)
    panel.page.get_by_role("button", name=re.compile("Idle")).wait_for()
    notebook.cell("sweep = train.runs").click()
    panel.page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-above')")
    card = notebook.cell("%%mlrun train").locator(".jp-mlrun-nb-Card")
    expect(card.get_by_role("progressbar")).to_be_visible(timeout=30_000)
    expect(panel.runs.first).to_contain_text(f"of {CHILDREN} children")
    expect(card.get_by_role("button", name="Sweep around the best…")).to_be_visible(timeout=60_000)
    expect(card.locator("svg path.line")).to_be_attached()
    expect(panel.runs.first.get_by_role("img", name="succeeded")).to_be_visible()

    panel.runs.first.click()
    page = page_of_run(panel.page)
    page.get_by_role("tab", name="Charts").click()
    history = page.get_by_role("region", name=re.compile("^History"))
    points = history.locator(".mark-symbol path")
    expect(points).to_have_count(CHILDREN)
    expect(page.get_by_role("region", name="Importance").get_by_role("meter")).to_have_count(3)
    child = points.first.evaluate("mark => mark.__data__.datum.child")
    points.first.click()
    expect(page_of_run(panel.page)).to_contain_text(f"{child} of sweep")


def test_the_space_around_the_best_is_proposed_and_swept(panel: PanelPage):
    """From the page of a sweep that a shell made; what varies is text, and the command beside it follows it."""
    panel.bench.type("run", "sweep.ipynb::train", "--max-runs", "4")
    panel.runs.first.click()
    page_of_run(panel.page).get_by_role("button", name="Sweep around the best…").click()
    dialog = panel.page.get_by_role("dialog")
    space = dialog.get_by_role("textbox", name="What varies")
    expect(space).to_have_value(
        re.compile(r"features=lograndint\(.*\)\ngamma=loguniform\(.*\)\nlearning_rate=loguniform")
    )
    space.fill("features=50,60")
    dialog.get_by_role("spinbutton", name="Children at most").fill("2")
    expect(dialog.locator("code").last).to_have_text(
        re.compile(r"mlrun-nb rerun \w{6} --sweep 'features=50,60' --max-runs 2")
    )
    dialog.get_by_role("button", name="Start").click()
    expect(panel.runs).to_have_count(2)
    expect(panel.runs.first.get_by_role("img", name="succeeded")).to_be_visible(timeout=60_000)
    expect(panel.runs.first).to_contain_text("2 children")
