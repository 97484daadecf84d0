"""
The panel before a store of 100,000 runs, beside JupyterLab's own file browser before 2000 files, in the same page.

Times to a picture are taken in the page: from the event of the pointer or the key to the frame after the one in which
the rows are there. What a frame costs is the CPU time of the longest task of the page's main thread, from a trace:
other programs of the machine lengthen the time between frames, but not that. The longest time between frames is shown.
"""

from __future__ import annotations

import json
import shutil
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from tests.acceptance.browser import opened_browser, opened_page
from tests.acceptance.panel.bench import Bench, make_project, running_bench
from tests.benchmarks.store_million import million_store
from tests.parts import require

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

RUNS = 100_000
ROWS = 2000
LETTERS = "bcdefghij"
PAGES = 3
OPENINGS = 7
OPEN_GOAL_MS = 300
TASK_GOAL_MS = 50
FILTER_GOAL_MS = 150


@dataclass(frozen=True, slots=True)
class List:
    """A list of the page: its tab, what scrolls, its rows, and their height."""

    tab: str
    scroller: str
    row: str
    row_px: int


OURS = List("#mlrun-nb-panel", ".jp-mlrun-nb-Windowed", ".jp-mlrun-nb-Run", 44)
FILES = List("#filebrowser", ".jp-DirListing-content", ".jp-DirListing-item", 24)

# Resolves with the milliseconds from the next such event to the frame after the one in which `isThere` holds.
_UNTIL = """([event, rows, isThere]) => {
  const holds = new Function('rows', `return ${isThere}`);
  window.measured = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`not in a minute: ${isThere}`)), 60_000);
    window.addEventListener(event, ({ timeStamp }) => {
      const look = () => {
        const seen = [...document.querySelectorAll(rows)].filter(row => row.checkVisibility());
        if (seen.length > 0 && holds(seen)) {
          requestAnimationFrame(now => done(now - timeStamp));
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    }, { capture: true, once: true });
  });
}"""

# Scrolls two rows a frame until so many have gone by, waiting for those that are not read yet; returns the longest time
# between two frames, and how far it came.
_SCROLL = """([scroller, rowPx, count]) => new Promise(done => {
  const node = [...document.querySelectorAll(scroller)].find(each => each.checkVisibility());
  let [before, longest, stuck] = [performance.now(), 0, 0];
  const step = now => {
    longest = Math.max(longest, now - before);
    before = now;
    const top = node.scrollTop;
    node.scrollTop += 2 * rowPx;
    stuck = node.scrollTop === top ? stuck + 1 : 0;
    if (node.scrollTop < (count - 2) * rowPx - node.clientHeight && stuck < 600) {
      requestAnimationFrame(step);
    } else {
      done([longest, node.scrollTop + node.clientHeight]);
    }
  };
  requestAnimationFrame(step);
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open one browser for all measurements."""
    require("panel")
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def bench(pytestconfig, tmp_path_factory) -> Iterator[Bench]:
    """Serve a folder of 2000 files and a copy of the store: the server writes to it."""
    require("panel")
    folder, home = tmp_path_factory.mktemp("many"), tmp_path_factory.mktemp("home")
    store = million_store(pytestconfig.cache.mkdir("store") / f"{RUNS}-{SCHEMA_VERSION}.db", count=RUNS)
    (home / "mlrun-nb").mkdir()
    shutil.copy(store, home / "mlrun-nb" / "store.db")
    make_project(folder)
    (folder / "project.yaml").write_text("name: demo\n")
    for number in range(ROWS):
        (folder / f"{LETTERS[number % 9]}_{number:04}").touch()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("MLRUN_NB_HOME", str(home / "mlrun-nb"))
        monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home / ".jupyter"))
        with running_bench(folder, home) as bench:
            yield bench


@pytest.fixture
def page(browser: Browser, bench: Bench) -> Iterator[Page]:
    """Open JupyterLab, with the file browser in front."""
    with opened_page(browser, width=1200) as page:
        visit(page, bench)
        yield page


def visit(page: Page, bench: Bench) -> None:
    """Open JupyterLab anew and wait until it is quiet."""
    page.goto(f"{bench.lab.url}lab?reset")
    page.locator(f"{FILES.tab} {FILES.row}").first.wait_for()
    page.evaluate("window.jupyterapp.restored")
    page.wait_for_load_state("networkidle")


