"""
Several things of one kind, shown as a table: a sequence, and a data frame when one is wanted.

Not a data frame itself: pandas is imported when somebody asks for it, and a row stays the object that it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from mlrun_nb.api.shown import Shown
from mlrun_nb.commands.document import Document
from mlrun_nb.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")

View = Callable[[Sequence[T], datetime, int], Document]
"""Lays items out as text: items, the present time, a width."""


class Table(Shown, Sequence[T], Generic[T]):
    """
    A sequence of runs, functions, metrics; a slice is a table again.

    `to_pandas()` gives a data frame with a row for each.
    """

    def __init__(self, items: Iterable[T], *, view: View[T], row: Callable[[T], Mapping[str, object]]) -> None:
        self._items = tuple(items)
        self._view_of = view
        self._row = row

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Table[T]: ...
    def __getitem__(self, index: int | slice) -> T | Table[T]:
        if isinstance(index, slice):
            return Table(self._items[index], view=self._view_of, row=self._row)
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with a row for each item; raises UsageError where pandas is not installed."""
        try:
            import pandas as pd
        except ImportError as err:
            raise UsageError("a data frame needs pandas, which is not here", hint="Run `pip install pandas`.") from err
        return pd.DataFrame([dict(self._row(item)) for item in self._items])

    def _view(self, now: datetime, width: int) -> Document:
        return self._view_of(self._items, now, width)

    def __repr__(self) -> str:
        return self._text().rstrip("\n")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # a sequence is no key


def flat(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return *values* as columns: `parameters.lr`, `results.accuracy`."""
    return {f"{name}.{key}": value for key, value in values.items()}
