"""Functions, their versions, and one version in full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Document, Part, clean, line, table
from mlrun_nb.commands.show import FunctionPage
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.runs import runs_view
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.model.function import Function, VersionInfo
from mlrun_nb.notebook.diff import declaration


def functions_view(functions: Sequence[Function], now: datetime, width: int) -> Document:
    """Return a table of functions: name, newest version, how much there is, when it changed, what it does."""
    rows = [
        (
            line((item.name, "strong"), (f"@{item.latest[:7]}", "dim")),
            line(humane.count(item.versions, "version")),
            line(humane.count(item.runs, "run")),
            line((f"{humane.age(item.updated, now)} ago", "dim")),
            line(clean(item.description.partition("\n")[0]) or (Path(item.notebook).name, "dim")),
        )
        for item in functions
    ]
    return table(rows, width, flexible=4, right=frozenset({1, 2, 3}))


def versions_view(infos: Sequence[VersionInfo], now: datetime, width: int) -> Document:
    """Return a table of versions, newest first: hash, tags, runs, age, notebook."""
    rows = [
        (
            line(info.function, (f"@{info.hash[:7]}", "strong")),
            line((", ".join(info.tags), "accent")),
            line(humane.count(info.runs, "run")),
            line((f"{humane.age(info.created, now)} ago", "dim")),
            line((info.notebook, "dim")),
        )
        for info in infos
    ]
    return table(rows, width, flexible=4, right=frozenset({2, 3}))


def function_view(page: FunctionPage, now: datetime, width: int) -> Document:
    """Return the page of one version: what it takes and leaves, where it came from, its siblings, its newest runs."""
    version, spec, inner = page.version, page.version.spec, width - 2
    tags = f" {', '.join(page.tags)}" if page.tags else ""
    lines = [line((version.function, "strong"), (f"@{version.short}", "dim"), (tags, "accent"))]
    lines += [line(f"  {clean(text)}") for text in version.description.splitlines()[:3]]
    lines += fields.section("Came from", fields.pairs(_origin(page, now), inner))
    parameters: list[tuple[str, list[Part]]] = [
        (item.name, [declaration(item).removeprefix(item.name).lstrip(": "), (f"  {item.description}", "dim")])
        for item in spec.parameters
    ]
    lines += fields.section("Parameters", fields.pairs(parameters, inner))
    flow = [(name, [", ".join(names)]) for name, names in (("inputs", spec.inputs), ("outputs", spec.outputs)) if names]
    lines += fields.section("Inputs and outputs", fields.pairs(flow, inner))
    lines += fields.section(
        "Options", fields.pairs([(name, [shown(value)]) for name, value in spec.options.items()], inner)
    )
    lines += fields.section("Versions", versions_view(page.versions, now, inner))
    lines += fields.section("Newest runs", runs_view(page.runs, now, inner))
    return [*lines, *fields.section("Next", fields.commands(*_next(page), width=inner))]


def _origin(page: FunctionPage, now: datetime) -> list[tuple[str, list[Part]]]:
    version, origin = page.version, page.version.provenance
    rows: list[tuple[str, list[Part]]] = [("recorded", [f"{humane.age(version.created, now)} ago"])]
    if origin.hub:
        rows.append(("hub", [origin.hub]))
    elif origin.notebook:
        rows.append(("notebook", [origin.notebook]))
    if origin.git_commit:
        rows.append(("commit", [origin.git_commit[:12], (", with local changes" if origin.git_dirty else "", "dim")]))
    if origin.author:
        rows.append(("author", [f"{origin.author} on {origin.host}"]))
    return rows


def _next(page: FunctionPage) -> list[tuple[str, str]]:
    version = page.version
    needed = "".join(f" -p {item.name}=…" for item in version.spec.parameters if item.required)
    name = version.function if "latest" in page.tags else f"{version.function}@{version.short}"
    return [(f"mlrun-nb run {name}{needed}", "run it"), (f"mlrun-nb show {name} --code", "its source, as it runs")]
