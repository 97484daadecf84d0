"""Let a sweep go on that ended before its time: its driver was killed, its machine restarted, somebody cancelled it."""

from __future__ import annotations

import math
from dataclasses import replace

from mlrun_nb.errors import ConfigError, EngineError, NotFoundError, OptionError
from mlrun_nb.model.run import Run, RunRequest
from mlrun_nb.model.states import PendingPhase, RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Restartable
from mlrun_nb.services.children import ENDED_EARLY, may_go_on
from mlrun_nb.services.history import find_run, read_result
from mlrun_nb.services.reconcile import reconcile
from mlrun_nb.services.resubmit import keep_handle, read_request


def resume_sweep(project: Project, reference: str) -> Run:
    """
    Start the driver of the sweep that *reference* names once more; no finished point is repeated.

    Raises NotFoundError, OptionError for a run that is no sweep, is at work or has nothing left to do, EngineRejected
    and EngineUnavailable.
    """
    run = _stopped(project, find_run(project, reference))
    request = _request(run)
    engine = project.engine(run.engine)
    if not isinstance(engine, Restartable):
        raise ConfigError(
            f"engine `{run.engine}` cannot start a sweep again", hint="Sweep again: `mlrun-nb sweep --help`."
        )
    opened = replace(  # without its handle: by that, whoever looks now would find the end that it had
        run, state=RunState.PENDING, phase=PendingPhase.SUBMITTING, reason="", error=None, ended=None,
        cancel_requested=None, handle=None, last_seen=project.clock(),
    )  # fmt: skip
    reopened = project.store.advance(run, opened)
    if reopened is None:  # somebody else was quicker, and starts the driver
        raise _at_work(run)
    try:
        handle = engine.restart(request)
    except EngineError:
        project.store.advance(reopened, run)
        raise
    return keep_handle(project, reopened, handle)


def _stopped(project: Project, run: Run) -> Run:
    """Return *run* as it stands, if it is a sweep that may go on."""
    name = run.id[:6]
    if run.sweep is None:
        parent = f"`mlrun-nb sweep resume {run.parent[:6]}`" if run.parent else f"`mlrun-nb rerun {name}`"
        raise OptionError(f"run `{name}` is not a sweep", hint=f"Perhaps you mean {parent}.")
    if not run.state.is_final:
        reconcile(project, [run])
        run = project.store.get_run(run.id)
    if may_go_on(run):
        return run
    raise _ended(run) if run.state.is_final else _at_work(run)


def _ended(run: Run) -> OptionError:
    """Return what going on with a sweep comes to that has come to its own end."""
    name = run.id[:6]
    if run.state is not RunState.SUCCEEDED:
        hint = run.error.hint if run.error else f"Look at it: `mlrun-nb show {name}`."
        return OptionError(f"sweep `{name}` has failed, and no point is left", hint=hint)
    result = read_result(run)
    why = next((text for text in (result.notices if result else ()) if text.startswith(ENDED_EARLY)), "")
    if not why or run.sweep is None:
        return OptionError(
            f"sweep `{name}` has succeeded, and no point is left", hint=f"Look at it: `mlrun-nb show {name}`."
        )
    done, total = run.progress.done if run.progress else 0, run.sweep.total
    tried = f"{done:,} of {total:,} points" if total else f"{done:,} points"
    return OptionError(
        f"sweep `{name}` has succeeded with {tried} tried; {why}", hint=_further(name, run.sweep, why, done)
    )


def _further(name: str, sweep: Sweep, why: str, done: int) -> str:
    """Return how to try all points, and not only those *done* when *why* ended the sweep."""
    if sweep.max_time_s is None or not why.endswith("(`--max-time`)"):
        return f"Sweep again up to another condition: `mlrun-nb rerun {name} --stop CONDITION`."
    times = 2 * (sweep.total or done) / max(1, done)
    return f"Sweep again with more time: `mlrun-nb rerun {name} --max-time {math.ceil(times * sweep.max_time_s)}s`."


def _at_work(run: Run) -> OptionError:
    name = run.id[:6]
    return OptionError(f"sweep `{name}` is at work", hint=f"Follow it: `mlrun-nb logs --follow {name}`.")


def _request(run: Run) -> RunRequest:
    request = read_request(run)
    if request is None:
        raise NotFoundError(
            f"the run directory of sweep `{run.id[:6]}` is gone: `{run.run_directory}`",
            hint="Sweep again; its children's records are still there.",
        )
    return request
