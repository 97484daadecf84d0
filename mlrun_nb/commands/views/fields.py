"""Parts that several views share: headings, lists of names and values, lists of commands to type next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane
from mlrun_nb.commands.document import (
    UNLIMITED,
    Document,
    Line,
    Part,
    clean,
    cut,
    fill,
    indent,
    line,
    table,
    width_of,
    wrap_line,
)
from mlrun_nb.model.artifact import Artifact

NAME_WIDTH = 24
"""Longer names are shortened, so that one of them does not push all values away."""


def section(heading: str, body: Document) -> Document:
    """Return *body* below its *heading* and a blank line; nothing when there is nothing to say."""
    return [(), line((heading, "heading")), *indent(body)] if body else []


def pairs(rows: Sequence[tuple[str, Sequence[Part]]], width: int) -> Document:
    """Return rows of a name and what is said about it, in two columns; the second one is wrapped, never shortened."""
    names = [cut(clean(name), NAME_WIDTH) for name, _ in rows]
    column = max(map(width_of, names), default=0)
    lines: Document = []
    for name, (_, parts) in zip(names, rows, strict=True):
        first, *more = wrap_line(line(*parts), width - column - 2)
        lines.append((*fill(line((name, "dim")), column + 2), *first))
        lines += indent(more, column + 2)
    return lines


def changed_values(values: Mapping[str, Json], before: Mapping[str, Json] | None) -> list[tuple[str, list[Part]]]:
    """Return rows of *values*, with the value *before* where that was another."""
    rows: list[tuple[str, list[Part]]] = []
    for name, value in values.items():
        if before is None or before.get(name, value) == value:
            rows.append((name, [humane.exact(value)]))
        else:
            was = humane.exact(before[name])
            rows.append((name, [(humane.exact(value), "strong"), (f"  was {cut(was, 30)}", "dim")]))
    return rows


def results(values: Mapping[str, Json], before: Mapping[str, Json]) -> list[tuple[str, list[Part]]]:
    """Return rows of results, numbers with their distance from the results *before*."""
    rows: list[tuple[str, list[Part]]] = []
    for name, value in values.items():
        distance = distance_from(value, before.get(name))
        rows.append((name, [(humane.rounded(value), "strong"), *([(f"  {distance}", "accent")] if distance else [])]))  # type: ignore[list-item]  # a part
    return rows


def distance_from(value: Json, before: Json) -> str:
    """Return how far the number *value* is from the one *before*, `+0.004`; empty where that says nothing."""
    if isinstance(value, bool) or isinstance(before, bool):
        return ""
    if not isinstance(value, int | float) or not isinstance(before, int | float) or value == before:
        return ""
    sign = "+" if value > before else "-" if value < before else ""
    try:
        return f"{sign}{humane.rounded(abs(value - before))}" if sign else ""
    except OverflowError:  # a whole number beyond all floats
        return ""


def artifact_rows(artifacts: Sequence[Artifact], within: str = "") -> Document:
    """
    Return a table of artifacts: name, kind, size, place.

    A place below the folder *within* is given from there; places are never shortened, so that they can be copied.
    """
    rows: list[tuple[Line, ...]] = [
        (
            line((cut(clean(item.name), NAME_WIDTH), "strong")),
            line((item.kind, "dim")),
            line(humane.size(item.size)),
            line((clean(item.uri.removeprefix(f"{within}/") if within else item.uri), "dim")),
        )
        for item in artifacts
    ]
    return table(rows, UNLIMITED, flexible=3, right=frozenset({2}))


def commands(*words: tuple[str, str], width: int = 80) -> Document:
    """Return commands to type, each with what it is for where there is room; a command itself is never shortened."""
    fitting = (width_of(text) for text, purpose in words if width_of(text) + 2 + width_of(purpose) <= width)
    column = max(fitting, default=0)
    lines: Document = []
    for text, purpose in words:
        head = line((text, "strong"))
        if width_of(text) > column:
            lines.append(head)
        else:
            lines.append((*fill(head, column + 2), *line((cut(purpose, width - column - 2), "dim"))))
    return lines
