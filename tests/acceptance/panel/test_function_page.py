"""The page of a function: its versions and their tags, and the way to where it was written."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.acceptance.panel.bench import Bench, PanelPage
from tests.acceptance.panel.notebook_page import write_notebook


def page_of_function(panel: PanelPage, name: str) -> Locator:
    """Open the page of a function by a click on its row, and return it."""
    row = re.compile(rf"^(?!What ).*\b{name}\b")  # not the button of its menu
    panel.section("Functions").get_by_role("button", name=row).click()
    page = panel.page.locator(".jp-MainAreaWidget:visible").filter(has=panel.page.get_by_role("heading", name=name))
    expect(page.get_by_role("tablist")).to_be_visible()
    return page


def test_a_tag_that_cannot_be_one_stays_in_its_dialog(panel: PanelPage):
    """With the server's words beside it; mended there, it stands on the version."""
    page = page_of_function(panel, "report")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Move a tag to").click()
    dialog = panel.page.get_by_role("dialog")
    tag = dialog.get_by_role("textbox", name="Tag")
    tag.fill("my tag!")
    dialog.get_by_role("button", name="Move").click()
    expect(tag).to_have_attribute("aria-invalid", "true")
    expect(tag).to_have_value("my tag!")
    expect(dialog).to_contain_text("my tag! cannot be a tag. Use letters")
    tag.fill("prod")
    dialog.get_by_role("button", name="Move").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("listitem")).to_contain_text("prod")


def test_a_notebook_that_was_renamed_is_missed_aloud(panel: PanelPage, bench: Bench):
    """The link on the page says what became of it, and so does the one to a cell of it."""
    write_notebook(bench.folder / "spare.ipynb", "%%mlrun spare\nx: int = 1")
    bench.type("run", "spare.ipynb::spare")
    (bench.folder / "spare.ipynb").rename(bench.folder / "renamed.ipynb")
    page = page_of_function(panel, "spare")
    said = panel.page.get_by_role("alert").filter(has_text="spare.ipynb is not there any more")
    page.get_by_role("button", name="spare.ipynb").click()
    expect(said).to_contain_text("under its new name")
    page.get_by_role("tab", name="Source").click()
    page.get_by_role("button", name="cell 1").first.click()
    expect(said).to_have_count(2)
