"""
The loop of a sweep: begins children while there are points and places, records how they end, knows when to stop.

One process, one thread. Whatever it needs to go on after its own death lies in the journal, the children's run
directories and the store; see `recovery`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlrun_nb._lib.ids import new_id
from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import EngineError, EngineRejected, EngineUnavailable, MlrunNbError
from mlrun_nb.model.condition import Condition
from mlrun_nb.model.run import Handle, Observation, Run, RunId, RunRequest
from mlrun_nb.model.selection import Ranking
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.pool import Pool, Start
from mlrun_nb.protocols.strategy import PointState, Strategy
from mlrun_nb.runner.exit_codes import EXIT_CODES, RETRIED
from mlrun_nb.services.sweep import files
from mlrun_nb.services.sweep.children import Children
from mlrun_nb.services.sweep.keeping import Keeper
from mlrun_nb.services.sweep.progress import Progress
from mlrun_nb.services.sweep.pruning import LOOKS_EACH_S, Pruner, was_pruned

_TICK_S = 0.25
_PAUSE_S = 5.0
_HOPELESS = 10
"""So many children that all failed, and none that did not, say enough of the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A point whose child is to be begun: anew, or once more."""

    number: int
    run: RunId
    point: Mapping[str, Json]
    known: Run | None = None
    attempt: int = 1


@dataclass(slots=True, kw_only=True)
class Driver:
    """Drives the sweep of *request* through *pool*; `execute` returns once no child is under way."""

    request: RunRequest
    folder: Path
    strategy: Strategy
    pool: Pool
    children: Children
    keeper: Keeper
    progress: Progress
    stop: Condition | None
    retries: int
    """How often we have to try a child again; 0 where its pool does."""
    ranking: Ranking | None
    pruner: Pruner
    waiting: list[Waiting] = field(default_factory=list)
    next_number: int = 0
    failed_before: int = 0
    """Children that had failed before this driver began: they are no reason for it to give up."""
    began: float = field(default_factory=time.monotonic)
    cancelled: bool = False
    gave_up: bool = False
    """Whether it stopped because of too many failures; `why_stopped` says why it stopped, for whatever reason."""
    why_stopped: str = ""
    _under_way: dict[RunId, Waiting] = field(default_factory=dict)
    _gone: list[RunId] = field(default_factory=list)
    """Children whose files nobody keeps."""
    _is_exhausted: bool = False
    _refusal: EngineError | None = None
    _paused_until: float = 0.0

    def execute(self) -> None:
        """Drive to the end; raises StoreError, and EngineRejected where no child can be begun any more."""
        while True:
            self._fill()
            self.write()
            if not self._under_way:
                if not self._may_begin():
                    break
                time.sleep(_TICK_S)  # none can be begun now
            for run, seen in self._ended().items():
                self._end(self._under_way.pop(run), seen)
            self.pruner.look()
            self.progress.tell()
        self.write(at_once=True)
        self.progress.tell(at_once=True)
        if self._refusal is not None:
            raise self._refusal

    def cancel(self) -> None:
        """Begin no more children and ask those under way to end; called between two ticks, or from a signal."""
        self.cancelled = True

    def _fill(self) -> None:
        if self.cancelled or (self.why_stopped and self.pool.traits.whole):
            for run in self._under_way:
                self.pool.cancel(run)
            return
        if not self._may_begin() or time.monotonic() < self._paused_until:
            return
        room, batch = self.pool.room(), list[Waiting]()
        while len(batch) < room and self._may_begin():
            waiting = self.waiting.pop(0) if self.waiting else self._next()
            if waiting is not None:
                batch.append(waiting)
        if batch:
            self._begin(batch)

    def _may_begin(self) -> bool:
        sweep = self.request.sweep
        assert sweep is not None
        if not self.why_stopped and sweep.max_time_s is not None and time.monotonic() - self.began > sweep.max_time_s:
            self.why_stopped = f"its time of {sweep.max_time_s:g} s is over (`--max-time`)"
        if self.cancelled or self.why_stopped:
            return False
        return bool(self.waiting) or not self._is_exhausted

    def _next(self) -> Waiting | None:
        point = self.strategy.ask(self.next_number)
        if point is None:
            self._is_exhausted = True
            return None
        waiting = Waiting(number=self.next_number, run=RunId(new_id()), point=point)
        files.note(self.folder, files.Begun(number=waiting.number, run=waiting.run, point=point))
        self.next_number += 1
        return waiting

    def _begin(self, batch: Sequence[Waiting]) -> None:
        starts = [Start(request=self.request_of(waiting), attempt=waiting.attempt) for waiting in batch]
        handles: Mapping[RunId, Handle] = {}
        try:
            handles = self.pool.start(starts)
        except EngineError as err:
            self._put_off(err)
        self.waiting[:0] = [waiting for waiting in batch if waiting.run not in handles]
        for waiting, start in zip(batch, starts, strict=True):
            if waiting.run in handles:
                self._under_way[waiting.run] = waiting
                handle = handles[waiting.run]
                self.pruner.begun(waiting.run, waiting.number, Path(start.request.run_directory))
                self.children.begun(start.request, handle, known=waiting.known, attempt=waiting.attempt)
                self.progress.begun()

    def _put_off(self, err: EngineError) -> None:
        """Wait where asking later may help; else begin no more, and let those under way come to their end."""
        is_full = isinstance(err, EngineRejected) and err.cls == "QuotaExceeded" and bool(self._under_way)
        if is_full or err.exit_code == EngineError.exit_code:
            self._paused_until = time.monotonic() + _PAUSE_S
            self.progress.say(f"{err.message}; trying again in {_PAUSE_S:g} s")
        else:
            self._refusal, self.gave_up, self.why_stopped = err, True, err.message

    def request_of(self, waiting: Waiting) -> RunRequest:
        """Return the request of a child."""
        sweep, base = self.request.sweep, self.request
        assert sweep is not None
        return replace(
            base,
            id=waiting.run,
            engine=sweep.engine,
            profile=sweep.profile,
            parameters={**base.parameters, **waiting.point},
            run_directory=str(self.folder / files.CHILDREN / waiting.run),
            artifacts=self._artifacts_of(waiting.run),
            parent=base.id,
            number=waiting.number,
            sweep=None,
            created=self.children.project.clock(),
        )

    def _artifacts_of(self, run: RunId) -> str:
        base = self.request
        if base.artifacts.startswith(base.run_directory):
            return str(self.folder / files.CHILDREN / run / "artifacts")
        return f"{base.artifacts.rpartition('/')[0]}/{run}"

    def _ended(self) -> Mapping[RunId, Observation]:
        """Return the children that have ended; none where their engine cannot be asked now."""
        try:
            return self.pool.ended(LOOKS_EACH_S if self.pruner.is_needed else _TICK_S)
        except EngineUnavailable as err:
            if time.monotonic() >= self._paused_until:
                self._put_off(err)
            time.sleep(_TICK_S)
            return {}

    def _end(self, waiting: Waiting, seen: Observation) -> None:
        if not seen.state.is_final or self._tries_again(waiting, seen):
            self.waiting.insert(
                0, replace(waiting, known=self.children.known(waiting.run), attempt=waiting.attempt + 1)
            )
            self.progress.put_back()
            return
        run = self.children.ended(waiting.run, seen, pruned=self.asked_to_stop(waiting.run))
        self.pruner.ended(run.id, self.children.logged(run.id))
        self.account(run)
        self.progress.ended(run, self.ranking)
        self._look_when_to_stop(run)

    def account(self, run: Run) -> None:
        """Take the outcome of an ended child into account, now or from before a death."""
        is_good = run.state is RunState.SUCCEEDED
        value = None if self.ranking is None else self.ranking.goal.value(run.results)
        end: PointState = "succeeded" if is_good else "failed"
        if run.pruned:
            end = "pruned"
        self.strategy.tell(run.number or 0, value, state=end)
        if not is_good:
            return
        if self.ranking is not None:
            self.ranking = self.ranking.seen(run.number or 0, run.results)
        self._gone += self.keeper.gone(run)

    def asked_to_stop(self, run: RunId) -> bool:
        """Tell whether the child *run* was told to end early, as long as its run directory is there."""
        return self.pruner.is_needed and was_pruned(self.folder / files.CHILDREN / run)

    def write(self, *, at_once: bool = False) -> None:
        """Have the store know how children are; only of those that it knows of, files may be thrown away."""
        if not self.children.write(at_once=at_once):
            return
        gone, self._gone = self._gone, []
        for run in gone:
            shutil.rmtree(self.folder / files.CHILDREN / run, ignore_errors=True)
            self._remove_artifacts(run)

    def _remove_artifacts(self, run: RunId) -> None:
        """Remove what a child left outside its run directory; what cannot be reached stays, and is no failure."""
        place = self._artifacts_of(run)
        if place.startswith(str(self.folder)):
            return
        with suppress(MlrunNbError):
            folder = open_folder(place)
            for name in folder.names():
                folder.remove(name)

    def _tries_again(self, waiting: Waiting, seen: Observation) -> bool:
        if seen.state is not RunState.FAILED or seen.error is None or self.cancelled:
            return False
        return waiting.attempt <= self.retries and EXIT_CODES[seen.error.fault] in RETRIED

    def _look_when_to_stop(self, run: Run) -> None:
        sweep, counts = self.request.sweep, self.progress.counts
        assert sweep is not None
        failed = counts[RunState.FAILED] + counts[RunState.LOST] - self.failed_before
        if self.stop is not None and self.stop.holds(run.results):
            self.why_stopped = f"`{self.stop.text}` holds for child {run.number} (`--stop`)"
        elif sweep.max_errors is not None and failed > sweep.max_errors:
            self.gave_up, self.why_stopped = True, f"{failed} children failed (`--max-errors {sweep.max_errors}`)"
        elif failed >= _HOPELESS and not counts[RunState.SUCCEEDED]:
            self.gave_up, self.why_stopped = True, f"its first {failed} children all failed"
