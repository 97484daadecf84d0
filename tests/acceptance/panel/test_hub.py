"""A person and the hub: found, read, put into a notebook, and run, in a real JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from mlrun_nb.testing.hub_contract import make_item
from tests.acceptance.browser import opened_page
from tests.acceptance.panel.bench import NARROWEST_PX, Bench, PanelPage, warm_bench
from tests.acceptance.panel.notebook_page import NotebookPage, write_notebook

FRAME = "import pandas as pd\nboxes = pd.DataFrame({'size': [1.0, 2.0, 2.0, None], 'kind': list('abba')})"
COUNT = """\
# %% [markdown]
# # Counting

# %%
def times(number):
    return {factor} * number

# %%
# %%mlrun count --input table --output rows
factor: int = 2  # by which rows are multiplied
rows = times(len(table)) * factor
"""
README = """\
# count

Counts **rows**.

<script>document.title = 'taken'</script>
<button onclick="document.title = 'taken'">press</button>
"""
ALL_ITEMS = len(list((Path(__file__).parents[3] / "hub").glob("*/*/item.yaml"))) + 1
"""Those that ship with the product, and the one of the team."""
THEMES = ("JupyterLab Light", "JupyterLab Dark")


@pytest.fixture(scope="module")
def bench(tmp_path_factory, warm_exports) -> Iterator[Bench]:
    """Return a project whose notebook makes a frame, with a hub of its own and another that is away."""
    with warm_bench(tmp_path_factory, warm_exports, FRAME, "after = 1") as bench:
        for version in ("1.0.0", "1.1.0"):
            publish(bench.folder / "team" / "count" / version, version)
        (bench.folder / "project.yaml").write_text("name: churn\nhub: {team: team, away: nowhere}\n")
        (bench.folder / "boxes.csv").write_text("size,kind\n1,a\n2,b\n2,b\n")
        yield bench


def publish(folder: Path, version: str) -> None:
    """Write a version of the item `count`."""
    factor = 1 if version == "1.0.0" else 10
    files = make_item("count", version, summary="Count the rows of a table.")
    files |= {"cell.py": COUNT.format(factor=factor).encode(), "README.md": README.encode()}
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


@pytest.fixture
def hub(panel: PanelPage) -> Locator:
    """Return the section of the hub, which somebody has just opened."""
    return opened_hub(panel)


def opened_hub(panel: PanelPage) -> Locator:
    """Open the section, and wait for its cards."""
    section = panel.section("Hub")
    section.get_by_role("button", name="Hub").click()
    expect(cards(section)).to_have_count(ALL_ITEMS)
    return section


def cards(hub: Locator) -> Locator:
    """Return the cards."""
    return hub.get_by_role("list", name="Functions of the hub").get_by_role("listitem")


def opened_item(panel: PanelPage, hub: Locator, name: str) -> Locator:
    """Click on a card, and return the page that opens."""
    cards(hub).filter(has_text=name).get_by_role("button").first.click()
    page = panel.page.locator(".jp-mlrun-nb-ItemPage:visible")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page


def test_a_new_user_finds_describe_and_sees_the_report_on_the_own_frame(panel: PanelPage, hub: Locator):
    """From words to the report, with the mouse and Shift+Enter; nothing is typed but two words."""
    notebook = NotebookPage(panel.page)
    expect(notebook.run("pd.DataFrame").get_by_text("[1]:")).to_be_visible()
    hub.get_by_role("searchbox", name="Search the hub").fill("profile table")
    expect(cards(hub)).to_have_count(1)
    hub.get_by_role("button", name="Insert describe into the notebook").click()
    inserted = notebook.cell("hub://bundled/describe")
    expect(inserted).to_contain_text("table=boxes,")
    expect(inserted).to_have_class(re.compile("jp-mod-active"))
    assert notebook.text(2) == "after = 1"
    panel.page.keyboard.press("Shift+Enter")
    expect(inserted).to_contain_text("succeeded")
    panel.runs.filter(has_text="describe").first.click()
    run = panel.page.locator(".jp-MainAreaWidget:visible").filter(has=panel.page.get_by_role("tablist"))
    run.get_by_role("tab", name="Artifacts").click()
    run.get_by_role("button", name="report").click()
    with panel.page.expect_download() as download:
        run.get_by_role("link", name="Download").click()
    assert "distribution of size" in download.value.path().read_text()
    run.get_by_role("tab", name="Overview").click()
    run.get_by_role("button", name="hub://bundled/describe@1.0.0").click()
    page = panel.page.locator(".jp-mlrun-nb-ItemPage:visible")
    expect(page.get_by_role("heading", name="describe", level=1)).to_be_visible()


def test_its_source_is_put_in_to_be_changed(panel: PanelPage, hub: Locator):
    """The cells that it needs above it, and what loads `%%mlrun`; one undo takes all of them back."""
    notebook = NotebookPage(panel.page)
    notebook.select("after = 1")
    before = notebook.document()
    page = opened_item(panel, hub, "count")
    page.get_by_role("button", name="Insert source").click()
    expect(notebook.cells).to_have_count(5)
    assert [notebook.text(at).splitlines()[0] for at in (2, 3, 4)] == [
        "%load_ext mlrun_nb",
        "def times(number):",
        "%%mlrun count --input table --output rows",
    ]
    expect(panel.cell("count")).to_contain_text("never run")
    panel.page.keyboard.press("z")
    expect(notebook.cells).to_have_count(2)
    assert notebook.document() == before


def test_where_no_notebook_is_open_a_new_one_is_offered(browser: Browser, bench: Bench):
    """In the folder where people work; its empty cell is no more."""
    with opened_page(browser, width=1200) as page:
        panel = PanelPage(page, bench, path="lab")
        hub = opened_hub(panel)
        hub.get_by_role("button", name="Insert split into the notebook").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(page.locator(".jp-NotebookPanel")).to_have_count(0)
        hub.get_by_role("button", name="Insert split into the notebook").click()
        page.get_by_role("dialog").get_by_role("button", name="New Notebook").click()
        expect(NotebookPage(page).cells).to_have_count(1)
        expect(NotebookPage(page).cell("hub://bundled/split")).to_contain_text("table=table,")


def test_a_source_that_is_away_is_named_and_hides_no_other(hub: Locator):
    """With what to do about it."""
    notice = hub.get_by_role("group").filter(has_text="away")
    expect(notice).to_contain_text("is a folder that is not there")
    notice.click()
    expect(notice.get_by_text("Correct its path.")).to_be_visible()
    expect(cards(hub).first).to_contain_text("Count the rows of a table.")


def test_what_is_typed_is_searched_and_nothing_found_is_said(hub: Locator):
    """All words count; from nothing a click leads back to all."""
    field = hub.get_by_role("searchbox", name="Search the hub")
    field.press_sequentially("count rows")
    expect(cards(hub)).to_have_count(1)
    field.press_sequentially(" elsewhere")
    expect(hub).to_contain_text("No function has all of these words.")
    hub.get_by_role("button", name="Show all").click()
    expect(cards(hub)).to_have_count(ALL_ITEMS)
    expect(field).to_have_value("")


def test_an_item_is_read_before_it_is_run(panel: PanelPage, hub: Locator):
    """Its page as its author wrote it, but for what could act; what it takes; its cells, in colours."""
    page = opened_item(panel, hub, "count")
    expect(page.get_by_text("Counts rows.")).to_be_visible()
    page.get_by_role("button", name="press").click()
    assert "taken" not in panel.page.title()
    row = page.get_by_role("row").filter(has_text="factor")
    expect(row).to_contain_text("by which rows are multiplied")
    page.get_by_role("tab", name="Source").click()
    expect(page.get_by_role("heading", name="Counting")).to_be_visible()
    expect(page.locator("pre .cm-editor, pre span").filter(has_text="def").first).to_be_visible()


def test_any_two_versions_are_compared(panel: PanelPage, hub: Locator):
    """At first the newest and the one before it; an older one says that it is not the newest."""
    page = opened_item(panel, hub, "count")
    page.get_by_role("tab", name="Versions").click()
    expect(page.locator(".jp-mod-changed .jp-mod-old")).to_contain_text("return 1 * number")
    expect(page.locator(".jp-mod-changed .jp-mod-new")).to_contain_text("return 10 * number")
    page.get_by_role("combobox", name="Older version").select_option("1.1.0")
    expect(page).to_contain_text("Nothing differs.")
    page.get_by_role("button", name="1.0.0").click()
    page.get_by_role("button", name="1.1.0 is newer").click()
    expect(page.get_by_role("button", name="1.1.0 is newer")).to_have_count(0)


def test_it_is_run_with_the_form(panel: PanelPage, hub: Locator):
    """As a function is; what is missing is said beside its field, and a file is one of the folder."""
    page = opened_item(panel, hub, "count")
    page.get_by_role("button", name="Run with form").click()
    page.get_by_label("factor").fill("3")
    page.get_by_role("button", name="Run count").click()
    expect(page.locator(".jp-mod-wrong")).to_contain_text("without a value")
    page.get_by_role("textbox", name="table").fill("boxes.csv")
    page.get_by_role("button", name="Run count").click()
    row = panel.runs.filter(has_text="count").first
    expect(row.get_by_role("img", name="succeeded")).to_be_visible()
    expect(row).to_contain_text("rows 90")


@pytest.mark.parametrize("theme", THEMES)
def test_it_breaks_no_rule_of_accessibility(panel: PanelPage, hub: Locator, theme: str):
    """The section, and each tab of an item's page."""
    page = opened_item(panel, hub, "describe")
    panel.theme(theme)
    for tab in ("About", "Run", "Example", "Source", "Versions"):
        page.get_by_role("tab", name=tab).click()
        found = Axe().run(panel.page, context=".jp-mlrun-nb-ItemPage")
        assert found.violations_count == 0, found.generate_report()
    found = Axe().run(panel.page, context="#mlrun-nb-panel")
    assert found.violations_count == 0, found.generate_report()


