"""Delete one run, because somebody says so: its record, its folder, and what it left elsewhere; a sweep whole."""

from __future__ import annotations

from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.children import open_children
from mlrun_nb.services.history import find_run
from mlrun_nb.services.retention import remove_runs


def delete_run(project: Project, reference: str) -> Run:
    """
    Delete the ended, unpinned run that *reference* names and return what it was; its version stays.

    Raises NotFoundError, OptionError for a run that is open or pinned or belongs to a sweep, and ArtifactError where
    its files cannot be reached; then nothing is forgotten.
    """
    run = find_run(project, reference)
    name = run.id[:6]
    if not run.state.is_final:
        raise OptionError(
            f"run `{name}` is {run.state} and cannot be deleted", hint=f"Cancel it first: `mlrun-nb cancel {name}`."
        )
    if run.pinned:
        raise OptionError(f"run `{name}` is pinned and cannot be deleted", hint="Unpin it first.")
    if run.parent is not None:
        raise OptionError(
            f"run `{name}` is a child of the sweep `{run.parent[:6]}` and goes with it",
            hint=f"Delete the sweep, or look at it: `mlrun-nb show {run.parent[:6]}`.",
        )
    left = open_children(project, run)
    if left:
        raise OptionError(
            f"{left} of the children of run `{name}` have not ended, and it cannot be deleted",
            hint=f"See which: `mlrun-nb runs --parent {name}`; cancel them, or wait.",
        )
    remove_runs(project, [run])
    return run
