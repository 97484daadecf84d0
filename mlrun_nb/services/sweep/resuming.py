"""Let a sweep go on that ended before its time: its driver was killed, its machine restarted, somebody cancelled it."""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb.errors import ConfigError, EngineError, NotFoundError, OptionError
from mlrun_nb.model.run import Run, RunRequest
from mlrun_nb.model.states import RESUMABLE, PendingPhase, RunState
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Restartable
from mlrun_nb.services.history import find_run
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
    if run.state in RESUMABLE:
        return run
    if run.state.is_final:
        raise OptionError(
            f"sweep `{name}` has succeeded, and no point is left", hint=f"Look at it: `mlrun-nb show {name}`."
        )
    raise _at_work(run)


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