def test_a_narrow_panel_is_worked_from_the_keyboard_and_scrolls_only_down(panel: PanelPage, hub: Locator):
    """From the command to the field, on to a card, and Enter opens it."""
    panel.narrow()
    wide = hub.locator(".jp-mlrun-nb-Section-body").evaluate("each => each.scrollWidth")
    assert wide <= NARROWEST_PX
    NotebookPage(panel.page).do("mlrun-nb:search-hub")
    field = hub.get_by_role("searchbox", name="Search the hub")
    expect(field).to_be_focused()
    field.fill("split")
    expect(cards(hub)).to_have_count(1)
    for _ in range(2):  # past the source that is away
        panel.page.keyboard.press("Tab")
    panel.page.keyboard.press("Enter")
    expect(panel.page.get_by_role("heading", name="split", level=1)).to_be_visible()


def test_the_page_of_an_item_is_there_after_a_reload(panel: PanelPage, hub: Locator):
    """With its version and its tab."""
    page = opened_item(panel, hub, "count")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="1.0.0").click()
    expect(page.get_by_role("button", name="1.1.0 is newer")).to_be_visible()
    panel.page.wait_for_timeout(1500)  # the layout is saved a moment later
    panel.page.goto(panel.page.url.replace("?reset", ""))
    panel.page.get_by_role("tab", name="count").click()
    expect(panel.page.get_by_role("button", name="1.1.0 is newer")).to_be_visible()
    expect(panel.page.get_by_role("tab", name="Versions")).to_have_attribute("aria-selected", "true")


