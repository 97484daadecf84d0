"""
The look of a card: its style sheet (`card.css`, and `sweep.css` for what only sweeps have) and one shape per state.

No colour stands alone: each state has a shape, and a word beside it or hidden for ears.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mlrun_nb.model.states import RunState


@cache
def style_sheet(*, of_sweep: bool = False) -> str:
    """Return the style sheet without what only its readers need: each card in a notebook carries a copy."""
    files = ("card.css", "sweep.css") if of_sweep else ("card.css",)
    text = "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in files)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,>])\s*|(?<=:)\s+", r"\1", " ".join(text.split())).replace(";}", "}")


_LINE = 'fill="none" stroke="currentColor" stroke-width="1.8"'
_CUT_OUT = 'fill="none" stroke-width="1.7" style="stroke:var(--bg)"'

_CIRCLE = f'<circle cx="8" cy="8" r="6" {_LINE}/>'
_DASHED = f'<circle cx="8" cy="8" r="6" {_LINE} stroke-dasharray="2.6 2.1"/>'
_DISC = '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
_SQUARE = '<rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor"/>'
_DIAMOND = f'<path d="M8 1.5l6.5 6.5L8 14.5 1.5 8z" {_LINE}/>'
_TICK = f'<path d="M4.8 8.3l2.2 2.2 4.3-4.6" {_CUT_OUT}/>'
_CROSS = f'<path d="M5.3 5.3l5.4 5.4m0-5.4l-5.4 5.4" {_CUT_OUT}/>'
_STROKE = f'<path d="M3.8 12.2l8.4-8.4" {_LINE}/>'
_QUESTION = f'<path d="M6.5 6.6a1.5 1.5 0 1 1 2.1 1.5q-.6.3-.6 1M8 10.7v1" {_LINE}/>'
_AGAIN = f'<path d="M3 8a5 5 0 1 0 1.6-3.7M4.4 1.6v3h3" {_LINE}/>'

_SHAPES: Mapping[RunState, tuple[str, str]] = {
    RunState.PENDING: ("--mute", _DASHED),
    RunState.SUCCEEDED: ("--ok", _DISC + _TICK),
    RunState.FAILED: ("--bad", _SQUARE + _CROSS),
    RunState.CANCELLED: ("--mute", _CIRCLE + _STROKE),
    RunState.LOST: ("--warn", _DIAMOND + _QUESTION),
    RunState.CACHED: ("--ok", _AGAIN),
}


def shape(state: RunState, share: float) -> str:
    """Return the picture of *state*; that of a running run is a ring of which *share* is done."""
    colour, drawing = _SHAPES[state] if state in _SHAPES else ("--run", _ring(share))
    return f'<svg viewBox="0 0 16 16" aria-hidden="true" style="color:var({colour})">{drawing}</svg>'


def _ring(share: float) -> str:
    around = 37.7  # 2 * pi * 6
    done = max(0.12, min(1.0, share)) * around
    circle = '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2.5"'
    return f'{circle} stroke-opacity=".25"/>{circle} stroke-dasharray="{done:.1f} 99" transform="rotate(-90 8 8)"/>'
