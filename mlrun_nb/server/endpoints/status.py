"""`/status`."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import version
from pathlib import Path

from mlrun_nb.project import Project
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.status import Counts, Status


def status(call: Call[Where, NoBody]) -> Status:
    """Return which server this is and which project is in force."""
    project = call.project
    return Status(
        version=_release(),
        project=project.config.project,
        root=below(call.root, str(project.config.root) if project.config.root else call.root),
        store=project.store.location,
        revision=project.store.revision(),
        counts=_counts(project),
        functions=len(project.store.functions(project.config.project)),
    )


@cache
def _release() -> str:
    return version("mlrun-nb")


def below(root: str, path: str) -> str | None:
    """Return *path* as Jupyter's contents name it, below *root* with `/`; None for what lies elsewhere."""
    if not root or not path:
        return None
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(root):
        return None
    inner = real.relative_to(root).as_posix()
    return "" if inner == "." else inner


def _counts(project: Project) -> Counts:
    counts: dict[str, int] = {}
    for count in project.store.count_runs(project.config.project):
        counts[str(count.state)] = counts.get(str(count.state), 0) + count.runs
    return Counts(**counts)
