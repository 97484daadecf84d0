"""
Whose notebook, log and artifacts stay when a child of a sweep has succeeded; those of the others are deleted.

All children keep their records: parameters, results, metrics, timing. What a failed child left always stays.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.selection import Goal

BEST, ALL = "best", "all"


def check_keep(text: str, *, has_goal: bool) -> str:
    """Return *text* as `--keep` has it, the default where it is empty; raises OptionError for what means nothing."""
    if not text:
        return BEST if has_goal else ALL
    if text in {BEST, ALL} or (text.isdigit() and int(text) > 0):
        if text != ALL and not has_goal:
            raise OptionError(
                f"`--keep {text}` keeps the best, and nothing says which those are",
                hint="Add `--maximize NAME` or `--minimize NAME`, or `--keep all`.",
            )
        return text
    raise OptionError(f"`--keep {text}` is not `best`, `all` or a number from 1", hint="Write `--keep best`.")


@dataclass(slots=True)
class Keeper:
    """Those that are kept so far; the worst of them first. *keep* is what `check_keep` returned."""

    keep: str
    goal: Goal | None
    _kept: list[tuple[float, int, RunId]] = field(default_factory=list)

    def gone(self, run: Run) -> Iterator[RunId]:
        """Yield whose files go now that *run* has succeeded: its own, those of one that it excels, or nobody's."""
        if self.keep == ALL or self.goal is None:
            return
        value = self.goal.value(run.results)
        if value is None:
            yield run.id
            return
        better = value if self.goal.direction == "max" else -value
        heapq.heappush(self._kept, (better, -(run.number or 0), run.id))
        if len(self._kept) > (1 if self.keep == BEST else int(self.keep)):
            yield heapq.heappop(self._kept)[2]
