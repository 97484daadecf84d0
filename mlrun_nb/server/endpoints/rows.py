"""A run as a row: the same wherever one is listed."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.commands.document import clean
from mlrun_nb.commands.views.runs import best_result, telling_parameters
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal
from mlrun_nb.server.shapes.runs import HubPlace, Named, Progress, RunRow, SweepRow
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.targets import HubTarget, parse_target

_NAME, _TEXT, _REASON = 80, 60, 300
_PARAMETERS = 4


def rows(runs: Sequence[Run], goal: Goal | None = None) -> tuple[RunRow, ...]:
    """Return *runs* as rows, with the result that counts for *goal*; of their parameters those that tell them apart."""
    telling = telling_parameters(runs)
    return tuple(_row(run, telling[run.function], goal or goal_of(run)) for run in runs)


def row(run: Run) -> RunRow:
    """Return *run* as a row of its own."""
    return rows([run])[0]


def named(name: str, value: Json, *, exact: bool = False) -> Named:
    """Return *value* to read, beside its name."""
    text = humane.exact(value) if exact else humane.rounded(value)
    return Named(name=fit(name, _NAME), text=fit(text, _TEXT))


def hub_place(version: Version | None) -> HubPlace | None:
    """Return the item of a hub that *version* came from, None for another one, or none."""
    target = parse_target(version.provenance.hub) if version is not None and version.provenance.hub else None
    return (
        HubPlace(source=target.source, name=target.name, version=target.version)
        if isinstance(target, HubTarget)
        else None
    )


def _row(run: Run, telling: Sequence[str], goal: Goal | None) -> RunRow:
    result = best_result(run, goal)
    shown = [name for name in telling if name in run.parameters][:_PARAMETERS]
    return RunRow(
        id=run.id,
        project=run.project,
        function=run.function,
        version=run.version,
        engine=run.engine,
        profile=run.profile,
        state=run.state.value,
        phase=run.phase.value if run.phase else None,
        reason=fit(reason_in_list(run), _REASON),
        attempt=run.attempt,
        progress=_progress(run),
        parameters=tuple(named(name, run.parameters[name], exact=True) for name in shown),
        result=named(*result) if result else None,
        labels={clean(key): clean(value) for key, value in run.labels.items()},
        notebook=run.notebook,
        created=run.created,
        started=run.started,
        ended=run.ended,
        duration_s=run.duration_s,
        saved_s=run.saved_s,
        origin=run.origin,
        parent=run.parent,
        number=run.number,
        pruned=run.pruned,
        sweep=_sweep(run),
        pinned=run.pinned,
        cancelling=run.cancel_requested is not None and not run.state.is_final,
    )


def reason_in_list(run: Run) -> str:
    """Return why *run* is where it is; of an exception first what it is, since a list shows little more."""
    error = run.error
    if error is None or not error.ename:
        return states.reason_of(run)
    what = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
    return f"{what} in `{error.cell_name}`" if error.cell_name else what


def _sweep(run: Run) -> SweepRow | None:
    if run.sweep is None:
        return None
    done, total = states.done_of(run)
    return SweepRow(
        strategy=run.sweep.strategy, selector=run.sweep.selector, done=done, total=total or None, best=run.best
    )


def _progress(run: Run) -> Progress | None:
    progress = run.progress
    if progress is None or run.state.is_final:
        return None
    return Progress(done=progress.done, total=progress.total, cell=fit(progress.cell, _NAME))
