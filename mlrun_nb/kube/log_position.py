"""
Where the reading of a log stands, in the terms in which the API can resume: whole seconds.

Asked for what was logged since a second, a node sends the lines of that second and later, in the order of its file. A
position therefore counts the lines read since then. The second is the one before the newest that was seen, because
standard output and standard error are stamped apart, and two lines may stand in the file the wrong way round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mlrun_nb._lib.records import Json

SECOND = 10**9
"""In nanoseconds, the unit of times here."""


@dataclass(slots=True, kw_only=True)
class Position:
    """
    What was read, of a log whose lines carry times; it moves on line by line.

    `second` is the whole second, since 1970, of the newest line, `newest` its time. `before` and `within` count the
    lines read of the second before that and of that second; `first` is the time of the first of all these in the file,
    `first_within` that of the first in `second`. Of the line after them `into` bytes were read.
    """

    second: int = 0
    newest: int = 0
    first: int = 0
    first_within: int = 0
    before: int = 0
    within: int = 0
    into: int = 0

    @property
    def lines(self) -> int:
        """How many of the lines that a node sends from `since` on were read whole."""
        return self.before + self.within

    @property
    def since(self) -> str:
        """The time to ask from; empty at the beginning."""
        return datetime.fromtimestamp(self.second - 1, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.second else ""

    def counts(self, time: int) -> bool:
        """Tell whether a line of *time* is among those that a node sends from `since` on."""
        return time // SECOND >= self.second - 1

    def begin_line(self, time: int) -> None:
        """Go on to a line that was logged at *time*."""
        second = time // SECOND
        if second > self.second:
            is_next = second == self.second + 1
            self.first = self.first_within if is_next else time
            self.before = self.within if is_next else 0
            self.second, self.first_within, self.within = second, time, 0
        self.newest = max(self.newest, time)

    def end_line(self, time: int) -> None:
        """Go on to the end of that line."""
        second = time // SECOND
        self.within += second == self.second
        self.before += second == self.second - 1
        self.into = 0

    def copy(self) -> Position:
        """Return a position that stays when this one moves on."""
        return replace(self)

    def to_json(self) -> Json:
        """Return the position as JSON; its numbers are small, because not every reader has 64 bits for one."""
        start = self.second * SECOND
        times = (self.newest - start, self.first - start, self.first_within - start)
        return [self.second, *times, self.before, self.within, self.into]


def position_of(cursor: Json) -> Position:
    """Return the position that *cursor* holds; the beginning for any other value."""
    match cursor:
        case [int(second), int(newest), int(first), int(first_within), int(before), int(within), int(into)]:
            start = second * SECOND
            return Position(
                second=second,
                newest=start + newest,
                first=start + first,
                first_within=start + first_within,
                before=before,
                within=within,
                into=into,
            )
        case _:
            return Position()
