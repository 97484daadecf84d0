"""A person and a run: the first one, one that fails and is mended, one that is cancelled, several side by side."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from mlrun_nb.testing.requests import wait_for
from tests.acceptance.panel.bench import Bench, PanelPage


def page_of_run(page: Page) -> Locator:
    """Return the page of a run that is in front."""
    return page.locator(".jp-MainAreaWidget:visible").filter(has=page.get_by_role("tablist"))


def test_a_newcomer_makes_a_first_run_by_clicks_alone(panel: PanelPage):
    """Run the function that never ran, see it end, open its page."""
    expect(panel.runs).to_have_count(4)
    panel.cell("load").get_by_role("button", name="Run load").click()
    expect(panel.runs).to_have_count(5)
    expect(panel.runs.first.get_by_role("img", name="succeeded")).to_be_visible()
    panel.runs.first.click()
    page = page_of_run(panel.page)
    expect(page.get_by_role("heading", name="load")).to_be_visible()
    expect(page).to_contain_text("600")


def test_the_arrow_starts_a_kernel_that_was_shut_down(panel: PanelPage):
    """And has it know the magic before the cell is run."""
    panel.page.evaluate("() => window.jupyterapp.commands.execute('kernelmenu:shutdown')")
    expect(panel.page.get_by_role("button", name="No Kernel", exact=True)).to_be_visible()
    expect(panel.runs).not_to_have_count(0)
    count = panel.runs.count()
    panel.cell("load").get_by_role("button", name="Run load").click()
    expect(panel.runs).to_have_count(count + 1)
    expect(panel.runs.first.get_by_role("img", name="succeeded")).to_be_visible()


def test_a_failed_run_is_mended_with_edits_and_compared(panel: PanelPage):
    """The reason is read on its page, a parameter is changed, the new run succeeds, the two are put side by side."""
    panel.runs.filter(has_text="KeyError").first.click()
    page = page_of_run(panel.page)
    expect(page).to_contain_text("raised KeyError: 'weight'")
    page.get_by_role("button", name="Rerun with edits…").click()
    dialog = panel.page.get_by_role("dialog")
    dialog.get_by_label("threshold").fill("0.5")
    dialog.get_by_role("button", name="Rerun").click()
    mended = panel.runs.filter(has_text="threshold=0.5").filter(has=panel.page.get_by_role("img", name="succeeded"))
    mended.first.click(modifiers=["Control"])
    panel.runs.filter(has_text="KeyError").first.click(modifiers=["Control"])
    panel.list.press("c")
    table = panel.page.get_by_role("region", name="Values of the runs")
    expect(table.get_by_role("row").filter(has_text="threshold")).to_contain_text(
        re.compile(r"0\.5.*0\.95|0\.95.*0\.5")
    )


def test_a_run_is_cancelled_on_its_page(panel: PanelPage, bench: Bench):
    """The page follows it: log lines come, the button ends it, the state is the truth."""
    bench.type("run", "churn.ipynb::train", "-p", "pause=1", "-p", "steps=300", "--detach")
    panel.runs.filter(has=panel.page.get_by_role("img", name="running")).first.click()
    page = page_of_run(panel.page)
    page.get_by_role("tab", name="Log").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("step 1")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("img", name="cancelled")).to_be_visible()
    expect(panel.runs.first.get_by_role("img", name="cancelled")).to_be_visible()


def test_every_tab_of_a_run_breaks_no_rule_of_accessibility(panel: PanelPage):
    """Of a good run, in the dark theme."""
    panel.theme("JupyterLab Dark")
    panel.find("fn:train state:succeeded", leaves="train")
    panel.runs.first.click()
    page = page_of_run(panel.page)
    for name in ("Overview", "Cells", "Log", "Metrics", "Artifacts", "What changed"):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        panel.page.wait_for_timeout(700)  # what the tab shows is asked for and drawn
        found = Axe().run(panel.page, context=".jp-mlrun-nb-RunPage")
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_a_page_is_there_again_after_a_reload(panel: PanelPage, bench: Bench):
    """With its tab and its content."""
    run = str(panel.runs.first.get_attribute("data-run"))
    panel.runs.first.click()
    page = page_of_run(panel.page)
    name = page.get_by_role("heading").first.inner_text()
    kept = f"{bench.lab.url}lab/api/workspaces"
    wait_for(lambda: f"mlrun-nb-run:{run}" in panel.page.request.get(kept).text(), what="the layout to be kept")
    panel.page.goto(panel.page.url.partition("?")[0])
    expect(page_of_run(panel.page).get_by_role("heading", name=name)).to_be_visible()


def test_the_list_marks_the_run_whose_page_is_in_front(panel: PanelPage):
    """Whichever way it came there; none while a notebook is in front."""
    current = panel.panel.locator('[aria-current="page"]')
    tabs = panel.page.get_by_role("main").get_by_role("tab")
    panel.find("fn:train state:succeeded", leaves="train")
    names = [str(row.get_attribute("data-run"))[:6] for row in (panel.runs.first, panel.runs.nth(1))]
    for row in (panel.runs.first, panel.runs.nth(1)):
        row.click()
        expect(row).to_have_attribute("aria-current", "page")
    tabs.filter(has_text=names[0]).click()
    expect(current).to_have_attribute("data-run", re.compile(f"^{names[0]}"))
    tabs.filter(has_text="churn.ipynb").click()
    expect(current).to_have_count(0)


def test_the_list_stands_still_while_a_row_is_pressed(panel: PanelPage):
    """The run that was pressed is opened, also where the list is to show others by the time the mouse is let go."""
    row = panel.runs.filter(has_text="KeyError").first
    row.hover()
    panel.page.mouse.down()
    with panel.page.expect_response(re.compile(r"/mlrun-nb/.*runs.*load")) as answer:
        panel.search.fill("fn:load")
    answer.value.finished()
    panel.page.wait_for_timeout(300)  # it is read and would be drawn
    expect(row).to_be_visible()
    panel.page.mouse.up()
    expect(page_of_run(panel.page)).to_contain_text("raised KeyError: 'weight'")
    expect(panel.runs.filter(has_not_text="load")).to_have_count(0)


def test_a_run_is_deleted_after_a_question(panel: PanelPage, bench: Bench):
    """Delete asks and says what goes; then it is gone from the list and from the store."""
    bench.type("run", "churn.ipynb::load", "-p", "size=3")
    row = panel.runs.first
    expect(row).to_contain_text("size=3")
    run = str(row.get_attribute("data-run"))
    row.click(modifiers=["Control"])
    panel.list.press("Delete")
    panel.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(panel.panel.locator(f'[data-run="{run}"]')).to_have_count(0)
    assert run not in bench.type("runs", "--json")
