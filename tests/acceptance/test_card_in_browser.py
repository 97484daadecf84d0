"""Cards as people see them: in both themes, narrow, exported, and in JupyterLab with and without trust."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.browser import LOOKS, Look, jupyterlab_theme, opened_browser, opened_page, running_lab
from tests.unit.commands.card.scenes import SCENES
from tests.unit.commands.records import NOW

CARD = ".mlrun-nb-card"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open one browser for all tests here."""
    with opened_browser() as browser:
        yield browser


def html_of(scene: str) -> str:
    """Return the HTML of a card."""
    return str(SCENES[scene]().bundle(NOW)["text/html"])


def show(page: Page, *scenes: str, theme: str = "") -> None:
    """Show cards as outputs of a front end with *theme*, or of one that has none."""
    outputs = "".join(f'<div class="jp-RenderedHTMLCommon">{html_of(scene)}</div>' for scene in scenes)
    page.set_content(
        f'<!doctype html><html lang="en"><title>Cards</title><style>{theme} body {{ margin: 8px; '
        f'background: var(--jp-layout-color0, Canvas); }}</style><main class="jp-ThemedContainer">{outputs}</main>'
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("themed", [True, False])
def test_no_card_breaks_a_rule_of_accessibility(browser: Browser, look: Look, themed: bool):
    """Roles, names, contrast: axe finds nothing, in JupyterLab's themes and where there is none."""
    with opened_page(browser, look=look) as page:
        show(page, *SCENES, theme=jupyterlab_theme(look) if themed else "")
        found = Axe().run(page, context=CARD, options={"rules": {"page-has-heading-one": {"enabled": False}}})
    assert found.violations_count == 0, found.generate_report()


_OVERFLOW = """
cards => cards.flatMap(card => [card, ...card.querySelectorAll("*:not(.w)")].filter(part =>
    part.getBoundingClientRect().right > card.getBoundingClientRect().right + 0.5 || card.scrollWidth > card.clientWidth
).map(part => part.outerHTML.slice(0, 200)))
"""


@pytest.mark.parametrize("width", [250, 420, 1200])
def test_a_card_fits_its_place(browser: Browser, width: int):
    """No part of a card is outside it and no card outside its place, however narrow that is."""
    with opened_page(browser, width=width) as page:
        show(page, *SCENES, theme=jupyterlab_theme("light"))
        assert page.locator(CARD).evaluate_all(_OVERFLOW) == []
        widest = max(box["width"] for card in page.locator(CARD).all() if (box := card.bounding_box()))
        assert widest == min(760, width - 16)


def test_cards_are_as_high_as_they_have_something_to_say(browser: Browser):
    """One line for a good run with one result; a running one with log and series stays small."""
    with opened_page(browser) as page:
        show(page, "succeeded short", "running", "failed", theme=jupyterlab_theme("light"))
        heights = [box["height"] for card in page.locator(CARD).all() if (box := card.bounding_box())]
    assert [height < most for height, most in zip(heights, (44, 230, 520), strict=True)] == [True] * 3


def test_words_for_ears_are_not_seen(browser: Browser):
    """What a shape says is said to a screen reader, and seen as a shape."""
    with opened_page(browser) as page:
        show(page, "running")
        card = page.get_by_role("group", name="run 4k7q2m of train: running, cell 3 of 5")
        expect(card.get_by_role("progressbar", name="2 of 5 cells done, at work: train")).to_be_visible()
        expect(card).to_contain_text("running: train")
        assert [box["width"] for word in card.locator(".w").all() if (box := word.bounding_box())] == [1.0] * 4


def test_a_card_has_the_readers_light_where_no_theme_is(browser: Browser):
    """A page without Jupyter's or VS Code's variables: light or dark as the system is, and readable in both."""
    found = {}
    for look in LOOKS:
        with opened_page(browser, look=look) as page:
            show(page, "succeeded")
            found[look] = page.locator(CARD).evaluate("card => getComputedStyle(card).backgroundColor")
    assert found == {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 27, 35)"}


def test_a_card_takes_the_colours_of_vs_code(browser: Browser):
    """Its variables come where JupyterLab's are not."""
    theme = ":root { --vscode-foreground: rgb(1, 2, 3); --vscode-editor-background: rgb(250, 251, 252); }"
    with opened_page(browser, look="dark") as page:
        show(page, "succeeded", theme=theme)
        look = "card => (({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(card))"
        assert page.locator(CARD).evaluate(look) == ["rgb(1, 2, 3)", "rgb(250, 251, 252)"]


def make_notebook(path: Path, *scenes: str) -> Path:
    """Write a notebook with the cards of *scenes* as outputs of its only cell."""
    outputs = [nbformat.v4.new_output("display_data", data=SCENES[scene]().bundle(NOW)) for scene in scenes]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%%mlrun train", outputs=outputs)])
    nbformat.write(notebook, path)
    return path


def test_an_exported_notebook_has_its_cards(browser: Browser, tmp_path: Path):
    """`nbconvert --to html` takes the HTML of the bundle, and it looks as it did."""
    page_text, _ = HTMLExporter().from_filename(str(make_notebook(tmp_path / "a.ipynb", "running", "failed")))
    with opened_page(browser) as page:
        page.set_content(page_text, wait_until="domcontentloaded")
        expect(page.locator(CARD)).to_have_count(2)
        expect(page.get_by_role("progressbar")).to_be_visible()
        assert page.locator(CARD).evaluate_all(_OVERFLOW) == []


def without_the_panel(home: Path) -> None:
    """Disable the labextension, which would ask the server for these runs and draw them itself."""
    config = home / ".jupyter" / "labconfig"
    config.mkdir(parents=True)
    (config / "page_config.json").write_text(json.dumps({"disabledExtensions": {"mlrun-nb": True}}))


def test_cards_read_well_in_jupyterlab_with_and_without_trust(browser: Browser, tmp_path: Path, home: Path):
    """JupyterLab takes style sheets and pictures from an untrusted notebook: the words stay, a line each."""
    scenes = ("running", "succeeded", "failed")
    make_notebook(tmp_path / "untrusted.ipynb", *scenes)
    trusted = make_notebook(tmp_path / "trusted.ipynb", *scenes)
    subprocess.run([sys.executable, "-m", "jupyter", "trust", str(trusted)], check=True, capture_output=True)
    without_the_panel(home)
    with running_lab(tmp_path, home) as lab, opened_page(browser, width=1200) as page:
        page.goto(f"{lab.url}lab/tree/trusted.ipynb")
        expect(page.locator(f"{CARD} svg").first).to_be_visible()
        assert page.locator(CARD).evaluate_all(_OVERFLOW) == []
        page.goto(f"{lab.url}lab/tree/untrusted.ipynb?reset")
        expect(page.locator(CARD)).to_have_count(3)
        expect(page.locator(f"{CARD} svg, {CARD} style")).to_have_count(0)
        said = page.locator(CARD).all_inner_texts()
    assert "running: train 7f3a91c local cell 3 of 5 · 0:42" in said[0]
    assert "loss from 0.62 to 0.1059\n" in said[0]
    assert "succeeded: train 7f3a91c local in 1 min 12 s accuracy 0.962 +0.004 %mlrun show 4k7q2m" in said[1]
    assert "model skops · 1.2 MiB" in said[1].splitlines()
    assert "cell 3 (train) raised KeyError: 'weight'" in said[2].splitlines()
