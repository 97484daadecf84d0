"""
The strategy `optuna`: points that its samplers suggest, runs that its pruners end early.

The number of a point is that of its trial. A process that is killed in between therefore leaves nothing behind that
nobody would finish: whoever asks for the number again gets the same trial.
"""

from __future__ import annotations

import math
import warnings

import optuna
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial, Trial, TrialState

from mlrun_nb.errors import OptionError
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.space import Point, refuse_repeated
from mlrun_nb.protocols.strategy import PointState
from mlrun_nb.strategies.optuna.choice import read_choice
from mlrun_nb.strategies.optuna.distributions import as_value, refuse_unbounded, suggest
from mlrun_nb.strategies.optuna.storage import close_storage, open_storage, translated
from mlrun_nb.strategies.refusals import need_space, refuse_options

OPTIONS = ("sampler", "sampler_options", "pruner", "pruner_options")


class OptunaStrategy:
    """Asks a study of Optuna, which is made when it is not there, and goes on where it is."""

    adaptive = True

    def __init__(self, search: Search, memory: Memory) -> None:
        need_space("optuna", search)
        refuse_options("optuna", search, known=OPTIONS)
        refuse_repeated(search.space)
        refuse_unbounded(search.space)
        if search.goal is None:
            raise OptionError(
                "the strategy `optuna` has to know what is better",
                hint="Name a result: `--maximize accuracy` or `--minimize loss`.",
            )
        if search.max_runs is None:
            raise OptionError(
                "the strategy `optuna` can suggest points for ever",
                hint="Say how many to try: `--max-runs 50`, in Python `max_runs=50`.",
            )
        self.total: int | None = search.max_runs
        self._dimensions = {dimension.name: dimension for dimension in search.space.dimensions}
        self._choice, self._seed, self._memory = read_choice(search.options), search.seed, memory
        self.prunes = self._choice.pruner != "none"
        self._running: dict[int, Trial] = {}
        self._study = self._open(StudyDirection.MAXIMIZE if search.goal.direction == "max" else StudyDirection.MINIMIZE)

    def ask(self, number: int) -> Point | None:
        """Return the point of trial *number*; see `Strategy`."""
        if self.total is not None and number >= self.total:
            return None
        with translated(self._memory.url):
            for missing in range(len(self._trials()), number + 1):
                self._study.sampler = self._choice.make_sampler(self._seed, missing)
                self._suggest(self._study.ask())
            trial = self._trials()[number]
            if self._lacks_values(trial):
                self._study.sampler = self._choice.make_sampler(self._seed, number)
                self._suggest(self._live(trial))
                trial = self._trials()[number]
        return {name: as_value(self._dimensions[name], trial.params[name]) for name in self._dimensions}

    def tell(self, number: int, value: float | None, *, state: PointState) -> None:
        """Finish trial *number*; see `Strategy`. One that has no value is a failed one to Optuna."""
        with translated(self._memory.url):
            trial = self._trial(number)
            if trial is None or trial.state.is_finished() or self._lacks_values(trial):
                return
            self._running.pop(number, None)
            if state == "pruned":
                self._study.tell(number, state=TrialState.PRUNED)
            elif state == "failed" or value is None or math.isnan(value):
                self._study.tell(number, state=TrialState.FAIL)
            else:
                self._study.tell(number, value, state=TrialState.COMPLETE)

    def should_prune(self, number: int, step: int, value: float) -> bool:
        """Report *value* to the pruner and ask it; see `Strategy`."""
        if self._choice.pruner == "none" or step < 0:
            return False
        with translated(self._memory.url):
            trial = self._trial(number)
            if trial is None or trial.state.is_finished():
                return False
            live = self._live(trial)
            if step not in trial.intermediate_values:
                live.report(value, step)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # numpy's, of a run that has come to NaN
                return bool(live.should_prune())

    def close(self) -> None:
        """Release connections; see `Strategy`."""
        close_storage(self._storage)

    def _open(self, direction: StudyDirection) -> Study:
        optuna.logging.set_verbosity(optuna.logging.ERROR)  # it tells of every trial on stderr
        self._storage = open_storage(self._memory.url)
        with translated(self._memory.url):
            return optuna.create_study(
                storage=self._storage,
                study_name=self._memory.name,
                direction=direction,
                sampler=self._choice.make_sampler(self._seed, 0),
                pruner=self._choice.make_pruner(),
                load_if_exists=True,
            )

    def _suggest(self, trial: Trial) -> None:
        for dimension in self._dimensions.values():
            suggest(trial, dimension)

    def _lacks_values(self, trial: FrozenTrial) -> bool:
        """Tell whether the process that asked for *trial* was killed before it had its point."""
        return trial.params.keys() != self._dimensions.keys()

    def _trials(self) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False)

    def _trial(self, number: int) -> FrozenTrial | None:
        trials = self._trials()
        return trials[number] if number < len(trials) else None

    def _live(self, trial: FrozenTrial) -> Trial:
        """Return the trial as one that can be added to."""
        if trial.number not in self._running:
            self._running[trial.number] = Trial(self._study, trial._trial_id)  # noqa: SLF001
        return self._running[trial.number]
