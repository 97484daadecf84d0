"""The verbs `show` and `logs`: everything about a run, or about a function."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.ids import is_id_prefix, normalize_id
from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands.runs import REMOTE_BUDGET_S, refresh
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.function import HUB, Version, VersionInfo
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.follow import executed, follow, read_log
from mlrun_nb.services.history import RunDetails, details, find_run
from mlrun_nb.services.ranks import RankLog
from mlrun_nb.services.reconcile import is_remote, reconcile_within
from mlrun_nb.services.targets import HubTarget, StoredTarget, parse_target

_BEAT_S = 1.0
LOG_TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """A run with all that is known of it, and the end of its log."""

    found: RunDetails
    log_end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPage:
    """A version of a function, the versions beside it, and its newest runs."""

    version: Version
    tags: tuple[str, ...]
    versions: Sequence[VersionInfo]
    runs: Sequence[Run]


def find(project: Project, name: str) -> Run | Version:
    """
    Return what a person calls *name*: a run by id, prefix or `last`, else a function's version.

    Raises NotFoundError that says what was looked for.
    """
    if name == "last" or is_id_prefix(normalize_id(name)):
        try:
            return find_run(project, name)
        except NotFoundError as err:
            return _version_or(project, name, err)
    return find_version(project, name)


def _version_or(project: Project, name: str, error: NotFoundError) -> Version:
    try:
        return find_version(project, name)
    except NotFoundError:
        raise error from None


def find_version(project: Project, name: str) -> Version:
    """Return the version that `[project/]function[:tag|@hash]` names; raises NotFoundError."""
    target = parse_target(name)
    if isinstance(target, HubTarget):
        raise NotFoundError(
            f"`{name}` is a function of a hub, not a recorded one",
            hint=f"Look at it: `mlrun-nb hub show {quoted(name.removeprefix(HUB))}`.",
        )
    if not isinstance(target, StoredTarget):
        raise NotFoundError(
            f"`{name}` is a notebook, not a recorded function", hint=f"Run it: `mlrun-nb run {quoted(name)}`."
        )
    return project.store.get_version(target.project or project.config.project, target.function, target.reference)


def run_page(project: Project, run: Run) -> RunPage:
    """Return the page of *run*, brought up to date as far as that is quick."""
    if not run.state.is_final:
        refresh(project)
        run = project.store.get_run(run.id)
    failed = run.state not in {RunState.SUCCEEDED, RunState.CACHED}
    return RunPage(found=details(project, run), log_end=log_end(project, run) if failed else "")


def function_page(project: Project, version: Version) -> FunctionPage:
    """Return the page of a function's *version*."""
    infos = project.store.versions(version.project, version.function, limit=10).items
    query = RunQuery(project=version.project, functions=(version.function,), limit=5)
    tags = next((info.tags for info in infos if info.hash == version.hash), ())
    return FunctionPage(version=version, tags=tags, versions=infos, runs=project.store.list_runs(query).items)


def code_of(version: Version) -> str:
    """Return the source of *version* as it runs: what was captured, the parameters, the body."""
    return "\n\n\n".join(cell.source.strip("\n") for cell in version.spec.cells) + "\n"


def log_of(project: Project, run: Run, *, following: bool, rank: int = 0) -> Iterator[bytes]:
    """
    Yield the log of *run*, or of another of its replicas, as it is; when *following*, also what comes until its end.

    Raises NotFoundError for a *rank* that the run does not have, and for a run whose folder was deleted.
    """
    printed = executed(project, run)
    if printed.handle is not None and printed.state.is_final and not Path(printed.run_directory).exists():
        raise NotFoundError(
            f"the folder of run `{printed.id[:6]}` is gone, and its log with it: `{printed.run_directory}`",
            hint=f"Run the same version again: `mlrun-nb rerun {printed.id[:6]}`.",
        )
    replica = RankLog(printed, rank) if rank else None
    if not following:
        _bring_home(project, printed)
        yield from read_log(project, printed) if replica is None else replica.new()
        return
    for update in follow(project, printed.id, beat_s=math.inf if replica is None else _BEAT_S):
        if replica is not None:
            yield from replica.new()
        elif update.log:
            yield update.log


def _bring_home(project: Project, run: Run) -> None:
    """Look at a run that writes elsewhere, so that what it has written can be read here."""
    if run.handle is not None and not run.state.is_final and is_remote(project, run):
        reconcile_within(project, REMOTE_BUDGET_S, [run])


def log_end(project: Project, run: Run) -> str:
    """Return the last part of the log of *run*."""
    pieces: deque[bytes] = deque()
    for piece in read_log(project, run):
        pieces.append(piece)
        while len(pieces) > 1 and sum(map(len, pieces)) - len(pieces[0]) >= LOG_TAIL_BYTES:
            pieces.popleft()
    return b"".join(pieces)[-LOG_TAIL_BYTES:].decode(errors="replace")


def version_of_run(project: Project, run: Run) -> Version:
    """Return the version that *run* executed; raises NotFoundError where it was deleted."""
    return project.store.get_version(run.project, run.function, run.version)
