"""
The verb `run`: plan, hand over, follow to the end, and judge.

The order of the steps stands here once for all entries; waiting, interrupts and words on a screen are theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.yaml_file import YamlFileError, read_yaml
from mlrun_nb.commands import humane
from mlrun_nb.commands.gate import reason_to_fail
from mlrun_nb.errors import OptionError, ParameterError
from mlrun_nb.model.condition import Condition
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Examinable
from mlrun_nb.services.cancel import cancel
from mlrun_nb.services.choice import Choice, split_code_options
from mlrun_nb.services.follow import Update, follow
from mlrun_nb.services.history import RunDetails, details, find_run
from mlrun_nb.services.register import Prepared, Registered, prepare, record
from mlrun_nb.services.rerun import plan_rerun
from mlrun_nb.services.submit import Plan, Submitted, submit
from mlrun_nb.services.sweep.planning import SweepPlan, plan_chosen, submit_sweep
from mlrun_nb.services.targets import StoredTarget, Target, parse_target

Planned = Plan | SweepPlan
"""What was planned: one run, or many."""


def plan_run(project: Project, target: str | Target, choice: Choice) -> Planned:
    """Return what `run TARGET` would submit, a sweep where choice or cell say so; see `plan_chosen`."""
    return plan_chosen(project, parsed(target), choice)


def plan_again(project: Project, reference: str, choice: Choice) -> Planned:
    """Return what `rerun RUN` would submit; writes nothing."""
    return plan_rerun(project, find_run(project, reference), choice)


def hand_over(project: Project, planned: Planned) -> Submitted:
    """Record what is planned and hand it to its engine."""
    return submit_sweep(project, planned) if isinstance(planned, SweepPlan) else submit(project, planned)


def render(project: Project, planned: Planned) -> str:
    """Return what would be sent to the engine, as text; of a sweep what its first point comes to."""
    text = project.engine(planned.request.engine).render(planned.request)
    if not isinstance(planned, SweepPlan):
        return text
    total = planned.sweep.total
    points = "points" if total is None else humane.count(total, "point")
    return f"# a sweep of {points}, strategy {planned.sweep.strategy}; its first one:\n{text}"


def validate(project: Project, planned: Planned) -> Sequence[Notice]:
    """
    Have the engine's place check what would be sent there, and return what it warns of.

    Raises EngineRejected where it would refuse, and OptionError for an engine that has nobody to ask.
    """
    engine = project.engine(planned.request.engine)
    if not isinstance(engine, Examinable):
        raise OptionError(
            f"engine `{engine.name}` has no server that could check a run", hint="`--dry-run` shows what would start."
        )
    return engine.validate(planned.request)


def define(project: Project, target: str | Target, choice: Choice) -> tuple[Prepared, Registered]:
    """Register the version that *target* names and run nothing; raises OptionError for one that is recorded already."""
    wanted = parsed(target)
    if isinstance(wanted, StoredTarget):
        raise OptionError(f"`{target}` is recorded already", hint="Name a notebook: `notebook.ipynb::name`.")
    code, _ = split_code_options(choice.options)
    prepared = prepare(project, wanted, code=code, with_setup=choice.with_setup, given=choice.inputs)
    return prepared, record(project, prepared, tags=choice.tags)


def parsed(target: str | Target) -> Target:
    """Return the target that a person typed."""
    return parse_target(target) if isinstance(target, str) else target


class Watch:
    """
    What happens to a run until it ends. An iteration that was broken off is taken up where it stopped.

    Each event and each byte of the log comes once, however often a new iteration begins. Every *beat_s* seconds there
    is an update even where nothing is new. What came before the cursor *since* is passed over.
    """

    def __init__(self, project: Project, run: Run, *, beat_s: float = math.inf, since: Json = None) -> None:
        self.run = run
        self._since = since
        self._project = project
        self._beat_s = beat_s
        self._events = 0
        self._bytes = 0

    def __iter__(self) -> Iterator[Update]:
        events, size = self._events, self._bytes
        for update in follow(self._project, self.run.id, beat_s=self._beat_s, cursor=self._since):
            fresh = update.events[events:]
            log = update.log[size:]
            events, size = max(0, events - len(update.events)), max(0, size - len(update.log))
            self._events += len(fresh)
            self._bytes += len(log)
            self.run = update.run
            yield replace(update, events=fresh, log=log)

    def cancel(self) -> None:
        """Ask for the end of the run."""
        self.run = cancel(self._project, self.run.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """An ended run with all that is known of it; `closed` says why gates did not let it pass."""

    found: RunDetails
    closed: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the run went well and every gate stayed open."""
        return self.found.run.state in {RunState.SUCCEEDED, RunState.CACHED} and not self.closed


def judge(project: Project, run: Run, gates: Sequence[Condition]) -> Ended:
    """Return what came of *run*; gates are asked only where the run itself went well."""
    found = details(project, run)
    if run.state not in {RunState.SUCCEEDED, RunState.CACHED}:
        return Ended(found=found)
    reasons = ((gate, reason_to_fail(gate, run.results)) for gate in gates)
    return Ended(found=found, closed=tuple(f"`{gate.text}`: {reason}" for gate, reason in reasons if reason))


def read_parameters(path: Path) -> Mapping[str, Json]:
    """Return the parameters in a YAML or JSON file; raises ParameterError for one that holds no mapping of names."""
    try:
        values = read_yaml(path)
    except YamlFileError as err:
        raise ParameterError(
            f"`{path}` cannot be read: {err}", hint="Give a YAML file of `name: value` lines."
        ) from err
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise ParameterError(f"`{path}` is not a mapping of names to values", hint="Write `name: value` lines.")
    return {name: _json(value, f"`{name}` in `{path}`") for name, value in values.items()}


def _json(value: object, where: str) -> Json:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_json(item, where) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item, where) for key, item in value.items()}
    if hasattr(value, "isoformat"):  # YAML makes dates of texts that look like one
        return str(value.isoformat())
    raise ParameterError(f"{where} is a {type(value).__name__}", hint="Write it as a text in quotes.")
