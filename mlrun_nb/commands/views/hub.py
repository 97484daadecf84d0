"""Items of hubs: what a search found, and all about one."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.commands.document import Document, Part, clean, clean_lines, cut, labelled, line, table, wrap
from mlrun_nb.commands.hub import Page
from mlrun_nb.commands.views import fields
from mlrun_nb.notebook.diff import declaration
from mlrun_nb.services.hub import Found

_DIGEST = 24
"""Characters of a digest that people compare; all of it is in JSON."""


def found_view(found: Sequence[Found], width: int) -> Document:
    """Return a table of items: name, version, source, what each does; below it what could not be asked."""
    rows = [
        (
            line((each.item.name, "strong"), (f"@{each.item.version}", "dim")),
            line((each.source, "dim")),
            line(clean(each.item.summary)),
        )
        for each in found
        if each.item is not None
    ]
    lines = table(rows, width, flexible=2)
    for each in found:
        if each.error:
            lines += labelled((f"{clean(each.source)}:", "bad"), clean(each.error), width)
            lines += labelled(("hint:", "strong"), clean(each.hint), width)
    return lines


def page_view(page: Page, width: int) -> Document:
    """Return the page of an item: what it does, takes and leaves, its versions, what to type."""
    item, spec, inner = page.item, page.function.spec, width - 2
    lines: Document = [line((item.name, "strong"), (f"@{item.version}", "dim"), (f"  {page.source}", "dim"))]
    lines += [line(f"  {text}") for text in wrap(clean(item.summary), inner)]
    parameters: list[tuple[str, list[Part]]] = [
        (each.name, [declaration(each).removeprefix(each.name).lstrip(": "), (f"  {each.description}", "dim")])
        for each in spec.parameters
    ]
    lines += fields.section("Parameters", fields.pairs(parameters, inner))
    facts: list[tuple[str, list[Part]]] = [
        ("inputs", [", ".join(spec.inputs) or "none"]),
        ("outputs", [", ".join(spec.outputs) or "none"]),
        ("requires", [", ".join(item.requirements) or "nothing more"]),
        ("categories", [", ".join(item.categories) or "none"]),
        ("versions", [", ".join(page.versions)]),
        ("license", [item.license or "not stated"]),
        ("digest", [cut(item.digest, _DIGEST)]),
    ]
    lines += fields.section("About", fields.pairs(facts, inner))
    words = (
        (f"mlrun-nb run hub://{item.name}", "run it"),
        (f"mlrun-nb hub show {item.name} --code", "read it"),
    )
    return lines + fields.section("Next", fields.commands(*words, width=inner))


def code_view(text: str) -> Document:
    """Return a script line by line."""
    return [line(each) for each in clean_lines(text)]
