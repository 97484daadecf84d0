"""What the verbs of `mlrun-nb hub` that change something say: what is locked, what an update changes, sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Document, Line, Style, clean, labelled, line, table
from mlrun_nb.model.hub import Bundle, Lock
from mlrun_nb.protocols.hub import Publication
from mlrun_nb.services.hub_lock import Installed, Update
from mlrun_nb.services.hub_sources import Source

_LOOKS: dict[str, Style] = {"+": "good", "-": "bad", "@": "accent"}


def installed_view(each: Installed, width: int) -> Document:
    """Return the line of an item that is locked now, and what is missing here to run it."""
    lock, before = each.lock, each.before
    was = f", was {before.version}" if before and before.version != lock.version else ""
    lines: Document = [
        line(("✓ ", "good"), (lock.name, "strong"), f"@{lock.version}", (f"  {lock.source}{was}", "dim"))
    ]
    if each.missing:
        text = f"it requires {', '.join(each.missing)}, not installed here"
        lines += labelled(("notice:", "warn"), text, width)
        lines += labelled(("hint:", "strong"), f"`pip install {quoted(*each.missing)}`", width)
    return lines


def uninstalled_view(locks: Sequence[Lock]) -> Document:
    """Return a line for each item that is locked no more."""
    return [line((lock.name, "strong"), f"@{lock.version} is no longer locked.") for lock in locks]


def updates_view(found: Sequence[Update], width: int) -> Document:
    """Return, for each item, that it is the newest, or all lines that the newest changes."""
    lines: Document = []
    for each in found:
        lock = each.lock
        name = line((lock.name, "strong"), f"@{lock.version}", (f"  {lock.source}", "dim"))
        if each.error:
            lines += [name, *labelled(("error:", "bad"), clean(each.error), width)]
            lines += labelled(("hint:", "strong"), clean(each.hint), width)
        elif each.item is None:
            lines.append((*name, *line(("  newest", "dim"))))
        else:
            lines.append((*name, *line(" → ", (each.item.version, "strong"))))
            for file in each.files:
                lines += _diff_lines(file.path, file.lines)
    return lines


def sources_view(found: Sequence[Source], width: int) -> Document:
    """Return a table of sources: name, number of items, place; below it those that cannot be asked."""
    rows = [
        (
            line((each.name, "strong")),
            line(("not reached", "bad")) if each.error else line((humane.count(each.items, "item"), "dim")),
            line(clean(each.place)),
        )
        for each in found
    ]
    lines = table(rows, width, flexible=2)
    for each in found:
        if each.error:
            lines += labelled((f"{each.name}:", "bad"), clean(each.error), width)
            lines += labelled(("hint:", "strong"), clean(each.hint), width)
    return lines


def published_view(bundle: Bundle, source: str, done: Publication, width: int) -> Document:
    """Return where a version is now, and what is left to do."""
    item = bundle.item
    head = line(("✓ ", "good"), (item.name, "strong"), f"@{item.version} is published to {source}")
    lines: Document = [head, *labelled(("in:", "dim"), clean(done.place), width)]
    if done.next:
        lines += labelled(("next:", "strong"), f"`{done.next}`", width)
        lines += labelled(("then:", "strong"), "`mlrun-nb hub update` finds it there.", width)
    return lines


def catalog_view(count: int, folder: Path) -> Document:
    """Return that a catalog was written."""
    return [line(f"{humane.count(count, 'version')} with their catalog are in {clean(str(folder))}")]


def _diff_lines(path: str, lines: Sequence[str]) -> list[Line]:
    if not lines:
        return [line(f"  {clean(path)} differs; it is no text")]
    return [line((f"  {clean(text)}", _LOOKS.get(text[:1], "dim"))) for text in lines]
