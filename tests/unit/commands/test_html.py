"""A document as HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import get_args

from mlrun_nb.commands.document import Style, line, plain
from mlrun_nb.commands.html import html


class Reader(HTMLParser):
    """Collects text and tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the tag with what it says."""
        self.tags.append((tag, dict(attrs)))


def read(text: str) -> Reader:
    """Return what a browser would take out of *text*."""
    reader = Reader()
    reader.feed(text)
    return reader


def test_its_text_is_that_of_the_document():
    """Nothing is said by style alone, and nobody's data becomes markup."""
    lines = [line(("heading", "heading")), (), line("<script>alert('&')</script>", (" bad", "bad"))]
    reader = read(html(lines))
    assert reader.text + "\n" == plain(lines)
    assert [tag for tag, _ in reader.tags] == ["pre", "span", "span"]


def test_every_style_has_a_look_with_a_colour_for_places_without_a_theme():
    """JupyterLab's variable, VS Code's, then a plain colour; text that means nothing special has none."""
    for style in get_args(Style):
        spans = [attributes for tag, attributes in read(html([line(("x", style))])).tags if tag == "span"]
        assert bool(spans) == bool(style)
        assert all(each["style"].count("var(--jp-") == each["style"].count("var(--vscode-") for each in spans)


def test_it_brings_nothing_but_text_and_inline_style():
    """No identifier that could appear twice in a page, no sheet, no script: an exported notebook keeps it whole."""
    attributes = {name for _, found in read(html([line(("x", "good"))])).tags for name in found}
    assert attributes == {"style"}
