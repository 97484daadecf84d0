"""Cards in a real notebook of JupyterLab: they move, have buttons, need no kernel, and believe no document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from mlrun_nb.testing.requests import wait_for
from tests.acceptance.browser import LOOKS, Look
from tests.acceptance.panel.bench import Bench, warm_bench
from tests.acceptance.panel.notebook_page import LOAD, NotebookPage, opened_lab, stored_card, write_notebook
from tests.unit.commands.card.scenes import SCENES
from tests.unit.commands.records import NOW

SLOW = """%%mlrun slow
import time
for step in range(600):
    print("step", step, flush=True)
    time.sleep(0.5)"""
QUICK = "%%mlrun quick --output total\ntotal = 30\nfor step in range(9):\n    print('step', step)"
HILL = """%%mlrun hill --output height --sweep "x=1,2,3,4,5,6" --maximize height
x: int = 0
if x == 6:
    raise ValueError("too far")
height = 10 - (x - 3) ** 2"""
BROKEN = "%%mlrun broken\nrows = {}\nrows['weight']"

UNKNOWN = "zzzzzzzzzzzz"
EVIL_HTML = (
    '<div class="mlrun-nb-card"><b>stored</b> words<img src="x" onerror="window.harmed = 1">'
    '<script>window.harmed = 2</script><a href="javascript:window.harmed = 3">link</a>'
    '<div style="position:fixed;inset:0" onclick="window.harmed = 4">cover</div></div>'
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, warm_exports: dict[str, str]) -> Iterator[Bench]:
    """Return a project of three functions, in a JupyterLab of its own."""
    with warm_bench(tmp_path_factory, warm_exports, LOAD, SLOW, QUICK, BROKEN) as bench:
        yield bench


@pytest.fixture(scope="module")
def notebook(browser: Browser, bench: Bench) -> Iterator[NotebookPage]:
    """Return a page in which each test opens a notebook of its own."""
    with opened_lab(browser, bench.lab) as notebook:
        yield notebook


def run_of(bench: Bench, function: str, *words: str) -> str:
    """Run a function in a shell and return the run's id."""
    said = bench.type("run", f"churn.ipynb::{function}", "--json", *words, check=False)
    return str(json.loads(said)["id"])


