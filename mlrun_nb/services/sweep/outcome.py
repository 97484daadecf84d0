"""
What a sweep comes to once no child is under way: the table of its children, and the best one's outcome as its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mlrun_nb._lib.files import link_or_copy
from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.errors import ArtifactError, MlrunNbError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run, RunError, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.runner import faults, layout
from mlrun_nb.runner.attempt import Attempt
from mlrun_nb.services.children import CHILDREN_FAILED, ENDED_EARLY
from mlrun_nb.services.sweep.driver import Driver
from mlrun_nb.services.sweep.table import rows, save_table


@dataclass(slots=True)
class _Seen:
    """What is to be known of the children beside their rows; they pass one by one, and only two are kept."""

    best_id: RunId | None
    best: Run | None = None
    first_failed: Run | None = None
    count: int = 0
    failed: int = 0
    succeeded: int = 0

    def each(self, runs: Iterable[Run]) -> Iterator[Run]:
        """Look at all of *runs* on their way."""
        for run in runs:
            self.count += 1
            if run.state is RunState.SUCCEEDED:
                self.succeeded += 1
            elif run.state in {RunState.FAILED, RunState.LOST}:
                self.failed += 1
                self.first_failed = self.first_failed or run
            if run.id == self.best_id:
                self.best = run
            yield run


def conclude(attempt: Attempt, project: Project, driver: Driver) -> RunError | None:
    """Leave table, results and artifacts in the sweep's own run directory; returns why the sweep failed, if it did."""
    seen = _Seen(driver.progress.best)
    artifacts = open_folder(attempt.request.artifacts)
    table = save_table(artifacts, rows(seen.each(driver.children.recorded())))
    attempt.recorder.artifacts[table.name] = table
    if seen.best is not None:
        attempt.recorder.results.update(seen.best.results)
        _take_artifacts(attempt, project, seen.best, artifacts)
        output = Path(attempt.request.run_directory) / layout.OUTPUT
        with suppress(OSError):  # not kept any more, or not there yet: the child's own page has what there is
            link_or_copy(Path(seen.best.run_directory) / layout.OUTPUT, output)
    _say_what_failed(attempt, seen, driver)
    return _error(seen, driver)


def _take_artifacts(attempt: Attempt, project: Project, best: Run, folder: Folder) -> None:
    for artifact in project.store.artifacts(best.id):
        try:
            attempt.recorder.artifacts[artifact.name] = _taken(artifact, best, folder)
        except MlrunNbError as err:
            attempt.recorder.notice(f"artifact `{artifact.name}` of the best child stays with it: {err.message}")


def _taken(artifact: Artifact, best: Run, folder: Folder) -> Artifact:
    """Return *artifact* as the sweep's own; where files cannot be linked they stay where they are, and are named so."""
    source = Path(best.run_directory) / "artifacts"
    if folder.path is None or not artifact.uri.startswith(str(source)):
        return artifact
    names = {Path(artifact.uri).relative_to(source).as_posix(), *artifact.previews.values()}
    for name in names:
        target = folder.path / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            link_or_copy(source / name, target)
        except OSError as err:
            raise ArtifactError(
                f"`{source / name}` cannot be copied: {err.strerror}", hint="Look at the disk: `df -h`."
            ) from err
    main = folder.url_of(Path(artifact.uri).relative_to(source).as_posix())
    return replace(artifact, uri=main)


def _say_what_failed(attempt: Attempt, seen: _Seen, driver: Driver) -> None:
    if seen.first_failed is not None:
        attempt.recorder.notice(
            f"{seen.failed} of {seen.count} children failed",
            hint=f"Look at one: `mlrun-nb show {seen.first_failed.id[:6]}`.",
        )
    if driver.why_stopped:
        attempt.recorder.notice(f"{ENDED_EARLY}{driver.why_stopped}")


def _error(seen: _Seen, driver: Driver) -> RunError | None:
    if driver.cancelled:
        ended = seen.succeeded + seen.failed
        return faults.sweep_cancelled(driver.request.id, done=ended, total=driver.progress.total)
    if (seen.succeeded or not seen.count) and not driver.gave_up:
        return None
    first = seen.first_failed
    if first is None:
        return _nothing(driver)
    why = first.error.summary if first.error is not None else first.reason
    return RunError(
        cls=CHILDREN_FAILED,
        fault="user",
        summary=f"{driver.why_stopped or f'all {seen.failed} children failed'}; child {first.number}: {why}",
        hint=f"Look at it: `mlrun-nb show {first.id[:6]}`; correct the cell, and sweep again.",
    )


def _nothing(driver: Driver) -> RunError:
    return RunError(
        cls="NoChildren",
        fault="user",
        summary=driver.why_stopped or "no child succeeded",
        hint="Look at the sweep's log, and sweep again.",
    )
