"""The side panel in a real JupyterLab: what is in it, and that it stays true without a reload."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.acceptance.browser import free_port, opened_page
from tests.acceptance.panel.bench import Bench, PanelPage, make_project, opened_panel, running_bench

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")


def test_the_panel_says_what_is_in_the_notebook_and_what_became_of_it(panel: PanelPage):
    """Functions of the notebook with how they stand, functions of the project, runs with what came of them."""
    expect(panel.cell("train")).to_contain_text("unchanged")
    expect(panel.section("Functions").get_by_role("listitem")).to_have_count(3)
    expect(panel.runs).to_have_count(4)
    expect(panel.runs.first).to_contain_text("KeyError")
    expect(panel.runs.nth(1)).to_contain_text("lr=0.1")


@pytest.mark.parametrize("theme", THEMES)
def test_the_panel_breaks_no_rule_of_accessibility(panel: PanelPage, theme: str):
    """Names, roles and contrasts, in every theme that JupyterLab brings."""
    expect(panel.runs).to_have_count(4)
    panel.section("Engines").get_by_role("button").click()
    expect(panel.section("Engines").get_by_role("listitem").first).to_be_visible()
    panel.theme(theme)
    found = Axe().run(panel.page, context="#mlrun-nb-panel")
    assert found.violations_count == 0, found.generate_report()


def test_an_edited_cell_says_so_while_it_is_edited(panel: PanelPage):
    """No save and no run is needed; what is typed back is unchanged again."""
    editor = panel.page.locator(".jp-Notebook .jp-CodeCell").nth(3).locator(".cm-content")
    editor.click()
    panel.page.keyboard.press("Control+End")
    panel.page.keyboard.insert_text("\n# better")
    expect(panel.cell("train")).to_contain_text("edited since")
    panel.page.keyboard.press("Control+z")
    expect(panel.cell("train")).to_contain_text("unchanged")


def test_a_search_narrows_the_list_and_a_chip_writes_it(panel: PanelPage):
    """Words and chips are one: what a chip switches on stands in the field."""
    panel.search.fill("fn:report")
    expect(panel.runs).to_have_count(1)
    panel.search.fill("fn:load")
    expect(panel.runs.filter(has_text="report")).to_have_count(0)
    panel.panel.get_by_role("group", name="Often searched").get_by_role("button", name="failed").click()
    expect(panel.search).to_have_value("fn:load state:failed,lost")
    expect(panel.section("Runs")).to_contain_text("No run is like that")
    panel.search.fill("state:faild")
    expect(panel.section("Runs").get_by_role("alert")).to_contain_text("Did you mean failed?")


def test_a_run_of_a_shell_appears_moves_and_ends_without_a_reload(panel: PanelPage, bench: Bench):
    """The page was opened before, and nothing is pressed on it."""
    expect(panel.runs).not_to_have_count(0)
    bench.type("run", "churn.ipynb::wait", "--detach")
    row = panel.runs.filter(has_text="wait")
    expect(row).to_contain_text("cell ")
    (bench.folder / "go").touch()
    expect(row.get_by_role("img", name="succeeded")).to_be_visible()


def test_a_run_that_goes_in_a_shell_goes_in_every_page(browser: Browser, bench: Bench):
    """Three pages show the same, and forget the same."""
    with opened_panel(browser, bench) as one, opened_panel(browser, bench) as two, opened_page(browser) as third:
        pages = [one, two, PanelPage(third, bench, path="lab")]
        expect(one.runs).not_to_have_count(0)
        count = one.runs.count()
        bench.type("run", "churn.ipynb::load", "-p", "size=7")
        for page in pages:
            expect(page.runs).to_have_count(count + 1)
        bench.type("gc", "--keep", "1", "--function", "load", "--yes")
        for page in pages:
            expect(page.runs).to_have_count(count)


def test_a_low_window_leaves_room_for_runs(panel: PanelPage):
    """Four of them stay in sight while all sections are open; the other sections scroll."""
    panel.page.set_viewport_size({"width": 1200, "height": 600})
    expect(panel.section("Functions").get_by_role("listitem")).not_to_have_count(0)
    for place in range(4):
        expect(panel.runs.nth(place)).to_be_in_viewport(ratio=1)


def test_the_list_is_worked_from_the_keyboard(panel: PanelPage):
    """Arrows move, a slash goes to the search, and what is active is told to a screen reader."""
    panel.list.focus()
    panel.page.keyboard.press("End")
    last = panel.runs.last
    expect(panel.list).to_have_attribute("aria-activedescendant", str(last.get_attribute("id")))
    panel.page.keyboard.press("/")
    expect(panel.search).to_be_focused()


def test_a_killed_server_takes_nothing_with_it(browser: Browser, tmp_path, home):
    """A run goes on without it; the page says so, and when there is a server again it follows the run to its end."""
    make_project(tmp_path)
    port = free_port()
    with opened_page(browser, width=1200) as page:
        with running_bench(tmp_path, home, port=port) as bench:
            panel = PanelPage(page, bench, path="lab")
            bench.type("run", "churn.ipynb::wait", "--detach")
            expect(panel.runs.get_by_role("img", name="running")).to_be_visible()
        expect(panel.panel.get_by_role("alert")).to_contain_text("does not answer")
        with running_bench(tmp_path, home, port=port):
            expect(panel.panel.get_by_role("alert")).to_have_count(0)
            expect(panel.runs.get_by_role("img", name="running")).to_be_visible()
            (tmp_path / "go").touch()
            expect(panel.runs.get_by_role("img", name="succeeded")).to_be_visible()