def opening_ms(page: Page, shown: List) -> float:
    """Click on the tab and return the time to the first row."""
    page.evaluate(_UNTIL, ["pointerdown", f"{shown.tab} {shown.row}", "true"])
    page.locator(f'.jp-SideBar .lm-TabBar-tab[data-id="{shown.tab[1:]}"]').click()
    return float(page.evaluate("window.measured"))


def filter_ms(page: Page, shown: List, key: str, is_there: str) -> float:
    """Press *key* and return the time until *is_there* holds of the rows."""
    page.evaluate(_UNTIL, ["keydown", f"{shown.tab} {shown.row}", is_there])
    page.keyboard.press(key)
    return float(page.evaluate("window.measured"))


def scrolled(browser: Browser, page: Page, shown: List) -> tuple[float, float]:
    """Scroll through ROWS rows; return the CPU ms of the longest task, and the ms of the longest frame."""
    categories = ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"]
    browser.start_tracing(page=page, categories=categories)
    longest, height = page.evaluate(_SCROLL, [f"{shown.tab} {shown.scroller}", shown.row_px, ROWS])
    assert height >= (ROWS - 3) * shown.row_px
    events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [e for e in events if "tdur" in e and e["name"].endswith("RunTask") and (e["pid"], e["tid"]) in main]
    busiest = Counter((event["pid"], event["tid"]) for event in tasks).most_common(1)[0][0]
    return max(event["tdur"] for event in tasks if (event["pid"], event["tid"]) == busiest) / 1000, float(longest)


def test_the_list_is_there_when_the_panel_opens(browser: Browser, bench: Bench):
    """From the click on the tab to the first row; goal at most 300 ms once the code is loaded."""
    first, again, files = [], [], []
    for _ in range(PAGES):
        with opened_page(browser, width=1200) as page:
            visit(page, bench)
            first.append(opening_ms(page, OURS))
            for _ in range(OPENINGS):
                files.append(opening_ms(page, FILES))
                again.append(opening_ms(page, OURS))
    ours, other = statistics.median(again), statistics.median(files)
    print(
        f"\nopening: {ours:.0f} ms (goal ≤ {OPEN_GOAL_MS}), the first time {statistics.median(first):.0f} ms; ", end=""
    )
    print(f"file browser {other:.0f} ms, ratio {ours / other:.2f}")
    assert ours <= OPEN_GOAL_MS


def test_two_thousand_rows_scroll_by_without_a_long_frame(browser: Browser, page: Page):
    """Two rows a frame, the pages read meanwhile; goal no task of more than 50 ms."""
    files, files_frame = scrolled(browser, page, FILES)
    opening_ms(page, OURS)
    ours, ours_frame = scrolled(browser, page, OURS)
    print(
        f"\nscrolling {ROWS} rows: longest task {ours:.1f} ms (goal ≤ {TASK_GOAL_MS}), frame {ours_frame:.0f} ms; ",
        end="",
    )
    print(f"file browser {files:.1f} ms, frame {files_frame:.0f} ms, ratio {ours / files:.2f}")
    assert ours <= TASK_GOAL_MS


def test_the_list_narrows_as_one_types(page: Page):
    """From the key to the narrowed list; goal at most 150 ms, of which the server has a part and typing has a pause."""
    page.evaluate("window.jupyterapp.commands.execute('filebrowser:toggle-file-filter')")
    field = page.locator(f"{FILES.tab} input[placeholder*='ilter']").first
    files, ours = [], []
    for letter in LETTERS[1:]:
        field.fill("")
        field.focus()
        page.wait_for_timeout(500)
        is_there = f"rows.every(row => row.querySelector('.jp-DirListing-itemText').textContent.includes('{letter}'))"
        files.append(filter_ms(page, FILES, letter, is_there))
    opening_ms(page, OURS)
    search = page.get_by_role("searchbox", name="Search runs")
    for digit in "123456789":
        search.fill("function_0")
        search.press("End")
        page.wait_for_timeout(500)
        ours.append(filter_ms(page, OURS, digit, f"rows.every(row => row.textContent.includes('function_0{digit}'))"))
    mine, other = statistics.median(ours), statistics.median(files)
    print(f"\nfilter: {mine:.0f} ms (goal ≤ {FILTER_GOAL_MS}), file browser {other:.0f} ms, ratio {mine / other:.2f}")
    assert mine <= FILTER_GOAL_MS
