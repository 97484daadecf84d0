"""`/diff` and `/compare`: what differs between two runs, two versions, or among many runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane
from mlrun_nb.commands.card.fitting import tidy
from mlrun_nb.commands.table_of_runs import Entry, table_of_runs
from mlrun_nb.commands.views.diff import code_heading, setting_parts
from mlrun_nb.commands.views.fields import distance_from
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import Change, VersionDiff, diff_versions, lines_of
from mlrun_nb.notebook.side_by_side import side_by_side
from mlrun_nb.project import Project
from mlrun_nb.server.endpoints.found import run_of
from mlrun_nb.server.endpoints.rows import row, rows
from mlrun_nb.server.route import Call, NoBody, shaped
from mlrun_nb.server.shapes.differences import (
    Cell,
    CodeDiff,
    CodeLine,
    CompareAsked,
    CompareRow,
    Comparison,
    DiffAsked,
    Difference,
    Part,
    Table,
    VersionComparison,
)
from mlrun_nb.services.compare import compare_runs
from mlrun_nb.services.history import find_last_good, find_run, version_of
from mlrun_nb.services.versions import version_before


def runs(call: Call[DiffAsked, NoBody]) -> Comparison:
    """Return what differs between a run and another one, or the last good one before it."""
    project, new = call.project, run_of(call)
    old = find_run(project, call.query.against) if call.query.against else _last_good(project, new)
    found = compare_runs(project, old, new)
    versions = _both(version_of(project, old), version_of(project, new))
    parts = [
        *_part("Parameters", found.asked.parameters, shown),
        *_part("Options of this run", found.asked.overrides, shown),
        *_version_parts(found.versions),
        *_part("Results", found.results, humane.rounded, with_distance=True),
    ]
    return Comparison(
        old=row(old),
        new=row(new),
        summary=tidy(found.summary),
        code=_code(found.versions, *versions) if found.versions and versions else (),
        parts=tuple(parts),
    )


def versions(call: Call[DiffAsked, NoBody]) -> VersionComparison:
    """Return what a version changed of another one, or of the one before it."""
    project, function = call.project, call.places["function"]
    new = project.store.get_version(project.config.project, function, call.places["version"])
    old = (
        project.store.get_version(project.config.project, function, call.query.against)
        if call.query.against
        else version_before(project, new)
    )
    return compared(old, new, names=(old.hash, new.hash))


def compared(old: Version, new: Version, *, names: tuple[str, str]) -> VersionComparison:
    """Return how *new* differs from *old*, which are called by *names*."""
    found = diff_versions(old, new)
    return VersionComparison(
        old=names[0],
        new=names[1],
        summary=tidy(found.summary),
        code=_code(found, old, new),
        parts=tuple(_version_parts(found)),
    )


def table(call: Call[CompareAsked, NoBody]) -> Table:
    """Return runs beside each other, rows that differ first."""
    found = [find_run(call.project, reference) for reference in dict.fromkeys(call.query.run)]
    return Table(
        runs=rows(found),
        rows=tuple(
            CompareRow(
                name=tidy(each.name), group=each.group, differs=each.differs, cells=tuple(map(_cell, each.entries))
            )
            for each in table_of_runs(found)
        ),
    )


def _cell(entry: Entry | None) -> Cell | None:
    return None if entry is None else Cell(text=tidy(entry.text), number=entry.number, best=entry.best)


def _last_good(project: Project, run: Run) -> Run:
    good = find_last_good(project, run)
    if good is None:
        raise NotFoundError(
            f"no run of `{run.function}` before `{run.id[:6]}` succeeded", hint="Name the run to compare it with."
        )
    return good


def _both(old: Version | None, new: Version | None) -> tuple[Version, Version] | None:
    return (old, new) if old and new else None


def _code(found: VersionDiff, old: Version, new: Version) -> tuple[CodeDiff, ...]:
    return tuple(
        CodeDiff(
            title=code_heading(change),
            comments_only=change.comments_only,
            lines=tuple(
                shaped(line, CodeLine)
                for line in side_by_side(lines_of(old.spec, change.role), lines_of(new.spec, change.role))
            ),
        )
        for change in found.code
    )


def _version_parts(found: VersionDiff | None) -> Iterator[Part]:
    for heading, changes in setting_parts(found) if found else ():
        yield from _part(heading, changes, shown)


def _part(
    title: str, changes: Sequence[Change], text: Callable[[Json], str], *, with_distance: bool = False
) -> Iterator[Part]:
    if changes:
        yield Part(title=title, changes=tuple(_difference(each, text, with_distance) for each in changes))


def _difference(change: Change, text: Callable[[Json], str], with_distance: bool) -> Difference:  # noqa: FBT001  # private
    return Difference(
        name=tidy(change.name),
        old=None if change.old is None else tidy(text(change.old)),
        new=None if change.new is None else tidy(text(change.new)),
        distance=distance_from(change.new, change.old) if with_distance else "",
    )
