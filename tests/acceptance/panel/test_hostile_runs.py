"""Runs that mean harm: nothing of what they left is executed, moves out of its place, or holds up the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.acceptance.browser import opened_page
from tests.acceptance.panel.bench import Bench, PanelPage, warm_bench
from tests.acceptance.panel.test_run_page import page_of_run

EVIL = """%%mlrun evil --output page
from pathlib import Path
import mlrun_nb as mn
from IPython.display import HTML, SVG, display
script = "<script>window.top.hacked = 1</script><img src=x onerror='window.top.hacked = 1'>"
svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>window.top.hacked = 1</script><circle r='9'/></svg>"
Path("evil.html").write_text(script)
Path("evil.svg").write_text(svg)
mn.log_artifact("evil.html", name="page_html")
mn.log_artifact("evil.svg", name="picture")
display(HTML(script), SVG(svg))
print("\\x1b[31mred\\x1b[0m \\x1b]0;title\\x07" + "\\u202egpj.exe" + script)
page = script"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, warm_exports):
    """Return a bench with one run that left scripts wherever it could."""
    with warm_bench(tmp_path_factory, warm_exports, "import random", EVIL) as bench:
        bench.type("run", "churn.ipynb::evil", "--label", "note=<img src=x onerror=top.hacked=1>")
        yield bench


def is_hacked(panel: PanelPage) -> bool:
    """Tell whether a script of the run was executed."""
    return bool(panel.page.evaluate("() => 'hacked' in window"))


def test_no_script_of_a_run_is_executed_anywhere(browser, hostile: Bench):
    """On no tab of its page, in no preview, not in its executed notebook, not in the address of an artifact."""
    with opened_page(browser, width=1200) as page:
        panel = PanelPage(page, hostile, path="lab")
        panel.runs.first.click()
        shown = page_of_run(page)
        for name in ("Cells", "Log", "What changed", "Artifacts"):
            shown.get_by_role("tab", name=name).click()
            expect(shown.get_by_role("tabpanel")).to_be_visible()
            if name == "Log":
                expect(shown.locator(".jp-mlrun-nb-ink-1")).to_have_text("red")
        for artifact in ("picture", "page_html"):
            shown.get_by_role("tabpanel").get_by_text(artifact, exact=True).first.click()
            page.wait_for_timeout(500)  # its preview is asked for and drawn
        shown.get_by_role("button", name="Open notebook").click()
        expect(page.locator(".jp-NotebookPanel:visible .jp-OutputArea").first).to_be_visible()
        page.wait_for_timeout(1000)  # what a script would do at once
        assert not is_hacked(panel)


def test_an_artifact_is_a_download_in_a_sandbox(browser, hostile: Bench):
    """Whoever opens its address gets a file; no page of this origin."""
    with opened_page(browser) as page:
        run = json.loads(hostile.type("runs", "--json"))[0]["id"]
        address = f"{hostile.lab.url}mlrun-nb/api/runs/{run}/artifacts/page_html"
        answer = page.request.get(address)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_log_of_200_megabytes_is_read_at_both_ends(browser, hostile: Bench, home: Path):
    """Its beginning is shown at once, its end after a key, and a line in the middle is found."""
    run = json.loads(hostile.type("runs", "--json"))[0]["id"]
    log = next(Path(hostile.environment["MLRUN_NB_HOME"]).rglob(f"{run}/log/*.log"))
    with log.open("ab") as file:
        for block in range(1000):
            texts = (f"block {block} line {line} {'x' * 180}\n" for line in range(1000))
            file.write("".join(texts).encode())
    with opened_page(browser, width=1200) as page:
        panel = PanelPage(page, hostile, path="lab")
        panel.runs.first.click()
        shown = page_of_run(page)
        shown.get_by_role("tab", name="Log").click()
        lines = shown.get_by_role("region", name="Lines of the log")
        expect(lines).to_contain_text("block 0 line 0 ")
        lines.press("End")
        expect(lines).to_contain_text("block 999 line 999 ")
        shown.get_by_placeholder("Find in the log").fill("block 500 line 77 ")
        shown.get_by_placeholder("Find in the log").press("Enter")
        expect(lines).to_contain_text("block 500 line 77 ")
