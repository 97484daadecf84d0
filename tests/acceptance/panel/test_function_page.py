"""The page of a function: its versions and their tags, and the way to where it was written."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.acceptance.panel.bench import PanelPage


def page_of_function(panel: PanelPage, name: str) -> Locator:
    """Open the page of a function by a click on its row, and return it."""
    panel.section("Functions").get_by_role("button", name=re.compile(rf"\b{name}\b")).click()
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
