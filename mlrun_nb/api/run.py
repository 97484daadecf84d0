"""
One run, as Python code holds it: where it stands, what it got, what it left.

Reads through services; what it shows is laid out by `commands.views`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from mlrun_nb.api.arguments import take_arguments
from mlrun_nb.api.metrics import Metrics
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.api.shown import Shown, Text
from mlrun_nb.api.table import flat
from mlrun_nb.api.values import Artifact, Outputs, numbers
from mlrun_nb.api.waiting import interruptible, start, until_end
from mlrun_nb.commands import states
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.show import code_of, log_of, version_of_run
from mlrun_nb.commands.views.card import card_view, started_view
from mlrun_nb.commands.views.headline import outcome
from mlrun_nb.errors import RunFailed, RunUnfinished, WaitError
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.model.run import RunError
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.cancel import cancel
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.follow import FIRST_WAIT_S, LONGEST_WAIT_S
from mlrun_nb.services.history import details
from mlrun_nb.services.log_text import readable
from mlrun_nb.services.pin import pin
from mlrun_nb.services.reconcile import reconcile, reconcile_within
from mlrun_nb.services.rerun import plan_rerun

LOOK_EVERY_S = 0.2
"""What was seen of an open run counts as the present for this long, so that one expression sees one state."""

LOOK_BUDGET_S = 0.3
"""A reader waits this long for news of an engine, then gets what is recorded."""


class RunCancelled(WaitError, CancelledError):
    """A run that was waited for was cancelled."""


class Run(Shown):
    """
    One execution of one version of a function, from `train.run(…)`, `get_run(…)` or `runs(…)`.

    While the run is open each attribute tells how it stands now; what an ended one says never changes.
    """

    def __init__(self, project: Project, record: RunRecord, *, looked_at: bool = True) -> None:
        """Take *record*; unless it was *looked_at* just now, the first question about it asks the engine."""
        self._project = project
        self._record = record
        self._looked = time.monotonic() if looked_at else -math.inf

    @property
    def project(self) -> Project:
        """The project that it was found in."""
        return self._project

    @property
    def record(self) -> RunRecord:
        """All that is recorded of it, as it stands now."""
        return self._now()

    @property
    def id(self) -> str:
        """The id; any beginning of it that has 6 characters and is unique will do where one is asked for."""
        return self._record.id

    @property
    def function(self) -> str:
        """The name of the function."""
        return self._record.function

    @property
    def version(self) -> str:
        """The hash of the version: `get_function(f"{run.function}@{run.version}")`."""
        return self._record.version

    @property
    def state(self) -> RunState:
        """Where it stands; equal to its name: `run.state == "succeeded"`."""
        return self._now().state

    @property
    def reason(self) -> str:
        """Why it stands there, in a line; empty where there is nothing to say."""
        return states.reason_of(self._now())

    @property
    def pruned(self) -> bool:
        """Whether the strategy of its sweep ended it early, so that it has succeeded with what it had."""
        return self._now().pruned

    @property
    def engine(self) -> str:
        """Where it runs."""
        return self._record.engine

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Every parameter with the value that it had, in its JSON form; not those whose default is an expression."""
        return {name: numbers(value) for name, value in self._record.parameters.items()}

    @property
    def results(self) -> Mapping[str, Any]:
        """What was left that is a number, truth value, None or short text, by name."""
        return {name: numbers(value) for name, value in self._now().results.items()}

    @property
    def artifacts(self) -> Mapping[str, Artifact]:
        """What was left that is anything else, by name; `run.artifacts["model"].load()` is the value."""
        self._now()
        return {item.name: Artifact.of(item) for item in self._project.store.artifacts(self._record.id)}

    @property
    def outputs(self) -> Outputs:
        """Results and artifacts together: `run.outputs.accuracy`, `run.outputs.model.load()`."""
        return Outputs({**self.results, **self.artifacts}, by=f"run `{states.short_id(self._record)}`")

    @property
    def metrics(self) -> Metrics:
        """What `log_metric` recorded: a table of points, by name a series."""
        self._now()
        return Metrics(self._project.store.metrics(self._record.id))

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels that it was given."""
        return dict(self._record.labels)

    @property
    def error(self) -> RunError | None:
        """Why it did not succeed: `summary`, `hint`, `traceback` and more; None where it did, or is not over."""
        return self._now().error

    @property
    def created(self) -> datetime:
        """When it was recorded."""
        return self._record.created

    @property
    def duration_s(self) -> float | None:
        """How long it took, in seconds; None as long as it is not over."""
        return self._now().duration_s

    @property
    def directory(self) -> Path:
        """The folder with everything that it got and left."""
        return Path(self._record.run_directory)

    @property
    def notebook(self) -> Path:
        """The notebook as it was executed; there as soon as the first cell has ended."""
        return self.directory / "output.ipynb"

    @property
    def source(self) -> str:
        """The code that ran; raises NotFoundError where its version was deleted."""
        return Text(code_of(version_of_run(self._project, self._record)))

    def log(self) -> str:
        """Return all that it has printed so far, without colours; raises NotFoundError where its folder was deleted."""
        log = log_of(self._project, self._now(), following=False)
        return Text(b"".join(readable(log, colours=False)).decode(errors="replace"))

    def wait(self, timeout: float | None = None) -> Self:
        """Return this run when it has ended, however it did; raises RunUnfinished after *timeout* seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        pause_s = FIRST_WAIT_S
        while not self._record.state.is_final:
            reconcile(self._project, [self._record])
            self._see(self._project.store.get_run(self._record.id))
            if deadline is not None and time.monotonic() >= deadline:
                raise unfinished(self, timeout)
            time.sleep(pause_s)
            pause_s = min(pause_s * 1.5, LONGEST_WAIT_S)
        return self

    def check(self) -> Self:
        """Return this run if it succeeded; raises RunFailed, RunCancelled or, while it is open, RunUnfinished."""
        state = self.state
        if state is RunState.CANCELLED:
            raise cancelled(self)
        if not state.is_final:
            raise unfinished(self)
        if state not in {RunState.SUCCEEDED, RunState.CACHED}:
            raise _failed(self)
        return self

    def cancel(self) -> Self:
        """Ask for its end and return at once; an ended run stays as it is."""
        self._record = cancel(self._project, self._record.id)
        return self

    def rerun(self, /, **arguments: object) -> Run:
        """Run the same version again with the same parameters, inputs and options, but for *arguments*; see `run`."""
        version = version_of_run(self._project, self._record)
        given = take_arguments(version, arguments, settled=[item.name for item in version.spec.parameters])
        choice = Choice(parameters=given.parameters)
        with interruptible():
            planned = plan_rerun(self._project, self._record, choice, inputs=given.inputs)
            record = start(self._project, planned)
        return Run(self._project, until_end(self._project, record)).check()

    def pin(self, *, pinned: bool = True) -> Self:
        """Keep it from being removed with old runs, or with `pinned=False` let it go again."""
        self._record = pin(self._project, self._record.id, pinned=pinned)
        return self

    def _now(self) -> RunRecord:
        """Return the record as it stands, looked at again where that can be news."""
        if not self._record.state.is_final and time.monotonic() - self._looked >= LOOK_EVERY_S:
            reconcile_within(self._project, LOOK_BUDGET_S, [self._record])
            self._see(self._project.store.get_run(self._record.id))
        return self._record

    def _see(self, record: RunRecord) -> None:
        self._record, self._looked = record, time.monotonic()

    def _view(self, now: datetime, width: int) -> Document:  # noqa: ARG002  # a view that needs no time
        record = self._now()
        if not record.state.is_final:
            return started_view(record, width)
        return card_view(details(self._project, record), (), width)

    def __repr__(self) -> str:
        record = self._now()
        return f"<Run {states.short_id(record)} of {record.function}@{record.version[:7]}: {outcome(record)}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __reduce__(self) -> tuple[object, ...]:
        return _find, (type(self), self.id)  # another process has connections of its own


