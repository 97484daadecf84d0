"""A person and a sweep: one row among the runs, its page, ten thousand children in a table, and one of them."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from mlrun_nb.protocols.store import RunStore
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_version
from tests.acceptance.panel.bench import Bench, PanelPage, warm_bench
from tests.acceptance.panel.test_run_page import page_of_run
from tests.recorded_sweep import BEST, FAILED, PARENT, end_child, record_sweep

CHILDREN = 10_000
ENDED = 9_000


@pytest.fixture(scope="module")
def bench(tmp_path_factory, warm_exports):
    """Return a project whose only run is a sweep of ten thousand children, of which nine thousand have ended."""
    with warm_bench(tmp_path_factory, warm_exports, "%%mlrun train\nlr: float = 0.1\nepochs: int = 10") as bench:
        store = opened_store(bench)
        store.save_version(make_version(project="churn"))
        record_sweep(store, "churn", children=CHILDREN, ended=ENDED)
        store.close()
        yield bench


def opened_store(bench: Bench) -> RunStore:
    """Return the store that the server shows."""
    return open_store(f"sqlite:///{bench.environment['MLRUN_NB_HOME']}/store.db")


def opened_children(panel: PanelPage) -> Locator:
    """Open the table of children by clicks and return the page that it is on."""
    panel.runs.first.click()
    page = page_of_run(panel.page)
    page.get_by_role("tab", name="Children").click()
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Locator) -> Locator:
    """Return the drawn rows of the table, without its head."""
    return page.get_by_role("table").locator("[data-child]")


def column(page: Locator, name: str) -> Locator:
    """Return what sorts by a column."""
    return page.get_by_role("columnheader", name=name).get_by_role("button")


def test_a_sweep_is_one_row_of_the_list(panel: PanelPage):
    """With the best result so far and how many children have ended."""
    expect(panel.runs).to_have_count(1)
    expect(panel.runs.first).to_contain_text("sweep")
    expect(panel.runs.first).to_contain_text("accuracy 0.99 · 9,000 of 10,000 children")


def test_the_page_of_a_sweep_says_how_it_stands(panel: PanelPage):
    """The best child with what it was given, and the failed ones in groups, with a way to each."""
    panel.runs.first.click()
    page = page_of_run(panel.page)
    best = page.get_by_role("region", name="Best child")
    expect(best).to_contain_text(re.compile(rf"#{BEST} run c000{BEST}.*accuracy.*0\.99.*lr.*0\.013", re.DOTALL))
    expect(page.get_by_role("region", name="Sweep")).to_contain_text("9,000 of 10,000")
    failed = page.get_by_role("region", name="3 children failed")
    expect(failed.get_by_role("listitem")).to_have_count(2)
    expect(failed.get_by_role("listitem").first).to_contain_text("ValueError")


def test_ten_thousand_children_are_a_table_of_which_what_is_seen_is_drawn(panel: PanelPage):
    """The best comes first; a column with one value for all is not there."""
    page = opened_children(panel)
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(ENDED + 4 + 1))
    expect(rows(page).first).to_contain_text(f"#{BEST}")
    expect(rows(page).first.get_by_role("img", name="the best child")).to_be_visible()
    assert rows(page).count() < 100
    names = page.get_by_role("columnheader").all_inner_texts()
    assert [name.strip(" ▾\n") for name in names] == ["#", "State", "accuracy", "loss", "lr", "kind", "Time"]


def test_children_are_sorted_and_narrowed(panel: PanelPage):
    """By a click on the head of a column, and on a state."""
    page = opened_children(panel)
    column(page, "lr").click()
    expect(rows(page).first).to_contain_text("#0")
    column(page, "lr").click()
    expect(rows(page).first).to_contain_text(f"#{ENDED + 3}")
    page.get_by_role("group", name="Children by state").get_by_role("button", name="3 failed").click()
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", "4")
    expect(rows(page)).to_have_text([re.compile("#8.*failed"), re.compile("#5.*failed"), re.compile("#3.*failed")])


def test_a_child_is_opened_and_leads_back(panel: PanelPage):
    """Its page says which of which sweep it is."""
    page = opened_children(panel)
    rows(page).nth(1).click()
    child = page_of_run(panel.page)
    link = child.get_by_role("button", name=f"#{BEST - 1} of sweep {PARENT[:6]}")
    expect(link).to_be_visible()
    link.click()
    expect(rows(page_of_run(panel.page)).first).to_be_visible()


def test_the_table_is_reached_by_the_keyboard(panel: PanelPage):
    """The number of a child is a button."""
    page = opened_children(panel)
    rows(page).first.get_by_role("button").focus()
    panel.page.keyboard.press("Enter")
    expect(page_of_run(panel.page)).to_contain_text("★ its best child")


def test_ten_thousand_children_are_charts_of_a_thousand(panel: PanelPage):
    """It says of how many; shapes tell failed and pruned children from others, and a line is opened by the keyboard."""
    panel.runs.first.click()
    page = page_of_run(panel.page)
    page.get_by_role("tab", name="Charts").click()
    expect(page.get_by_role("tabpanel")).to_contain_text(
        re.compile(r"1,000 of 9,0\d\d shown: the best, and the others")
    )
    importance = page.get_by_role("region", name="Importance")
    expect(importance.get_by_role("meter")).to_have_count(2)
    expect(importance).to_contain_text("epsilon squared of ranks (Kelley 1935)")
    expect(page.get_by_role("listitem").filter(has_text="pruned")).to_be_visible()
    lines = page.get_by_role("group", name=re.compile("Each child as a line"))
    expect(lines.locator("[data-child]")).to_have_count(1000)
    expect(lines.locator("[data-child].jp-mod-failed")).to_have_count(len(FAILED))
    expect(page.get_by_role("region", name="accuracy over two parameters")).to_contain_text("needs two parameters")
    lines.get_by_role("button", name=f"#{BEST} accuracy 0.99").press("Enter")
    expect(page_of_run(panel.page)).to_contain_text("★ its best child")


def test_a_child_that_ends_is_seen_to_end(panel: PanelPage, bench: Bench):
    """While others go on; the order of the rows stays that of the sweep."""
    page = opened_children(panel)
    page.get_by_role("group", name="Children by state").get_by_role("button", name=re.compile("running")).click()
    count = rows(page).count()
    first = str(rows(page).first.get_attribute("data-child"))
    store = opened_store(bench)
    end_child(store, store.get_run(first))
    store.close()
    expect(rows(page)).to_have_count(count - 1)


def test_no_tab_of_a_sweep_breaks_a_rule_of_accessibility(panel: PanelPage):
    """In the dark theme."""
    panel.theme("JupyterLab Dark")
    page = opened_children(panel)
    for name in ("Overview", "Children", "Charts"):
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel")).to_be_visible()
        panel.page.wait_for_timeout(700)  # what the tab shows is asked for and drawn
        found = Axe().run(panel.page, context=".jp-mlrun-nb-RunPage")
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
