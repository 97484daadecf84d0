"""The series of numbers that a run logged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import overload

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.api.table import Table
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.views.metrics import metrics_view
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.events import Metric


class Metrics(Table[Metric]):
    """All points in the order in which they were logged; `run.metrics["loss"]` are those of one series."""

    def __init__(self, points: Iterable[Metric]) -> None:
        super().__init__(points, view=_view, row=_row)

    @overload
    def __getitem__(self, index: int) -> Metric: ...
    @overload
    def __getitem__(self, index: slice | str) -> Table[Metric]: ...
    def __getitem__(self, index: int | slice | str) -> Metric | Table[Metric]:
        if not isinstance(index, str):
            return super().__getitem__(index)
        points = [point for point in self if point.name == index]
        if not points:
            raise self._missing(index)
        return Metrics(points)

    def _missing(self, name: str) -> NotFoundError:
        names = list(dict.fromkeys(point.name for point in self))
        near = nearest(name, names)
        listed = f"It logged: {some(names)}." if names else "It logged none: `log_metric(name, value, step=…)`."
        return NotFoundError(f"the run has no metric `{name}`", hint=f"Did you mean `{near}`?" if near else listed)


def _view(points: Sequence[Metric], now: datetime, width: int) -> Document:  # noqa: ARG001  # needs no time
    return metrics_view(points, width)


def _row(point: Metric) -> Mapping[str, object]:
    return {"name": point.name, "step": point.step, "value": point.value, "time": point.time}
