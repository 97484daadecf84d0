"""
The end of a run in a few lines: what came of it, why, its results, and what to type next.

The short form that `run` prints; `views.run` is the long one.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.commands.document import Document, clean, indent, line
from mlrun_nb.commands.views import fields, headline
from mlrun_nb.commands.views.sweep import commands_of_sweep
from mlrun_nb.commands.views.swept import swept_sections
from mlrun_nb.commands.views.traceback import traceback_view
from mlrun_nb.model.run import Run
from mlrun_nb.model.settings import MemoryLimit
from mlrun_nb.services.history import RunDetails

TRACEBACK_LINES = 16
"""`show` has all of it; here the last frames do."""


def card_view(found: RunDetails, closed: Sequence[str], width: int) -> Document:
    """Return the card of an ended run; *closed* says why gates (`--fail-on`) did not let it pass."""
    run = found.run
    before = found.last_good.results if found.last_good else {}
    lines = [headline.headline(run), *indent(headline.reason_lines(run, width - 2))]
    lines += [line("  ", ("✗ fails on ", "bad"), clean(reason)) for reason in closed]
    lines += fields.section("Traceback", traceback_view(run, most=TRACEBACK_LINES))
    if found.sweep is not None:
        lines += swept_sections(run, found.sweep, found.standings(), width - 2)
    else:
        lines += fields.section("Results", fields.pairs(fields.results(run.results, before), width - 2))
    lines += fields.section("Artifacts", fields.artifact_rows(found.artifacts, run.run_directory))
    commands = headline.next_commands(run, memory_in_force(found))
    if found.sweep is not None:
        commands[1:1] = commands_of_sweep(run, found.sweep)[:1]
    return [*lines, *fields.section("Next", fields.commands(*commands, width=width - 2))]


def started_view(run: Run, width: int) -> Document:
    """Return what is said of a run that was handed over and is not waited for."""
    return [
        headline.headline(run),
        *fields.section("Next", fields.commands(*headline.next_commands(run), width=width - 2)),
    ]


def memory_in_force(found: RunDetails) -> MemoryLimit | None:
    """Return the memory limit that the run had."""
    return found.request.settings.resources.memory_in_force if found.request else None
