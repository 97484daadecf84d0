"""
The functions that a person calls: find one thing, list several, run, compare.

All work in the project in force, as the command line's verbs do, and take the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Unpack

from mlrun_nb.api import listing
from mlrun_nb.api.comparison import Comparison, RunsComparison
from mlrun_nb.api.function import AS_STATED, AnyFunction, Function
from mlrun_nb.api.options import FUNCTION_OPTIONS, FunctionOptions, checked_options, choose
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.api.run import Run
from mlrun_nb.api.sweep import Sweep, held
from mlrun_nb.api.sweepable import sweep_of
from mlrun_nb.api.table import Table
from mlrun_nb.commands import functions as commands
from mlrun_nb.commands import show
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.views.functions import functions_view
from mlrun_nb.errors import OptionError, UsageError
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.project import Project
from mlrun_nb.services.choice import split_code_options
from mlrun_nb.services.compare import compare_runs
from mlrun_nb.services.history import find_run
from mlrun_nb.services.register import prepare
from mlrun_nb.services.targets import StoredTarget, parse_target


def get_function(target: str, /, **options: Unpack[FunctionOptions]) -> AnyFunction:
    """
    Return the function that *target* names: `train`, `train:prod`, `train@7f3a91c`, `notebook.ipynb::train`.

    A notebook is read now; its function is recorded when it runs. Raises NotFoundError, and the errors of capture.
    """
    project, parsed = project_in_force(), parse_target(target)
    checked = checked_options(options, FUNCTION_OPTIONS, where="`get_function`")
    code, _ = split_code_options(checked)
    choice = choose(AS_STATED, {name: value for name, value in checked.items() if name not in code})
    if not isinstance(parsed, StoredTarget):
        prepared = prepare(project, parsed, code=code, with_setup=choice.with_setup)
        return Function(project, prepared.version, prepared=prepared, choice=choice)
    made = next(iter([*code, *(["with-setup"] if choice.with_setup else [])]), None)
    if made is not None:
        raise OptionError(
            f"`{made}` cannot change `{target}`, which is recorded",
            hint=f"Name its notebook, `notebook.ipynb::{parsed.function}`, or leave the option out.",
        )
    version = project.store.get_version(parsed.project or project.config.project, parsed.function, parsed.reference)
    return Function(project, version, choice=choice)


def get_run(reference: str, /) -> Run:
    """Return the run with this id, or the beginning of one, or `last`; raises NotFoundError."""
    project = project_in_force()
    return held(project, find_run(project, reference), looked_at=False)


def run(target: str, /, **arguments: object) -> Run:
    """
    Run what *target* names, wait for the end, and return the run: `run("notebook.ipynb::train", lr=0.2)`.

    The same as `get_function(target).run(…)`.
    """
    return get_function(target).run(**arguments)


def sweep(target: str, space: Mapping[str, object] | None = None, /, **given: object) -> Sweep:
    """
    Run what *target* names for each of many points and return the sweep: `sweep("notebook.ipynb::train", lr=[0.1, 1])`.

    The same as `get_function(target).sweep(…)`.
    """
    return sweep_of(get_function(target), space, given)


def runs(
    function: str | AnyFunction | None = None,
    *,
    state: str | Sequence[str] = (),
    label: Mapping[str, str] | None = None,
    since: str | float | None = None,
    limit: int = 20,
) -> Table[Run]:
    """
    Return the newest runs that all of these let through, newest first.

    *since* is an age, such as `"2d"`. Raises NotFoundError for an unknown function and OptionError for a bad value.
    """
    name = function.name if isinstance(function, Function) else function
    return listing.list_runs(project_in_force(), function=name, state=state, label=label, since=since, limit=limit)


def functions() -> Table[AnyFunction]:
    """Return the functions of the project by name, each at its newest version."""
    project = project_in_force()
    records = {record.name: record for record in commands.functions(project)}
    found = [project.store.get_version(record.project, record.name, record.latest) for record in records.values()]

    def view(items: Sequence[AnyFunction], now: datetime, width: int) -> Document:
        return functions_view([records[item.name] for item in items], now, width)

    def row(item: AnyFunction) -> Mapping[str, object]:
        record = records[item.name]
        return {
            "function": record.name,
            "version": record.latest,
            "versions": record.versions,
            "runs": record.runs,
            "updated": record.updated,
            "description": record.description,
            "notebook": record.notebook,
        }

    return Table((Function(project, version) for version in found), view=view, row=row)


def compare(old: Run | AnyFunction | str, new: Run | AnyFunction | str, /) -> Comparison:
    """
    Return what *new* changes of *old*: two runs, or two versions of functions; a text names either, as in the shell.

    Raises NotFoundError, and UsageError for a run beside a version.
    """
    project = project_in_force()
    before, after = _found(project, old), _found(project, new)
    if isinstance(before, Run) and isinstance(after, Run):
        return RunsComparison(compare_runs(project, before.record, after.record))
    if isinstance(before, Function) and isinstance(after, Function):
        return after.diff(before)
    raise UsageError(f"{before!r} and {after!r} are a run and a version", hint="Give two runs, or two functions.")


def _found(project: Project, named: Run | AnyFunction | str) -> Run | AnyFunction:
    if not isinstance(named, str):
        return named
    found = show.find(project, named)
    return held(project, found) if isinstance(found, RunRecord) else Function(project, found)
