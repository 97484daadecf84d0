"""What changed between two versions or two runs: the gist first, then each part with its old and new value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import states
from mlrun_nb.commands.document import Document, Line, Style, clean, line, table
from mlrun_nb.commands.humane import MISSING, rounded
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import Change, CodeChange, VersionDiff
from mlrun_nb.services.compare import RunComparison

_SIGNS: dict[str, Style] = {"+": "good", "-": "bad", "@": "accent"}


def runs_diff_view(found: RunComparison, width: int) -> Document:
    """Return how two runs differ: what was asked, what ran, what came of it."""
    lines = [_run("old", found.old), _run("new", found.new)]
    body = _changes("Parameters", found.asked.parameters, width)
    body += _changes("Options of this run", found.asked.overrides, width)
    if found.versions is not None:
        body += version_parts(found.versions, width)
    body += _results(found.results, width)
    return [
        *lines,
        *(body or [(), line("Nothing differs: the same version with the same parameters left the same results.")]),
    ]


def versions_diff_view(old: str, new: str, found: VersionDiff, width: int) -> Document:
    """Return how two versions, called *old* and *new*, differ."""
    head = [line((old, "strong"), " → ", (new, "strong"), f": {clean(found.summary)}")]
    return [*head, *version_parts(found, width)]


def version_parts(found: VersionDiff, width: int) -> Document:
    """Return each part of a version that differs; code as a unified diff."""
    lines: Document = []
    for change in found.code:
        if change.role == "parameters" and found.parameters:
            continue
        lines += fields.section(code_heading(change), [_code(text) for text in change.diff[2:]])
    for heading, changes in setting_parts(found):
        lines += _changes(heading, changes, width)
    return lines


def setting_parts(found: VersionDiff) -> Iterator[tuple[str, Sequence[Change]]]:
    """Yield what differs beside the code, each part under its heading."""
    yield "Parameters declared", found.parameters
    for name in (
        "inputs",
        "outputs",
        "files",
        "kernel",
        "environment",
        "resources",
        "placement",
        "dask",
        "storage",
        "policy",
    ):
        yield name.capitalize(), getattr(found, name)


def code_heading(change: CodeChange) -> str:
    """Return what a change of code is called."""
    what = {"body": "Code", "setup": "Setup", "definition": "Definitions"}.get(change.role, change.role.capitalize())
    return f"{what} · only comments and formatting" if change.comments_only else what


def _code(text: str) -> Line:
    return line((clean(text), _SIGNS.get(text[:1], "")))


def _run(name: str, run: Run) -> Line:
    return line(
        (f"{name}  ", "dim"),
        states.symbol(run.state),
        f" {run.function}@{run.version[:7]} {run.state}",
        (f" · run {run.id[:6]}", "dim"),
    )


def _changes(heading: str, changes: Sequence[Change], width: int) -> Document:
    rows = [
        (line((change.name, "dim")), line(_side(change.old)), line("→"), line((_side(change.new), "strong")))
        for change in changes
    ]
    return fields.section(heading, table(rows, width - 2, flexible=3))


def _side(value: Json) -> str:
    return MISSING if value is None else clean(shown(value))


def _results(changes: Sequence[Change], width: int) -> Document:
    rows = []
    for change in changes:
        values = fields.results({change.name: change.new}, {change.name: change.old})[0][1]
        old = line(MISSING if change.old is None else rounded(change.old))
        new = line((MISSING, "strong")) if change.new is None else line(*values)
        rows.append((line((change.name, "dim")), old, line("→"), new))
    return fields.section("Results", table(rows, width - 2, flexible=3))
