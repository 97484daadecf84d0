"""
The page of a run: what came of it and why, what ran, where, with what, and what to type next.

Between them: how long each cell took, what the run used of what it asked for, results, artifacts, the failing cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.cell_reports import MACHINERY
from mlrun_nb.commands.document import Document, Part, clean, indent, line
from mlrun_nb.commands.views import fields, headline
from mlrun_nb.commands.views.bars import cells_view, usage_view
from mlrun_nb.commands.views.card import memory_in_force
from mlrun_nb.commands.views.changes import changes, since_last_good
from mlrun_nb.commands.views.settings import settings_rows
from mlrun_nb.commands.views.sweep import commands_of_sweep, place_in_sweep, sweep_sections
from mlrun_nb.commands.views.traceback import traceback_view
from mlrun_nb.model.run import CellReport, Run
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import may_go_on
from mlrun_nb.services.history import RunDetails

LOG_LINES = 12
_WORTH_SEEING_S = 0.1


def run_view(found: RunDetails, log_end: str, now: datetime, width: int) -> Document:
    """Return the whole page of a run; *log_end* is the end of its log, shown where no traceback says it better."""
    run, result, inner = found.run, found.result, width - 2
    last_good = found.last_good
    lines = [headline.headline(run), *indent(headline.reason_lines(run, inner)), ()]
    lines += indent(fields.pairs(_facts(found, now), inner))
    before = last_good.parameters if last_good else None
    lines += fields.section("Parameters", fields.pairs(fields.changed_values(run.parameters, before), inner))
    lines += fields.section("Settings", settings_rows(found, inner))
    lines += sweep_sections(run, found.sweep, len(found.standings().pruned), inner) if found.sweep else []
    if result is not None and result.cells:
        in_cells = humane.duration(sum(cell.duration_s for cell in result.cells))
        heading = f"Cells · {in_cells} of {humane.duration(result.duration_s)}"
        shown = [cell for cell in result.cells if not _goes_without_saying(cell)]
        lines += fields.section(heading, cells_view(shown, inner) if shown else [])
    lines += fields.section("Asked and used", usage_view(found, inner))
    good = last_good.results if last_good else {}
    if found.sweep is None or found.sweep.best is None:  # or they stand with the best child already
        lines += fields.section("Results", fields.pairs(fields.results(run.results, good), inner))
    lines += fields.section("Artifacts", fields.artifact_rows(found.artifacts, run.run_directory))
    lines += _what_went_wrong(run, log_end)
    return [*lines, *fields.section("Next", fields.commands(*commands_of(found), width=inner))]


def _goes_without_saying(cell: CellReport) -> bool:
    """Tell whether *cell* is machinery that did its work, or was not reached, and took no time worth seeing."""
    is_quiet = cell.state in {"succeeded", "pending"} and cell.duration_s < _WORTH_SEEING_S
    return cell.role in MACHINERY and is_quiet


def _facts(found: RunDetails, now: datetime) -> list[tuple[str, list[Part]]]:
    run = found.run
    notebook = Path(run.run_directory, "output.ipynb")
    rows: list[tuple[str, list[Part]]] = [
        ("version", [f"{run.function}@{run.version[:7]}", (f" of {run.notebook}" if run.notebook else "", "dim")]),
        *_changed(found),
        ("run", [run.id, (f", {_times(run, now)}", "dim")]),
    ]
    if run.parent is not None:
        rows.append(("sweep", place_in_sweep(run, found.parent)))
    if run.labels:
        rows.append(("labels", [_pairs(run.labels)]))
    if found.request is not None and found.request.inputs:
        rows.append(("inputs", [", ".join(f"{name} = {item.uri}" for name, item in found.request.inputs.items())]))
    rows.append(("directory", [run.run_directory]))
    if notebook.exists():
        rows.append(("notebook", [notebook.name, (" there, as it was executed", "dim")]))
    rows += [("notice", [clean(text)]) for text in (found.result.notices if found.result else ())]
    return rows


def _changed(found: RunDetails) -> list[tuple[str, list[Part]]]:
    if found.last_good is None:
        return []
    return [("changed", [changes(found) or "nothing", (f" {since_last_good(found.run, found.last_good)}", "dim")])]


def _times(run: Run, now: datetime) -> str:
    started = run.started or run.created
    word = "started" if run.started else "created"
    return f"{word} {started.astimezone(now.tzinfo):%Y-%m-%d %H:%M:%S}, {humane.age(started, now)} ago"


def _pairs(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _what_went_wrong(run: Run, log_end: str) -> Document:
    if run.state in {RunState.SUCCEEDED, RunState.CACHED}:
        return []
    traceback = fields.section("Traceback", traceback_view(run))
    if traceback:
        return traceback
    texts = log_end.rstrip("\n").splitlines()[-LOG_LINES:]
    return fields.section("End of the log", [line(clean(text)) for text in texts])


def commands_of(found: RunDetails) -> list[tuple[str, str]]:
    """Return what may be typed next, with what it does, most useful first."""
    run, good = found.run, found.last_good
    name = states.short_id(run)
    of_sweep = commands_of_sweep(run, found.sweep) if found.sweep else []
    if not run.state.is_final:
        return [*of_sweep, *headline.next_commands(run)]
    if of_sweep:
        further = [headline.resume(run)] if may_go_on(run) else []
        return [*further, *of_sweep, (f"mlrun-nb logs {name}", "a line for each child")]
    commands = [headline.again(run, memory_in_force(found))]
    if good is not None:
        commands.append((f"mlrun-nb diff {states.short_id(good)} {name}", "what changed since the last good run"))
    commands.append((f"mlrun-nb logs {name}", "all it printed"))
    if found.artifacts:
        commands.append(
            (f"mlrun-nb artifacts {name} {quoted(found.artifacts[0].name)} --to .", "copy an artifact here")
        )
    if run.parent is not None:
        commands.append((f"mlrun-nb show {run.parent[:6]}", "the sweep that it belongs to"))
    return commands
