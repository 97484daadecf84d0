"""The verb `diff`: two runs, or two versions, whichever of them a person named."""

from __future__ import annotations

from mlrun_nb.commands import show
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.views.diff import runs_diff_view, versions_diff_view
from mlrun_nb.errors import OptionError
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import diff_versions
from mlrun_nb.project import Project
from mlrun_nb.services.compare import compare_runs


def diff_view(project: Project, old: str, new: str, width: int) -> Document:
    """
    Return how *old* and *new* differ: two runs, or two versions.

    Raises NotFoundError for a name of neither, and OptionError for a run beside a version.
    """
    before, after = show.find(project, old), show.find(project, new)
    if isinstance(before, Run) and isinstance(after, Run):
        return runs_diff_view(compare_runs(project, before, after), width)
    if isinstance(before, Version) and isinstance(after, Version):
        names = [f"{version.function}@{version.short}" for version in (before, after)]
        return versions_diff_view(names[0], names[1], diff_versions(before, after), width)
    raise OptionError(
        f"`{old}` and `{new}` are a run and a version", hint="Name two runs, or two versions as in `train:prod train`."
    )
