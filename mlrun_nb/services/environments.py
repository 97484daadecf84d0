"""
Environments that were made for the requirements of runs, and that nobody needs any more.

They belong to all projects of a home, whatever stores these have: which runs need one is read from run directories. One
that is removed and wanted again is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from mlrun_nb.engines import overlay
from mlrun_nb.engines.overlay import Overlay
from mlrun_nb.errors import NotFoundError
from mlrun_nb.project import Project


def unused_environments(project: Project, *, unused_for_s: float) -> tuple[Overlay, ...]:
    """Return those that no run was given for *unused_for_s* and no open run has, the longest unused first."""
    latest = project.clock() - timedelta(seconds=unused_for_s)
    old = [each for each in overlay.overlays(project.config.environments) if each.last_used <= latest]
    needed = set(_in_use(project)) if old else set()
    return tuple(each for each in old if each.python not in needed)


def remove_environments(environments: Iterable[Overlay]) -> int:
    """Delete *environments*, but those that were used meanwhile; returns the bytes freed."""
    return sum(map(overlay.remove, environments))


def _in_use(project: Project) -> Iterator[str]:
    """Yield the interpreters of runs of all projects that have left no result and, for all we know, go on."""
    for path in (project.config.home / "runs").glob("*/*/request.json"):
        if not (path.parent / "result.json").exists() and not _is_over(project, path.parent):
            try:
                yield str(json.loads(path.read_bytes()).get("python", ""))
            except (OSError, ValueError, AttributeError):  # written this moment, or by nobody we know
                continue


def _is_over(project: Project, directory: Path) -> bool:
    try:
        return project.store.get_run(directory.name).state.is_final
    except NotFoundError:  # a run of a project with another store
        return False
