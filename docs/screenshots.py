#!/usr/bin/env python3
"""
The pictures of the documentation: `make screenshots` takes them of the product at work.

Cards are those that the tests show in a browser. Everything else is a real JupyterLab on an example, with runs of it;
the tour in the README is such a session, a picture for each thing that a person would do.

`make screenshots ARGS="cards sweep"` takes some of them: `cards`, `notebook`, `views`, `sweep`, `dask`, `hub`, `tour`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.acceptance.browser import LOOKS, Look, jupyterlab_theme, opened_browser, opened_page  # noqa: E402  # from the root
from tests.acceptance.panel.bench import Bench, PanelPage, running_bench  # noqa: E402  # from the root
from tests.acceptance.panel.notebook_page import NotebookPage  # noqa: E402  # from the root
from tests.unit.commands.card.scenes import SCENES  # noqa: E402  # from the root
from tests.unit.commands.records import NOW  # noqa: E402  # from the root

FOLDER = ROOT / "docs" / "images"
CARDS = {
    "waiting": "unschedulable",
    "running": "running with notice",
    "failed": "failed",
    "done": "succeeded",
    "sweep": "sweep with pruning",
}
"""The name of each picture of a card, and the scene that it shows."""
GROUPS = ("cards", "notebook", "views", "sweep", "dask", "hub", "tour")
THEMES: Mapping[Look, str] = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
_CARD_WIDTH, _CARD_SCALE = 680, 1.5
_WIDTH, _HEIGHT = 1200, 720
_COLOURS = 96
_TOUR_MS = 60_000
_NOTEBOOK = "digits.ipynb"
_FOLDERS = {
    "HOME": ".",
    "IPYTHONDIR": ".ipython",
    "JUPYTER_CONFIG_DIR": ".jupyter",
    "JUPYTER_DATA_DIR": ".data",
    "JUPYTER_RUNTIME_DIR": ".runtime",
    "MLRUN_NB_HOME": "mlrun-nb",
    "XDG_CONFIG_HOME": ".config",
}
"""Variables that lead to what is somebody's own."""


def main(asked: Sequence[str]) -> None:
    """Write the pictures that are *asked* for, all where none is named; each light and dark, but for the tour."""
    FOLDER.mkdir(exist_ok=True)
    wanted = {*(asked or GROUPS)}
    if unknown := wanted - {*GROUPS}:
        raise SystemExit(f"hint: there are {', '.join(GROUPS)}, and no {', '.join(sorted(unknown))}")
    with opened_browser() as browser:
        if "cards" in wanted:
            take_cards(browser)
        if "sweep" in wanted:
            with swept() as bench:
                for look in LOOKS:
                    take_sweep(browser, bench, look)
        if "notebook" in wanted:
            with on_example("01-digits") as bench:
                for look in LOOKS:
                    take_notebook(browser, bench, look)
        if "dask" in wanted:
            with at_work_on_dask() as bench:
                for look in LOOKS:
                    take_clusters(browser, bench, look)
        if "hub" in wanted:
            with on_example("01-digits") as bench:
                for look in LOOKS:
                    take_hub(browser, bench, look)
        if wanted & {"views", "tour"}:
            with worked_on() as bench:
                take_work(browser, bench, wanted)


def take_work(browser: Browser, bench: Bench, wanted: Collection[str]) -> None:
    """Take the views of runs, and the tour, as far as they are *wanted*."""
    for look in LOOKS if "views" in wanted else ():
        with opened_page(browser, look=look, width=_WIDTH) as page:
            page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
            take_views(PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}"), look)
    if "tour" in wanted:
        with opened_page(browser, look="light", width=960) as page:
            page.set_viewport_size({"width": 960, "height": 600})
            Tour(PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}")).take(FOLDER / "tour.gif")


