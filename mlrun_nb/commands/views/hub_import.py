"""What became of a function of MLRun: line by line, and what to type next."""

from __future__ import annotations

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands.document import Document, Part, clean, fill, indent, line, width_of, wrap_line
from mlrun_nb.commands.hub_import import Done
from mlrun_nb.commands.views import fields
from mlrun_nb.imports.finding import Finding


def done_view(done: Done, width: int) -> Document:
    """Return the report: what has a place in the notebook, what has it in another form, what has none."""
    imported, inner = done.imported, width - 2
    kind = imported.document.kind
    name = imported.document.name or imported.function
    lines: Document = [line((clean(str(done.path)), "strong"), (f"  from {clean(name)}, of kind {clean(kind)}", "dim"))]
    headings = {"mapped": "Mapped", "changed": "Mapped, with a difference", "left out": "Not mapped"}
    for outcome, heading in headings.items():
        rows = [_row(each) for each in imported.findings if each.outcome == outcome]
        lines += fields.section(heading, _rows(rows, inner))
    command = imported.command(str(done.path))
    words = [(command, "run it")] if command else []
    words.append((f"jupyter lab {quoted(done.path)}", "read it first" if command else "write the cell that uses it"))
    return lines + fields.section("Next", fields.commands(*words, width=inner))


def _row(finding: Finding) -> tuple[str, list[Part]]:
    parts: list[Part] = [clean(finding.became)] if finding.became else []
    if finding.why:
        parts.append((f"{': ' if parts else ''}{clean(finding.why)}", "dim" if parts else ""))
    if finding.todo:
        parts.append((f"{'. ' if parts else ''}{clean(finding.todo)}", "accent"))
    return clean(finding.field), parts


def _rows(rows: list[tuple[str, list[Part]]], width: int) -> Document:
    """Return rows of a field and what is said of it; the names stay whole, above their words where one is long."""
    column = max((width_of(name) for name, _ in rows), default=0)
    lines: Document = []
    for name, parts in rows:
        if column <= width // 2:
            first, *more = wrap_line(line(*parts), width - column - 2)
            lines += [(*fill(line((name, "dim")), column + 2), *first), *indent(more, column + 2)]
        else:
            lines += [line((name, "dim")), *indent(wrap_line(line(*parts), width - 2))]
    return lines
