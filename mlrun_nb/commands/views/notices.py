"""Notices before a run: what might be missed or is not enforced, each with where it stands and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from mlrun_nb.commands.document import Document, clean, line
from mlrun_nb.model.notice import Notice


def notices_view(notices: Iterable[Notice]) -> Document:
    """Return *notices* as `notice:` lines, each with its hint below; the same one is said once."""
    lines: Document = []
    for notice in dict.fromkeys(notices):
        lines.append(line(("notice:", "warn"), f" {_place(notice)}{clean(notice.text)}"))
        if notice.hint:
            lines.append(line(("hint:", "strong"), f" {clean(notice.hint)}"))
    return lines


def _place(notice: Notice) -> str:
    if notice.cell is None:
        return ""
    where = f"cell {notice.cell + 1}"
    return f"{where}, line {notice.line}: " if notice.line else f"{where}: "
