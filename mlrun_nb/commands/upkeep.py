"""The verbs `gc` and `doctor`: what may go, and whether all that is needed is there."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.errors import OptionError
from mlrun_nb.project import Project
from mlrun_nb.services.doctor import Finding, examine
from mlrun_nb.services.retention import GcPlan, Rule, collect, plan_gc


def plan_removal(project: Project, *, keep: int | None, older_than_s: float | None, function: str | None) -> GcPlan:
    """Return what would be removed; raises OptionError where neither a number nor an age narrows it."""
    if keep is None and older_than_s is None:
        raise OptionError(
            "`gc` needs to know what to keep", hint="Say `--keep 20`, `--older-than 30d`, or both to remove less."
        )
    return plan_gc(project, Rule(keep=keep, older_than_s=older_than_s, function=function))


def remove(project: Project, plan: GcPlan) -> int:
    """Remove what *plan* names and return the bytes freed."""
    return collect(project, plan)


def findings(project: Project) -> Sequence[Finding]:
    """Return what an examination of the surroundings found."""
    return examine(project)