def row_of(run: Run) -> Mapping[str, object]:
    """Return what a data frame of runs has of *run*."""
    record = run.record
    return {
        "id": run.id,
        "function": run.function,
        "version": run.version,
        "state": str(record.state),
        "engine": run.engine,
        "created": run.created,
        "duration_s": record.duration_s,
        **flat("parameters", run.parameters),
        **flat("results", run.results),
        **flat("labels", run.labels),
    }


def _name(run: Run) -> str:
    return f"run `{run.id[:6]}` of `{run.function}`"


def _failed(run: Run) -> RunFailed:
    error = run.error
    word = "was lost" if run.state is RunState.LOST else "failed"
    hint = states.hint_of(run.record) if error else "Run it again: `run.rerun()`."
    return RunFailed(f"{_name(run)} {word}: {run.reason}", hint=hint, run=run)


def cancelled(run: Run) -> RunCancelled:
    """Return what waiting for a cancelled *run* comes to."""
    hint = "Let it go on: `sweep.resume()`." if run.record.sweep else "Run it again: `run.rerun()`."
    return RunCancelled(f"{_name(run)} was cancelled", hint=hint, run=run)


def unfinished(run: Run, waited_s: float | None = None) -> RunUnfinished:
    """Return what waiting *waited_s* seconds for a *run* that is still open comes to."""
    waited = f" after {waited_s:g} s" if waited_s else ""
    hint = "It goes on: `run.wait()` waits for its end, `run.cancel()` asks for it."
    return RunUnfinished(f"{_name(run)} has not ended{waited}: it is {run.state}", hint=hint, run=run)


def _find(kind: type[Run], run_id: str) -> Run:
    project = project_in_force()
    return kind(project, project.store.get_run(run_id), looked_at=False)