def take_sweep(browser: Browser, bench: Bench, look: Look) -> None:
    """Take the tabs that only the page of a sweep has, charts whole, and the series of its best child."""
    with opened_page(browser, look=look, width=_WIDTH) as page:
        panel = PanelPage(page, bench, path="lab/tree/sweep.ipynb")
        panel.theme(THEMES[look])
        panel.runs.first.click()
        for name, (width, height) in {"Children": (_WIDTH, _HEIGHT), "Charts": (1400, 1460)}.items():
            page.set_viewport_size({"width": width, "height": height})
            front(page).get_by_role("tab", name=name).click()
            settle(page, ms=4000)  # Vega is loaded with the first chart
            keep(page, f"run-{name.lower()}-{look}", colours=200)
        page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        front(page).get_by_role("tab", name="Children").click()
        front(page).locator("[data-child]").first.click()
        front(page).get_by_role("tab", name="Metrics").click()
        settle(page, ms=4000)
        keep(page, f"run-metrics-{look}")


def take_notebook(browser: Browser, bench: Bench, look: Look) -> None:
    """Take what is added to a notebook: the live card, the form of a function, the dialog that makes one."""
    with opened_page(browser, look=look, width=_WIDTH) as page:
        page.set_viewport_size({"width": _WIDTH, "height": 1060})
        panel, notebook = PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}"), NotebookPage(page)
        panel.theme(THEMES[look])
        for text in ("import matplotlib", "SEED = 7", "def plot_confusion", "images to learn from"):
            notebook.run(text)
        panel.cell("train").get_by_role("button", name="Run train", exact=True).click()
        notebook.select("%%mlrun train")
        card = notebook.card("%%mlrun train")
        expect(panel.runs.first.get_by_role("img", name="succeeded")).to_be_visible(timeout=60_000)
        card.scroll_into_view_if_needed()
        expect(card.get_by_role("button", name="Rerun", exact=True)).to_be_visible()
        settle(page)
        card.evaluate("each => each.scrollIntoView({block: 'end'})")
        settle(page, ms=1500)
        keep(page, f"notebook-card-{look}")
        notebook.select("%%mlrun train")
        notebook.do("mlrun-nb:show-resources")
        settle(page)
        keep(page, f"notebook-form-{look}")
        plain = notebook.cells.filter(has_not=page.locator(".cm-content", has_text="%%mlrun")).last
        plain.locator(".cm-content").click()
        notebook.do("mlrun-nb:make-function")
        expect(page.get_by_role("dialog").get_by_label("The cell as it will be")).to_contain_text("%%mlrun")
        settle(page)
        keep(page, f"notebook-make-{look}")


def take_clusters(browser: Browser, bench: Bench, look: Look) -> None:
    """Take the section of engines with a cluster, in a panel of the least width."""
    with opened_page(browser, look=look, width=_WIDTH, scale=_CARD_SCALE) as page:
        page.set_viewport_size({"width": _WIDTH, "height": 1100})
        panel = PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}")
        panel.theme(THEMES[look])
        panel.narrow()
        panel.section("Functions").get_by_role("button", name="Functions", exact=False).first.click()
        engines = panel.section("Engines")
        engines.get_by_role("button", name="Engines").click()
        expect(engines.get_by_role("link", name="Dashboard")).to_be_visible()
        settle(page)
        keep(engines, f"panel-clusters-{look}")


def take_hub(browser: Browser, bench: Bench, look: Look) -> None:
    """Take the section of the hub in a panel of the least width, and the page of an item."""
    with opened_page(browser, look=look, width=_WIDTH, scale=_CARD_SCALE) as page:
        page.set_viewport_size({"width": _WIDTH, "height": 1000})
        panel = PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}")
        panel.theme(THEMES[look])
        panel.narrow()
        hub = panel.section("Hub")
        hub.get_by_role("button", name="Hub").click()
        expect(hub.get_by_role("listitem").first).to_be_visible()
        settle(page)
        keep(hub, f"panel-hub-{look}")
    with opened_page(browser, look=look, width=_WIDTH) as page:
        page.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
        panel = PanelPage(page, bench, path=f"lab/tree/{_NOTEBOOK}")
        panel.theme(THEMES[look])
        panel.section("Hub").get_by_role("button", name="Hub").click()
        panel.section("Hub").get_by_role("button", name="describe", exact=False).first.click()
        expect(page.get_by_role("heading", name="describe", level=1)).to_be_visible()
        settle(page)
        keep(page, f"hub-item-{look}", colours=200)


