"""A form in a real JupyterLab: what is put in runs, and the card of the run stands below."""

from __future__ import annotations

from pathlib import Path

import nbformat
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.acceptance.browser import opened_browser, opened_page, running_lab

CELLS = [
    "import mlrun_nb as mn",
    """@mn.function(output="total", memory="1Gi")
def add(amount: int = 1, sizes: list[int] = [2, 3], mode: Literal["sum", "max"] = "sum"):
    print("adding")
    return amount + (sum(sizes) if mode == "sum" else max(sizes))""",
    "mn.form(add)",
]


def test_a_form_is_filled_in_and_run(tmp_path: Path, home: Path):
    """Labels, a complaint on the spot, a run, its card; and no rule of accessibility is broken."""
    cells = [nbformat.v4.new_code_cell(text) for text in ("from typing import Literal", *CELLS)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), tmp_path / "add.ipynb")
    with running_lab(tmp_path, home) as lab, opened_browser() as browser, opened_page(browser, width=1200) as page:
        page.goto(f"{lab.url}lab/tree/add.ipynb")
        expect(page.get_by_role("button", name="Python 3 (ipykernel) | Idle")).to_be_visible()
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        button = page.get_by_role("button", name="Run add")
        expect(button).to_be_visible()
        page.get_by_label("sizes").fill("[4, 'x'")
        expect(page.get_by_role("alert")).to_contain_text("`sizes` is `list[int]` and cannot be")
        page.get_by_label("sizes").fill("[4, 5]")
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_label("amount").fill("40")
        page.get_by_label("mode").select_option("max")
        button.click()
        card = page.get_by_role("group", name="succeeded")
        expect(card).to_contain_text("total 45")
        expect(card).to_contain_text("adding")
        found = Axe().run(page, context=".widget-vbox", options={"rules": {"page-has-heading-one": {"enabled": False}}})
        page.screenshot(path=str(tmp_path / "form.png"))
    assert found.violations_count == 0, found.generate_report()
