"""A person and a Dask cluster: begun, seen, scaled and ended in the panel, its dashboard a click away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Request, expect

from mlrun_nb.engines.dask import own_cluster
from tests.acceptance.panel.bench import WAIT, Bench, PanelPage, warm_bench
from tests.acceptance.panel.notebook_page import NotebookPage

OWN = WAIT.replace("wait", "own --dask-workers 1 --dask-worker-memory 500Mi")


@pytest.fixture(scope="module")
def bench(tmp_path_factory, warm_exports) -> Iterator[Bench]:
    """Return a project of two functions that wait, whose cluster, if any, ends with the module."""
    with warm_bench(tmp_path_factory, warm_exports, "import math", WAIT, OWN) as bench:
        yield bench
        bench.type("dask", "down", "--force", check=False)


@pytest.fixture
def cluster(panel: PanelPage, bench: Bench) -> Iterator[Locator]:
    """Return the card of a cluster of one worker with two slots, without runs."""
    bench.type("dask", "down", "--force")
    bench.type("dask", "up", "--workers", "1", "--threads", "2")
    card = opened_engines(panel).get_by_role("listitem").filter(has_text="this machine")
    expect(card).to_contain_text("1 · 2 slots")
    yield card
    (bench.folder / "go").unlink(missing_ok=True)


def opened_engines(panel: PanelPage) -> Locator:
    """Return the section of engines, open and all of it in sight."""
    panel.page.set_viewport_size({"width": 1200, "height": 1100})
    section = panel.section("Engines")
    section.get_by_role("button", name="Engines").click()
    expect(section.get_by_role("list", name="Engines")).to_be_visible()
    return section


def is_look(request: Request) -> bool:
    """Tell whether *request* asks after clusters."""
    return "/api/clusters" in request.url


def fact(card: Locator, name: str) -> Locator:
    """Return what *card* says of *name*."""
    term = card.page.get_by_text(name, exact=True)
    return card.locator("dl > div").filter(has=term).locator("dd")


def dialog(panel: PanelPage) -> Locator:
    """Return the dialog that is open."""
    return panel.page.get_by_role("dialog")


def test_nobody_asks_after_clusters_who_does_not_see_them(panel: PanelPage, bench: Bench):
    """Not while the section is folded; when it is seen again and again; not behind another tab of the side bar."""
    bench.type("dask", "up", "--workers", "1")
    asked: list[str] = []
    panel.page.on("request", lambda request: asked.append(request.url) if is_look(request) else None)
    panel.page.reload()
    expect(panel.section("Runs")).to_be_visible()
    expect(panel.section("Engines")).to_be_visible()
    assert asked == []
    opened_engines(panel)
    for _ in range(3):
        panel.page.wait_for_event("request", is_look)
    panel.page.get_by_role("tab", name="File Browser").first.click()
    expect(panel.section("Engines")).to_be_hidden()
    panel.page.wait_for_timeout(500)  # one may be under way
    count = len(asked)
    panel.page.wait_for_timeout(11_000)  # two looks
    assert len(asked) == count


def test_a_cluster_is_begun_scaled_and_ended_by_clicks(panel: PanelPage, bench: Bench):
    """What is typed wrong is said at its field; what there is stands in the panel as in the shell."""
    bench.type("dask", "down", "--force")
    engines = opened_engines(panel)
    engines.get_by_role("button", name="Start a Dask cluster…").click()
    dialog(panel).get_by_label("Workers").fill("few")
    dialog(panel).get_by_role("button", name="Start").click()
    expect(dialog(panel)).to_contain_text("cannot be few")
    dialog(panel).get_by_label("Workers").fill("1")
    dialog(panel).get_by_label("Slots of each").fill("2")
    dialog(panel).get_by_label("Ends after").fill("1h")
    dialog(panel).get_by_role("button", name="Start").click()
    card = engines.get_by_role("listitem").filter(has_text="this machine")
    expect(fact(card, "workers")).to_have_text("1 · 2 slots")
    expect(fact(card, "runs")).to_have_text("0 on dask")
    expect(fact(card, "ends")).to_have_text("after 1 h without runs")
    expect(fact(card, "memory")).to_have_text(re.compile(r"\d+ MiB"))
    expect(fact(card, "up")).to_have_text(re.compile(r"\d+ s · [\d.]+ core hours"))
    expect(fact(card, "owner")).not_to_be_empty()
    expect(engines.get_by_role("button", name="Start a Dask cluster…")).to_have_count(0)

    card.get_by_role("button", name="Scale").click()
    dialog(panel).get_by_label("Workers").fill("1..3")
    dialog(panel).get_by_role("button", name="Scale").click()
    expect(dialog(panel).get_by_role("alert")).to_contain_text("fixed number of workers")
    dialog(panel).get_by_label("Workers").fill("2")
    dialog(panel).get_by_role("button", name="Scale").click()
    expect(fact(card, "workers")).to_have_text("2 · 4 slots")

    card.get_by_role("button", name="End").click()
    expect(dialog(panel)).to_contain_text("It has no runs.")
    dialog(panel).get_by_role("button", name="End").click()
    expect(card).to_have_count(0)
    expect(engines.get_by_role("button", name="Start a Dask cluster…")).to_be_visible()
    assert "no Dask cluster" in bench.type("dask", "list")


def test_a_cluster_is_not_ended_under_a_run_that_nobody_saw_coming(panel: PanelPage, bench: Bench, cluster: Locator):
    """The run came while the question stood; what the server refuses is asked in words."""
    cluster.get_by_role("button", name="End").click()
    expect(dialog(panel)).to_contain_text("It has no runs.")
    bench.type("run", "churn.ipynb::wait", "--on", "dask", "--detach")
    dialog(panel).get_by_role("button", name="End").click()
    expect(dialog(panel)).to_contain_text("all the same?")
    expect(dialog(panel)).to_contain_text("would fail with their workers")
    dialog(panel).get_by_role("button", name="Cancel").click()
    expect(fact(cluster, "runs")).to_have_text("1 on dask")

    cluster.get_by_role("button", name="End").click()
    expect(dialog(panel)).to_contain_text("It has 1 run, which would fail with its worker.")
    dialog(panel).get_by_role("button", name="End, runs fail").click()
    expect(cluster).to_have_count(0)
    expect(panel.runs.first.get_by_role("img", name="failed")).to_be_visible()


def test_fewer_workers_under_a_run_take_a_second_word(panel: PanelPage, bench: Bench, cluster: Locator):
    """With it they go."""
    bench.type("dask", "scale", "2")
    bench.type("run", "churn.ipynb::wait", "--on", "dask", "--detach")
    expect(fact(cluster, "workers")).to_have_text("2 · 4 slots")
    expect(fact(cluster, "runs")).to_have_text("1 on dask")
    cluster.get_by_role("button", name="Scale").click()
    dialog(panel).get_by_label("Workers").fill("1")
    dialog(panel).get_by_role("button", name="Scale").click()
    expect(dialog(panel)).to_contain_text("Have fewer workers all the same?")
    dialog(panel).get_by_role("button", name="Scale, runs fail").click()
    expect(fact(cluster, "workers")).to_have_text("1 · 2 slots")
    (bench.folder / "go").touch()


def test_the_dashboard_is_of_dask_and_draws_through_the_proxy(panel: PanelPage, cluster: Locator, bench: Bench):
    """Below the address of this server, pictures and all."""
    with panel.page.context.expect_page() as opened:
        cluster.get_by_role("link", name="Dashboard").click()
    assert opened.value.url.startswith(f"{bench.lab.url}proxy/")
    expect(opened.value).to_have_title("Dask: Status")
    expect(opened.value.locator(".bk-Figure").first).to_be_visible()
    opened.value.close()


def test_the_page_and_the_card_of_a_run_lead_to_the_dashboard_of_its_own_cluster(panel: PanelPage, bench: Bench):
    """As long as it goes on."""
    notebook = NotebookPage(panel.page)
    panel.cell("own").get_by_role("button", name="Run own", exact=True).click()
    row = panel.runs.filter(has_text="own").first
    expect(row.get_by_role("img", name="running")).to_be_visible()
    proxied = re.compile(r"/proxy/\d+/status$")
    card = notebook.card("%%mlrun own")
    expect(card.get_by_role("link", name="/status")).to_have_attribute("href", proxied)
    row.click()
    link = panel.page.get_by_role("link", name="Dask dashboard")
    expect(link).to_have_attribute("href", proxied)
    with panel.page.context.expect_page() as opened:
        link.click()
    expect(opened.value).to_have_title("Dask: Status")
    opened.value.close()
    (bench.folder / "go").touch()
    expect(row.get_by_role("img", name="succeeded")).to_be_visible()
    expect(link).to_have_count(0)
    (bench.folder / "go").unlink()


def test_a_cluster_that_does_not_answer_is_trouble_with_a_thing_to_do(panel: PanelPage, bench: Bench, cluster: Locator):
    """Its process lives, and nobody listens where it says that its scheduler is; once somebody does it is there."""
    about = Path(bench.environment["MLRUN_NB_HOME"], own_cluster.FOLDER, own_cluster.ABOUT)
    true = about.read_text()
    about.write_text(json.dumps({**json.loads(true), "address": "tcp://127.0.0.1:1"}))
    lost = panel.section("Engines").get_by_role("listitem").filter(has_text="cannot be reached")
    expect(lost.get_by_role("img", name="wrong")).to_be_visible()
    expect(lost).to_contain_text("mlrun-nb doctor --on dask")
    expect(cluster.get_by_role("button")).to_have_count(0)
    about.write_text(true)
    expect(cluster.get_by_role("button", name="Scale")).to_be_visible()
    expect(lost).to_have_count(0)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"])
def test_a_cluster_breaks_no_rule_of_accessibility_and_fits_a_narrow_panel(
    panel: PanelPage, cluster: Locator, theme: str
):
    """Names, roles and contrasts; nothing is cut off or stands out at the panel's least width."""
    panel.theme(theme)
    panel.narrow()
    expect(cluster).to_be_in_viewport()
    found = Axe().run(panel.page, context="#mlrun-nb-panel")
    assert found.violations_count == 0, found.generate_report()
    cut = cluster.evaluate(
        """card => [card, ...card.querySelectorAll('*')]
             .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
             .map(each => each.outerHTML)"""
    )
    assert cut == []
    cluster.get_by_role("button", name="Scale").click()
    expect(dialog(panel).get_by_label("Workers")).to_be_focused()
    found = Axe().run(panel.page, context=".jp-Dialog-content")
    assert found.violations_count == 0, found.generate_report()
