"""A snapshot in the three forms that a notebook keeps, and how many bytes they take there."""

from __future__ import annotations

import json
from dataclasses import replace

from mlrun_nb._lib.records import to_json
from mlrun_nb.commands.card.html import html_of
from mlrun_nb.commands.card.snapshot import Snapshot
from mlrun_nb.commands.card.text import text_of

MIME_TYPE = "application/vnd.mlrun-nb.run+json"
LIMIT = 24_000
"""Bytes that a card may take in a saved notebook; that of a sweep, with a line for each of many runs, comes near it."""
_FRAME, _LINE = 400, 14
"""What the notebook's file adds to an output, and to each line of a text."""


def bundle_of(snapshot: Snapshot, *, dashboard_link: str = "") -> dict[str, object]:
    """Return *snapshot* as a MIME bundle: JSON without long texts, HTML, text; see `Card.bundle` for the link."""
    return {
        MIME_TYPE: to_json(_compact(snapshot)),
        "text/html": html_of(snapshot, dashboard_link=dashboard_link),
        "text/plain": text_of(snapshot),
    }


def _compact(snapshot: Snapshot) -> Snapshot:
    """Return *snapshot* without its long texts and tables: a live renderer reads them where they are."""
    error = replace(snapshot.error, traceback=(), cut=0) if snapshot.error else None
    sweep = replace(snapshot.sweep, marks="", columns=(), rows=(), course=None, lines=None) if snapshot.sweep else None
    return replace(snapshot, log=(), log_cut=0, error=error, sweep=sweep)


def weight(bundle: dict[str, object]) -> int:
    """Return the bytes that *bundle* takes in a notebook's file, or a little more."""
    lines = sum(text.count("\n") for text in bundle.values() if isinstance(text, str))
    plain = bundle[MIME_TYPE]
    indented = json.dumps(plain, ensure_ascii=False, indent=1)
    size = len(json.dumps(bundle | {MIME_TYPE: None}, ensure_ascii=False).encode()) + len(indented.encode())
    return size + 6 * indented.count("\n") + _LINE * lines + _FRAME
