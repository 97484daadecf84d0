"""
Styled text as data: lines of spans, laid out to a width, before anybody knows where they will be shown.

A span says what it means (`bad`, `dim`), never a colour; the terminal and HTML choose those. Nothing here may carry its
meaning by style alone: `plain` of a document must say the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mlrun_nb._lib.terminal import without_orders

Style = Literal["", "strong", "dim", "good", "bad", "warn", "accent", "heading"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text with one meaning."""

    text: str
    style: Style = ""


Line: TypeAlias = tuple[Span, ...]
Document: TypeAlias = list[Line]
Part: TypeAlias = "str | tuple[str, Style] | Span"

UNLIMITED = 10_000
"""The width of a place that breaks no lines: a file, a CI's log."""

_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Characters that turn the direction of writing, so that a text looks like another one."""
_CONTROL = {code: None for code in (*range(32), *range(127, 160), *_TURNS) if code != 9}


def line(*parts: Part) -> Line:
    """Return a line of *parts*: plain text, or (text, style)."""
    return tuple(
        part if isinstance(part, Span) else Span(*((part,) if isinstance(part, str) else part)) for part in parts
    )


def plain(lines: Iterable[Line]) -> str:
    """Return the text of *lines*, each ended by a newline."""
    return "".join(f"{text_of(item)}\n" for item in lines)


def text_of(item: Line) -> str:
    """Return the text of one line."""
    return "".join(span.text for span in item)


def clean(text: str) -> str:
    """Return *text* without control characters and orders to a terminal, so that nobody's data steers one."""
    return without_orders(text, colours=False).translate(_CONTROL).expandtabs(4)


def width_of(text: str) -> int:
    """Return the terminal cells that *text* takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """Return *text*, shortened with `…` where it takes more than *width* cells."""
    if width_of(text) <= width:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells(character)
        if used > width:
            break
        kept.append(character)
    return f"{''.join(kept).rstrip()}…" if width > 0 else ""


def cut_line(item: Line, width: int) -> Line:
    """Return *item*, shortened to *width* cells."""
    kept, left = [], width
    for span in item:
        text = cut(span.text, left)
        kept.append(Span(text, span.style))
        left -= width_of(text)
        if text != span.text or left <= 0:
            break
    return tuple(kept)


def fill(item: Line, width: int, *, right: bool = False) -> Line:
    """Return *item* with blanks up to *width* cells, before it where *right*."""
    blanks = Span(" " * max(0, width - width_of(text_of(item))))
    return (blanks, *item) if right else (*item, blanks)


_WORDS = re.compile(r"\s*(?:`[^`]*`|[^\s`]|`)+|\s+")
_UNBROKEN = re.compile(r"(?:`[^`]*`|[^\s`]|`)+")


def wrap(text: str, width: int) -> list[str]:
    """Return *text* in lines of at most *width* cells; a longer word, and anything in backticks, stays whole."""
    lines: list[str] = []
    for word in _UNBROKEN.findall(text):
        if lines and width_of(lines[-1]) + 1 + width_of(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def wrap_line(item: Line, width: int) -> list[Line]:
    """Return *item* in lines of at most *width* cells, its styles kept; see `wrap`."""
    words = [Span(word, span.style) for span in item for word in _WORDS.findall(span.text)]
    lines: list[list[Span]] = [[]]
    used = 0
    for word in words:
        size = width_of(word.text)
        if used and used + width_of(word.text.rstrip()) > width:
            lines.append([])
            used, word = 0, Span(word.text.lstrip(), word.style)  # noqa: PLW2901  # the blank before it is the break
            size = width_of(word.text)
        lines[-1].append(word)
        used += size
    return [tuple(each) for each in lines]


def labelled(label: tuple[str, Style], text: str, width: int) -> Document:
    """
    Return *text* behind its *label*, wrapped to *width*, its own lines kept; empty for empty text.

    Further lines of it that are not too long, or are indented, stay as they are: they may be code.
    """
    if not text.strip():
        return []
    first, *more = clean_lines(f"{label[0]} {text}")
    lines = wrap(first, width)
    for each in more:
        lines += [each] if each.startswith(" ") or width_of(each) <= width else wrap(each, width)
    return [line(label, lines[0].removeprefix(label[0])), *(line(each) for each in lines[1:])]


def clean_lines(text: str) -> list[str]:
    """Return the lines of *text* without control characters."""
    return [clean(each) for each in text.splitlines()]


_NARROWEST = 3


def table(
    rows: Sequence[Sequence[Line]], width: int, *, flexible: int, right: frozenset[int] = frozenset()
) -> Document:
    """
    Return *rows* as columns two blanks apart; column *flexible* is shortened where *width* does not hold all.

    Columns in *right* are set flush right. Trailing blanks are left out.
    """
    if not rows:
        return []
    widths = [max(width_of(text_of(row[index])) for row in rows) for index in range(len(rows[0]))]
    excess = sum(widths) + 2 * (len(widths) - 1) - width
    widths[flexible] = max(min(widths[flexible], _NARROWEST), widths[flexible] - max(0, excess))
    return [_row(row, widths, right) for row in rows]


def _row(row: Sequence[Line], widths: Sequence[int], right: frozenset[int]) -> Line:
    spans: list[Span] = []
    for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
        spans += [Span("  ")] if index and width else []
        spans += fill(cut_line(cell, width), width, right=index in right)
    while spans and not spans[-1].text.strip():
        spans.pop()
    return tuple(spans)


def indent(lines: Iterable[Line], by: int = 2) -> Document:
    """Return *lines* moved to the right; blank ones stay blank."""
    return [(Span(" " * by), *item) if item else item for item in lines]