def ask(bench: Bench, method: str, path: str) -> Any:  # whatever the interface answers
    """Ask the server that the page asks."""
    with urlopen(Request(f"{bench.lab.url}mlrun-nb/api/{path}", method=method), timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def state_of(bench: Bench, run: str) -> str:
    """Return the state of a run."""
    return str(ask(bench, "GET", f"runs/{run}")["run"]["state"])


def wait_for_state(bench: Bench, run: str, state: str) -> None:
    """Wait until a run is in *state*."""
    wait_for(lambda: state_of(bench, run) == state, what=f"the run to be {state}")


def last_step(card: Locator) -> int:
    """Return the last step of `slow` that a card shows; 0 where it shows none."""
    return max((int(step) for step in re.findall(r"step (\d+)", card.inner_text())), default=0)


def wait_for_step(card: Locator, step: int) -> None:
    """Wait until a card shows this step of `slow`, or a later one: it shows the last ones only."""
    wait_for(lambda: last_step(card) >= step, what=f"step {step}")


def wait_until_silent(page: Page, asked: list[str]) -> None:
    """Wait until no request has been added to *asked* for three seconds; what asks every second never is silent."""

    def is_silent() -> bool:
        before = len(asked)
        page.wait_for_timeout(3000)
        return len(asked) == before

    wait_for(is_silent, what="silence")


def requests_of(page: Page) -> list[str]:
    """Return the addresses of cards that *page* asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/mlrun-nb/api/runs/" in request.url else None)
    return asked


def test_a_card_is_live_from_the_kernel_to_the_last_button(notebook: NotebookPage, bench: Bench):
    """The kernel's output gets buttons at once; Cancel ends the run, and what may be done then is offered."""
    notebook.open("churn.ipynb")
    notebook.run(LOAD)
    notebook.run("%%mlrun slow")
    card = notebook.card("%%mlrun slow")
    wait_for_step(card, 1)
    expect(card).not_to_contain_text("interrupt to cancel", use_inner_text=True)
    expect(card).not_to_contain_text("does not move any more", use_inner_text=True)
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("cancelled")
    expect(card.get_by_role("button", name="Cancel")).to_have_count(0)
    expect(card.get_by_role("button", name="Rerun", exact=True)).to_be_visible()
    expect(card.get_by_role("button", name="Open", exact=True)).to_be_visible()


def test_the_card_of_a_sweep_is_live_too(notebook: NotebookPage, bench: Bench):
    """The server's drawing has the marks, the table and the course that the kernel's has."""
    write_notebook(bench.folder / "swept.ipynb", LOAD, HILL)
    notebook.open("swept.ipynb")
    notebook.run(LOAD)
    notebook.run("%%mlrun hill")
    card = notebook.card("%%mlrun hill")
    expect(card).to_contain_text("✓ 5 succeeded · ✗ 1 failed")
    expect(card.get_by_role("button", name="Open", exact=True)).to_be_visible()
    table = card.get_by_role("table", name="best by height")
    expect(table.get_by_role("columnheader")).to_have_text(["#", "height", "x", "took"])
    expect(table.get_by_role("row").nth(1)).to_contain_text(re.compile(r"^2103"))
    expect(card.get_by_role("img", name="height of each child, from")).to_be_visible()
    expect(card.get_by_role("list", name="failed children")).to_contain_text("ValueError: too far")
    marks = card.get_by_role("img", name="6 of 6 children").locator("i")
    expect(marks).to_have_count(6)
    assert [box["width"] for mark in marks.all() if (box := mark.bounding_box())] == [9] * 6


def test_a_card_needs_no_kernel(notebook: NotebookPage, bench: Bench):
    """The kernel is shut down under a detached run: the card moves on, and its button still ends the run."""
    write_notebook(bench.folder / "alone.ipynb", LOAD, SLOW.replace("slow", "slow --detach", 1))
    notebook.open("alone.ipynb")
    notebook.run(LOAD)
    notebook.run("%%mlrun slow")
    card = notebook.card("%%mlrun slow")
    wait_for_step(card, 1)
    notebook.end_kernel()
    wait_for_step(card, last_step(card) + 3)
    card.get_by_role("button", name="Cancel").click()
    expect(card).to_contain_text("cancelled")


def test_a_stored_card_is_live_after_a_reload(notebook: NotebookPage, bench: Bench):
    """What the document kept is only the id: the card shows how the run stands now."""
    run = run_of(bench, "slow", "--detach")
    write_notebook(bench.folder / "kept.ipynb", (SLOW, [stored_card(run, html=EVIL_HTML, text="as it was")]))
    notebook.open("kept.ipynb")
    card = notebook.card("%%mlrun slow")
    wait_for_step(card, 2)
    expect(card).not_to_contain_text("stored words")
    bench.type("cancel", run)
    expect(card).to_contain_text("cancelled")
    assert state_of(bench, run) == "cancelled"


def test_a_failed_run_can_be_run_again_from_its_card(notebook: NotebookPage, bench: Bench):
    """Rerun makes a run; Open shows the page of the run."""
    run = run_of(bench, "broken")
    write_notebook(bench.folder / "failed.ipynb", (BROKEN, [stored_card(run)]))
    notebook.open("failed.ipynb")
    card = notebook.card("%%mlrun broken")
    expect(card).to_contain_text("KeyError")
    before = ask(bench, "GET", "runs?q=fn:broken")["items"]
    card.get_by_role("button", name="Rerun", exact=True).click()
    known = {each["id"] for each in before}
    wait_for(lambda: ask(bench, "GET", "runs?q=fn:broken")["items"][0]["id"] not in known, what="a new run")
    card.get_by_role("button", name="Open", exact=True).click()
    expect(notebook.page.get_by_role("tab", name=re.compile("^broken"))).to_be_visible()


def test_a_refresh_leaves_alone_what_the_reader_does(notebook: NotebookPage, bench: Bench):
    """While text is selected and a button has the focus, the card moves on and both stay."""
    run = run_of(bench, "slow", "--detach")
    write_notebook(bench.folder / "read.ipynb", (SLOW, [stored_card(run)]))
    notebook.open("read.ipynb")
    card = notebook.card("%%mlrun slow")
    wait_for_step(card, 1)
    before = last_step(card)
    notebook.page.evaluate(
        "const name = document.querySelector('.jp-mlrun-nb-Card .h b');"
        "getSelection().selectAllChildren(name); window.kept = name"
    )
    button = card.get_by_role("button", name="Cancel")
    button.evaluate("button => button.focus({preventScroll: true})")
    notebook.page.evaluate("getSelection().selectAllChildren(window.kept)")
    wait_for_step(card, before + 3)
    expect(button).to_be_focused()
    assert notebook.page.evaluate("getSelection().toString()") == "slow"
    assert notebook.page.evaluate("window.kept.isConnected")
    button.click()
    expect(card).to_contain_text("cancelled")


def test_a_card_of_a_run_that_is_gone_is_what_the_notebook_kept(notebook: NotebookPage, bench: Bench):
    """Deleted, or made on another machine: the stored words, a line that says so, and nothing to press."""
    run = run_of(bench, "quick")
    html = str(ask(bench, "GET", f"runs/{run}/card")["html"])
    ask(bench, "DELETE", f"runs/{run}")
    write_notebook(
        bench.folder / "gone.ipynb",
        (QUICK, [stored_card(run, html=html)]),
        (BROKEN, [stored_card(UNKNOWN, text="only words")]),
    )
    notebook.open("gone.ipynb")
    for text, words in [("%%mlrun quick", "total 30"), ("%%mlrun broken", "only words")]:
        card = notebook.card(text)
        expect(card).to_contain_text("not recorded here")
        expect(card).to_contain_text(words)
        expect(card.get_by_role("button")).to_have_count(0)


def test_a_card_of_a_run_that_went_on_elsewhere_does_not_look_as_if_it_did_still(notebook: NotebookPage, bench: Bench):
    """Saved while it ran, and opened where nobody knows it: it says when it was drawn, and that it may have ended."""
    kept = nbformat.v4.new_output("display_data", data=SCENES["running"]().bundle(NOW))
    write_notebook(bench.folder / "elsewhere.ipynb", (QUICK, [kept]))
    notebook.open("elsewhere.ipynb")
    card = notebook.card("%%mlrun quick")
    expect(card).to_contain_text("not recorded here, in the store in use")
    expect(card).to_contain_text("may have ended since")
    expect(card).to_contain_text("as of 2026-03-14 15:09", use_inner_text=True)


def test_a_document_that_means_harm_does_none(notebook: NotebookPage, bench: Bench):
    """Nothing that it holds is executed, covers the page, or becomes an address."""
    ids = ["../../../api/shutdown", f"{UNKNOWN}/../x", UNKNOWN, {"id": 1}, "x" * 4000]
    write_notebook(bench.folder / "evil.ipynb", *[(QUICK, [stored_card(run, html=EVIL_HTML)]) for run in ids])
    asked = requests_of(notebook.page)
    notebook.open("evil.ipynb")
    for number in range(len(ids)):
        card = notebook.cells.nth(number).locator(".jp-mlrun-nb-Card")
        card.scroll_into_view_if_needed()
        expect(card).to_contain_text("not recorded here")
        expect(card).to_contain_text("stored")
        assert card.locator("[onclick], [onerror], [href^=javascript], script").count() == 0
    assert notebook.page.evaluate("window.harmed") is None
    assert asked
    assert all(re.search(rf"/runs/{UNKNOWN}/card\?", url) for url in asked)


def test_not_even_the_server_can_put_code_into_a_card(notebook: NotebookPage, bench: Bench):
    """What is no part of a card is left out of what it draws, whoever drew it."""
    run = run_of(bench, "quick")
    write_notebook(bench.folder / "odd.ipynb", (QUICK, [stored_card(run)]))

    def answer(route: Route) -> None:
        body = {"id": run, "state": "succeeded", "cancelling": False, "html": EVIL_HTML, "text": ""}
        route.fulfill(json=body)

    notebook.page.route(f"**/runs/{run}/card*", answer)
    notebook.open("odd.ipynb")
    card = notebook.card("%%mlrun quick")
    expect(card).to_contain_text("stored words")
    expect(card.get_by_text("link")).to_have_count(1)
    assert card.locator("img, script, [onclick], [onerror], a[href], [style*=position]").count() == 0
    assert notebook.page.evaluate("window.harmed") is None


def test_a_notebook_of_many_cards_asks_for_those_in_sight(notebook: NotebookPage, bench: Bench):
    """200 cards: a few requests when it is opened, at most four at a time, and none for ended runs later."""
    run = run_of(bench, "quick")
    write_notebook(bench.folder / "many.ipynb", *[(QUICK, [stored_card(run)])] * 200)
    asked = requests_of(notebook.page)
    notebook.open("many.ipynb")
    expect(notebook.page.locator(".jp-mlrun-nb-Card .mlrun-nb-card").first).to_be_visible()
    wait_until_silent(notebook.page, asked)
    assert 0 < len(asked) <= 12


def test_a_card_out_of_sight_asks_for_nothing(notebook: NotebookPage, bench: Bench):
    """A running run below the fold costs no request; back in sight, its card is as new as ever."""
    run = run_of(bench, "slow", "--detach")
    long = "\n".join(f"x{number} = {number}" for number in range(120))
    write_notebook(bench.folder / "far.ipynb", (SLOW, [stored_card(run)]), long, "last = 1")
    notebook.open("far.ipynb")
    card = notebook.card("%%mlrun slow")
    wait_for_step(card, 1)
    asked = requests_of(notebook.page)
    wait_for_step(card, last_step(card) + 3)
    assert len(asked) >= 1
    notebook.select("last = 1")
    expect(card).not_to_be_in_viewport()
    wait_until_silent(notebook.page, asked)
    assert state_of(bench, run) == "running"
    bench.type("cancel", run)
    notebook.cells.first.scroll_into_view_if_needed()
    card.scroll_into_view_if_needed()
    expect(card).to_contain_text("cancelled")


@pytest.mark.parametrize("look", LOOKS)
def test_cards_break_no_rule_of_accessibility(notebook: NotebookPage, bench: Bench, look: Look):
    """Running, failed, succeeded and gone, with their buttons."""
    running = run_of(bench, "slow", "--detach")
    wait_for_state(bench, running, "running")
    write_notebook(
        bench.folder / "looks.ipynb",
        ("1", [stored_card(running)]),
        ("2", [stored_card(run_of(bench, "quick"))]),
        ("3", [stored_card(run_of(bench, "broken"))]),
        ("4", [stored_card(UNKNOWN, html='<div class="mlrun-nb-card">kept</div>')]),
    )
    notebook.open("looks.ipynb")
    notebook.theme(look)
    for cell, button in ((0, "Cancel"), (1, "Rerun"), (2, "Rerun")):
        notebook.cells.nth(cell).scroll_into_view_if_needed()  # a card that nobody sees does not ask
        expect(notebook.cells.nth(cell).get_by_role("button", name=button, exact=True)).to_be_visible()
    notebook.cells.nth(3).scroll_into_view_if_needed()
    expect(notebook.cells.nth(3)).to_contain_text("not recorded here")
    found = Axe().run(notebook.page, context=".jp-mlrun-nb-Card")
    assert found.violations_count == 0, found.generate_report()
    notebook.page.screenshot(path=bench.folder / f"cards-{look}.png")
    bench.type("cancel", running)