def take_cards(browser: Browser) -> None:
    """Take the cards without any JupyterLab."""
    for look in LOOKS:
        with opened_page(browser, look=look, width=_CARD_WIDTH, scale=_CARD_SCALE) as page:
            for name, scene in CARDS.items():
                style = f"{jupyterlab_theme(look)} body {{ margin: 0; background: var(--jp-layout-color1) }}"
                page.set_content(f"<style>{style}</style>{SCENES[scene]().bundle(NOW)['text/html']}")
                keep(page.locator(".mlrun-nb-card"), f"card-{name}-{look}")


@contextmanager
def on_example(name: str) -> Iterator[Bench]:
    """Give a JupyterLab on an example, of which nothing was run yet."""
    with tempfile.TemporaryDirectory() as place:
        folder, home = Path(place, "digits"), Path(place, "home")
        shutil.copytree(ROOT / "examples" / name, folder)
        home.mkdir()
        os.environ |= {name: str(home / folder) for name, folder in _FOLDERS.items()}
        (folder / "project.yaml").write_text("name: digits\n")
        with running_bench(folder, home) as bench:
            yield bench


@contextmanager
def swept() -> Iterator[Bench]:
    """Give the example of a sweep, which was swept once."""
    with on_example("04-sweep") as bench:
        bench.type("run", "sweep.ipynb::train")
        yield bench


@contextmanager
def at_work_on_dask() -> Iterator[Bench]:
    """Give the first example, of which a run is under way on a cluster of this machine."""
    with on_example("01-digits") as bench:
        bench.type("dask", "up", "--workers", "2", "--threads", "2")
        try:
            bench.type("run", f"{_NOTEBOOK}::train", "--on", "dask", "--detach", "-p", "epochs=100000")
            yield bench
        finally:
            bench.type("dask", "down", "--force")


@contextmanager
def worked_on() -> Iterator[Bench]:
    """Give the first example, which was run a few times, once in vain."""
    with on_example("01-digits") as bench:
        for words in (
            ("features=50",),
            ("features=100", "learning_rate=0.1"),
            ("features=200", "epochs=40"),
            ("features=300", "epochs=40"),
        ):
            bench.type("run", f"{_NOTEBOOK}::train", *(part for word in words for part in ("-p", word)))
        bench.type("run", f"{_NOTEBOOK}::train", "--memory", "150Mi", check=False)
        yield bench


def keep(seen: Locator | Page, name: str, *, colours: int = _COLOURS) -> None:
    """Save how *seen* looks, in few colours."""
    image = Image.open(BytesIO(seen.screenshot())).convert("RGB").quantize(colours)
    path = FOLDER / f"{name}.png"
    image.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB\n")


def take_views(panel: PanelPage, look: Look) -> None:
    """Take every view of the panel and of the pages, one after the other."""
    page = panel.page
    panel.theme(THEMES[look])
    expect(panel.cell("train")).to_be_visible()
    settle(page)
    keep(page, f"panel-{look}")
    keep(panel.panel, f"panel-narrow-{look}")
    for name, view in VIEWS.items():
        view(panel)
        settle(page)
        keep(page, f"{name}-{look}")
        page.evaluate("() => { for (const w of [...window.jupyterapp.shell.widgets('main')].slice(1)) w.close() }")


def settle(page: Page, *, ms: int = 900) -> None:
    """Let what was asked for come and be drawn."""
    page.mouse.move(5, 5)
    page.wait_for_timeout(ms)


