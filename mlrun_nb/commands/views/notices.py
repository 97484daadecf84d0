"""Notices before a run: what might be missed or is not enforced, each with where it stands and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from mlrun_nb.commands.document import Document, labelled
from mlrun_nb.model.notice import Notice


def notices_view(notices: Iterable[Notice], width: int) -> Document:
    """Return *notices* as `notice:` lines, each with its hint below; the same one is said once."""
    lines: Document = []
    for notice in dict.fromkeys(notices):
        lines += labelled(("notice:", "warn"), f"{_place(notice)}{notice.text}", width)
        lines += labelled(("hint:", "strong"), notice.hint, width)
    return lines


def _place(notice: Notice) -> str:
    if not notice.place:
        return ""
    return f"{notice.place}, line {notice.line}: " if notice.line else f"{notice.place}: "
