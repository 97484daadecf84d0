"""The end of a log: what was printed last, in whole lines, and how many lines there were."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import count

from mlrun_nb.commands.document import clean
from mlrun_nb.commands.progress import LogLines

_HELD = 400
"""Lines; more than a traceback of a failed cell takes, so that what was printed before it is still there."""
_LONGEST = 2_000
"""Characters of a line that are kept."""
_RULE = 40


class Tail:
    """The last lines of a log that grows."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=_HELD)
        self._count = 0
        self._log = LogLines()

    def feed(self, data: bytes) -> None:
        """Take in more of the log."""
        for text in self._log.feed(data) if data else ():
            self._count += 1
            self._lines.append(text[:_LONGEST].rstrip())

    def hold(self, lines: Sequence[str], *, before: int) -> None:
        """Hold *lines* in place of all that was fed, the last ones of a log in which *before* came first."""
        self._lines.clear()
        self._lines.extend(clean(text)[:_LONGEST].rstrip() for text in lines)
        self._count, self._log = before + len(lines), LogLines()

    def lines(self, *, without_traceback: bool) -> tuple[list[str], int]:
        """
        Return the last lines, blank ones at the end left out, and how many came before these.

        A run that failed left its traceback in its log too; *without_traceback* ends above that.
        """
        lines = [*self._lines, *([begun[:_LONGEST]] if (begun := self._log.begun.rstrip()) else [])]
        before = self._count - len(self._lines)
        if without_traceback:
            lines = lines[: _rule(lines)]
        while lines and not lines[-1]:
            lines.pop()
        return lines, before


def _rule(lines: list[str]) -> int:
    """Return where the last traceback begins: at the rule that IPython draws above it. The end where there is none."""
    for back, text in zip(count(1), reversed(lines), strict=False):
        if len(text) >= _RULE and not text.strip("-"):
            return len(lines) - back
    return len(lines)