def good_run(panel: PanelPage) -> Locator:
    """Open the newest good run and return its page."""
    panel.runs.filter(has=panel.page.get_by_role("img", name="succeeded")).first.click()
    return front(panel.page)


def front(page: Page) -> Locator:
    """Return the page in front."""
    return page.locator(".jp-MainAreaWidget:visible").filter(has=page.get_by_role("tablist"))


def tab_of_good_run(name: str) -> Callable[[PanelPage], None]:
    """Return a view: a tab of the newest good run."""

    def view(panel: PanelPage) -> None:
        good_run(panel).get_by_role("tab", name=name).click()

    return view


def failed_run(panel: PanelPage) -> None:
    """Open the failed run."""
    panel.runs.filter(has=panel.page.get_by_role("img", name="failed")).first.click()


def compared(panel: PanelPage) -> None:
    """Put the good runs side by side."""
    rows = panel.runs.filter(has=panel.page.get_by_role("img", name="succeeded"))
    for index in range(rows.count()):
        rows.nth(index).click(modifiers=["Control"])
    panel.list.press("c")


def function(panel: PanelPage) -> None:
    """Open the page of the function."""
    panel.section("Functions").get_by_role("listitem").first.get_by_role("button").first.click()


VIEWS: Mapping[str, Callable[[PanelPage], None]] = {
    "run-failed": failed_run,
    "run-overview": tab_of_good_run("Overview"),
    "run-cells": tab_of_good_run("Cells"),
    "run-log": tab_of_good_run("Log"),
    "run-artifacts": tab_of_good_run("Artifacts"),
    "run-changed": tab_of_good_run("What changed"),
    "compare": compared,
    "function": function,
}


class Tour:
    """A minute of work, as pictures with the time that each stays."""

    def __init__(self, panel: PanelPage) -> None:
        self.panel, self.page = panel, panel.page
        self._frames: list[tuple[Image.Image, int]] = []

    def take(self, path: Path) -> None:
        """Walk through it and save it at *path*."""
        expect(self.panel.cell("train")).to_be_visible()
        self._see(4000)
        self._run()
        self._look()
        first, *others = [image for image, _ in self._frames]
        shown = sum(ms for _, ms in self._frames)
        durations = [round(ms * _TOUR_MS / shown) for _, ms in self._frames]
        first.save(path, save_all=True, append_images=others, duration=durations, loop=0, optimize=True)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB, {sum(durations) // 1000} s\n")

    def _run(self) -> None:
        """Run the function from the panel and watch it end."""
        for cell in (1, 2, 3):
            self.page.evaluate(
                "index => window.jupyterapp.commands.execute('mlrun-nb:run-function-cell', {index})", cell
            )
        self.panel.cell("train").get_by_role("button", name="Run train").click()
        row = self.panel.runs.first
        for _ in range(14):
            self._see(700)
            if row.get_by_role("img", name="succeeded").count():
                break
            self.page.wait_for_timeout(400)
        expect(row.get_by_role("img", name="succeeded")).to_be_visible()
        self._see(3000)

    def _look(self) -> None:
        """Open it, look at each tab, then at the failed one, then at all of them side by side."""
        self.panel.runs.first.click()
        self._see(4000)
        for name in ("Cells", "Metrics", "Artifacts", "What changed"):
            front(self.page).get_by_role("tab", name=name).click()
            self._see(3500)
        failed_run(self.panel)
        self._see(5000)
        compared(self.panel)
        self._see(6000)
        function(self.panel)
        self._see(5000)
        self.panel.search.fill("fn:train state:failed")
        self._see(5000)

    def _see(self, ms: int) -> None:
        """Add how it looks now, to be seen for so many milliseconds."""
        settle(self.page, ms=600)
        image = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        self._frames.append((image.quantize(64), ms))


if __name__ == "__main__":
    main(sys.argv[1:])
