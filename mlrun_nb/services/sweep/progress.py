"""What a sweep says of itself while it runs: events with counts, a log with a line for each child, notices."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from mlrun_nb._lib.records import Json
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.model.selection import Ranking
from mlrun_nb.model.states import RunState
from mlrun_nb.runner.recorder import Recorder

_TELLS_EACH_S = 0.25


@dataclass(slots=True, kw_only=True)
class Progress:
    """Counts of one sweep. `total` is how many points there will be, None where nobody knows."""

    recorder: Recorder
    total: int | None
    counts: Counter[RunState] = field(default_factory=Counter)
    best: RunId | None = None
    _shown_of_best: dict[str, Json] = field(default_factory=dict)
    _told: object = None
    _told_at: float = 0.0

    @property
    def done(self) -> int:
        """How many children have ended."""
        return sum(number for state, number in self.counts.items() if state.is_final)

    def begun(self) -> None:
        """One more child is under way."""
        self.counts[RunState.RUNNING] += 1

    def put_back(self) -> None:
        """A child that was under way is to be begun again."""
        self.counts[RunState.RUNNING] -= 1

    def ended(self, run: Run, ranking: Ranking | None) -> None:
        """A child that was under way has ended; *ranking* has it."""
        self.counts[RunState.RUNNING] -= 1
        self.account(run, ranking)
        self.recorder.line(self._line(run, ranking))

    def account(self, run: Run, ranking: Ranking | None) -> None:
        """Count a child that has ended, now or before."""
        self.counts[run.state] += 1
        best = ranking.best if ranking is not None else None
        if best is not None and best.number == run.number:
            self.best = run.id
            self._shown_of_best = {"value": best.value, "parameters": dict(run.parameters)}

    def say(self, text: str) -> None:
        """Add a line to the sweep's log."""
        self.recorder.line(text)

    def tell(self, *, at_once: bool = False) -> None:
        """Write an event with the counts, if they have changed and it is time."""
        now = dict(self.counts), self.best
        if now == self._told or (not at_once and time.monotonic() - self._told_at < _TELLS_EACH_S):
            return
        data: dict[str, Json] = {
            "done": self.done,
            "total": self.total,
            "states": {state.value: number for state, number in self.counts.items() if number},
            "best": self.best,
            **self._shown_of_best,
        }
        self.recorder.event("children", data)
        self._told, self._told_at = now, time.monotonic()

    def _line(self, run: Run, ranking: Ranking | None) -> str:
        value = ranking.goal.value(run.results) if ranking is not None else None
        of = f"{self.done:>{len(str(self.total))}}/{self.total}" if self.total is not None else f"{self.done}"
        words = [f"[{of}] #{run.number} {run.state}"]
        if ranking is not None and value is not None:
            mark = " (best so far)" if self.best == run.id else ""
            words.append(f"{ranking.goal.result} {value:.6g}{mark}")
        elif run.error is not None:
            words.append(run.error.summary)
        return "  ".join([*words, _shown(run.parameters)])


def _shown(parameters: Mapping[str, Json]) -> str:
    return " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in parameters.items())