def test_what_is_installed_is_said_and_a_newer_one_is_a_click_away(panel: PanelPage, hub: Locator, bench: Bench):
    """It is written into project.yaml, and taken out of it again."""
    page, card = opened_item(panel, hub, "count"), cards(hub).filter(has_text="count")
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="1.0.0").click()
    expect(page.get_by_role("button", name="1.1.0 is newer")).to_be_visible()
    page.get_by_role("button", name="Install", exact=True).click()
    expect(card).to_contain_text("installed 1.0.0")
    assert "version: 1.0.0" in (bench.folder / "project.yaml").read_text()
    card.get_by_role("button", name="Update count to 1.1.0").click()
    expect(card).to_contain_text("installed 1.1.0")
    expect(card.get_by_role("button", name="Update")).to_have_count(0)
    page.get_by_role("button", name="1.1.0 is newer").click()
    page.get_by_role("button", name="Uninstall").click()
    expect(card).not_to_contain_text("installed")
    assert "count:" not in (bench.folder / "project.yaml").read_text()


def test_a_function_is_published_from_its_menu(panel: PanelPage, hub: Locator, bench: Bench):
    """What is missing is asked for; it is tried, and has a card; the same number with another content is refused."""
    write_notebook(
        bench.folder / "shapes.ipynb", "%%mlrun area --output area\nradius: float = 1.0\narea = 3 * radius**2"
    )
    bench.type("run", "shapes.ipynb::area")
    asked_for(panel)
    dialog = panel.page.get_by_role("dialog")
    expect(dialog.get_by_label("Name", exact=False).first).to_have_value("area")
    expect(dialog.get_by_label("Version")).to_have_value("1.0.0")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_text("It has to be said.")).to_have_count(2)
    dialog.get_by_label("What it does").fill("Area of a circle.")
    dialog.get_by_label("Categories").fill("shapes, circles")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_role("status")).to_contain_text("Its example is run")
    expect(dialog).to_have_count(0)
    expect(cards(hub).filter(has_text="Area of a circle.")).to_contain_text("shapes · circles")
    asked_for(panel)
    expect(dialog.get_by_label("Version")).to_have_value("1.0.1")
    dialog.get_by_label("Version").fill("1.0.0")
    dialog.get_by_label("What it does").fill("Another one.")
    dialog.get_by_label("Categories").fill("shapes")
    dialog.get_by_role("button", name="Publish").click()
    expect(dialog.get_by_role("alert")).to_contain_text("1.0.0")
    expect(dialog.get_by_label("What it does")).to_have_value("Another one.")


def asked_for(panel: PanelPage) -> None:
    """Choose in the menu of the function `area` that it is to be published."""
    panel.section("Functions").get_by_role("button", name="What can be done with area").click()
    panel.page.get_by_role("menuitem", name="Publish to a Hub…").click()
