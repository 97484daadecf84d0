"""The verbs `gc` and `doctor`: what may go and what stays, and whether all that is needed is there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.option_values import check_values
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.doctor import examine, examine_engine, migrate_store, waiting_migration
from mlrun_nb.services.history import find_run
from mlrun_nb.services.pin import pin
from mlrun_nb.services.retention import GcPlan, Rule, collect, plan_gc
from mlrun_nb.services.warm import stop


def plan_removal(project: Project, rule: Rule) -> GcPlan:
    """Return what would be removed; raises OptionError where neither a number nor an age narrows it."""
    if not rule.is_for_runs and (rule.unused_for_s is None or rule.function):
        raise OptionError(
            "`gc` needs to know what to keep",
            hint="Say `--keep 20`, `--older-than 30d`, or both to remove less; for environments `--environments 30d`.",
        )
    return plan_gc(project, rule)


def remove(project: Project, plan: GcPlan) -> int:
    """Remove what *plan* names and return the bytes freed."""
    return collect(project, plan)


def findings(project: Project) -> Sequence[Finding]:
    """Return what an examination of the surroundings found."""
    return examine(project)


def findings_there(project: Project, on: str, options: Mapping[str, str], *, probe: bool) -> Sequence[Finding]:
    """Return what an examination of the place found where runs on *on* go with these *options*; raises UsageError."""
    choice = Choice(on=on, options=check_values(options, where="this command"))
    return examine_engine(project, choice, probe=probe)


def findings_json(found: Sequence[Finding]) -> list[Json]:
    """Return the public form of findings."""
    return [{"name": each.name, "ok": each.ok, "text": each.text, "hint": each.hint} for each in found]


def pin_runs(project: Project, references: Sequence[str], *, pinned: bool) -> Sequence[Run]:
    """Pin, or unpin, the runs that *references* name; raises NotFoundError before any is changed."""
    runs = [find_run(project, reference) for reference in references]
    return [pin(project, run.id, pinned=pinned) for run in runs]


def stop_helper() -> str:
    """End the helper that warm starts come from, and say so."""
    pid = stop(os.environ)
    return f"The helper, process {pid}, ends; what it has started goes on." if pid else "No helper is running."


def news_of_migration(project: Project) -> str:
    """Return why the store needs a migration that somebody must ask for; empty when it needs none."""
    return waiting_migration(project)


def migrate(project: Project) -> str:
    """Migrate the store and return what was done."""
    return migrate_store(project)
