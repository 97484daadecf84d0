"""Delete one run, because somebody says so: its record, its folder, and what it left elsewhere."""

from __future__ import annotations

from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.history import find_run
from mlrun_nb.services.retention import remove_runs


def delete_run(project: Project, reference: str) -> Run:
    """
    Delete the ended, unpinned run that *reference* names and return what it was; its version stays.

    Raises NotFoundError, OptionError for a run that is open or pinned, and ArtifactError where its files cannot be
    reached; then nothing is forgotten.
    """
    run = find_run(project, reference)
    name = run.id[:6]
    if not run.state.is_final:
        raise OptionError(
            f"run `{name}` is {run.state} and cannot be deleted", hint=f"Cancel it first: `mlrun-nb cancel {name}`."
        )
    if run.pinned:
        raise OptionError(f"run `{name}` is pinned and cannot be deleted", hint="Unpin it first.")
    remove_runs(project, [run])
    return run
