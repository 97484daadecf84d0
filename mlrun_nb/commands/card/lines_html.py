"""The lines of a sweep's children as HTML: names above, numbers at both ends of each axis, and a picture between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from mlrun_nb.commands.card.snapshot import LINES_HEIGHT, Lines


def lines_html(lines: Lines) -> str:
    """Return *lines*; axes stand in the middle of equal columns, where their names stand too."""
    names = [axis.name for axis in lines.axes]
    label = f"each child as a line through {', '.join(names)}"
    size = f'viewBox="-.5 0 {len(names)} {LINES_HEIGHT}" preserveAspectRatio="none"'
    axes = "".join(f"M{index} 0v{LINES_HEIGHT}" for index in range(len(names)))
    kinds = {"ax": axes, "x": lines.failed, "p": lines.pruned, "d wk": lines.weak, "d": lines.strong, "bst": lines.best}
    paths = "".join(f'<path class="{kind}" d="{_path(kind, text)}"/>' for kind, text in kinds.items() if text)
    return (
        f'<div class="c pl">{_row("nm", names)}{_row("", (axis.ends[1] for axis in lines.axes))}'
        f'<svg {size} role="img" aria-label="{escape(label)}">{paths}</svg>'
        f"{_row('', (axis.ends[0] for axis in lines.axes))}</div>"
    )


def _row(kind: str, texts: Iterable[str]) -> str:
    return f'<p class="m {kind}">{"".join(f"<span>{escape(text)}</span>" for text in texts)}</p>'


def _path(kind: str, text: str) -> str:
    return text if kind == "ax" else "".join(piece for line in text.split() for piece in _pieces(line))


def _pieces(line: str) -> Iterator[str]:
    """Yield the parts of a line; where it has no value on an axis, it is interrupted."""
    is_on = False
    for index, height in enumerate(line.split(",")):
        if height:
            yield f"{' ' if is_on else 'M'}{index} {height}"
        is_on = bool(height)
