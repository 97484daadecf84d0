"""What a run logged as series of numbers: a line for each series."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlrun_nb.commands.document import Document, clean, line, table
from mlrun_nb.commands.humane import count, rounded
from mlrun_nb.model.events import Metric


def metrics_view(points: Sequence[Metric], width: int) -> Document:
    """Return for each series in *points*, in the order of their beginnings, how many there are and where they went."""
    series: dict[str, list[float]] = {}
    for point in points:
        series.setdefault(point.name, []).append(point.value)
    rows = []
    for name, values in series.items():
        finite = [value for value in values if math.isfinite(value)] or values
        figures = (("first", values[0]), ("least", min(finite)), ("most", max(finite)), ("last", values[-1]))
        cells = [line((f"{word} ", "dim"), (rounded(value), "strong")) for word, value in figures]
        rows.append((line(clean(name)), line((count(len(values), "point"), "dim")), *cells))
    return table(rows, width, flexible=0)
