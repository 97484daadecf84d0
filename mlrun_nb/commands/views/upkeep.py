"""What `doctor` found or would migrate, and what `gc` would remove, or keeps because somebody pinned it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, Style, clean, cut, labelled, line, text_of, width_of, wrap
from mlrun_nb.commands.views.headline import headline
from mlrun_nb.engines.overlay import Overlay
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import Run
from mlrun_nb.services.retention import GcPlan

_LOOKS: dict[bool | None, tuple[str, str, Style]] = {
    True: ("✓", "ok", "good"),
    False: ("✗", "broken", "bad"),
    None: ("◌", "absent", "dim"),
}
_NARROWEST = 30


def findings_view(findings: Sequence[Finding], width: int) -> Document:
    """Return findings, what is broken with its remedy below; the verdict last. Long texts go on below themselves."""
    column = max(width_of(item.name) for item in findings)
    lines: Document = []
    for item in findings:
        symbol, word, style = _LOOKS[item.ok]
        start = line((f"{symbol} {word:<6}", style), f"  {item.name:<{column}}  ")
        margin = width_of(text_of(start))
        first, *rest = wrap(clean(item.text), max(_NARROWEST, width - margin)) or [""]
        lines += [(*start, *line(first)), *(line(f"{'':<{margin}}{text}") for text in rest)]
        lines += labelled(("hint:", "strong"), clean(item.hint), width)
    broken = sum(item.ok is False for item in findings)
    verdict = line((f"{humane.count(broken, 'thing')} to repair", "bad")) if broken else line(("All well", "good"))
    return [*lines, (), verdict]


def migration_view(news: str, width: int) -> Document:
    """Return what a migration does, before anybody is asked for it; *news* says from which schema to which."""
    effect = (
        "A migration rewrites its tables in one transaction and keeps all versions and runs. "
        "Colleagues with an older release cannot use the store afterwards; nobody should be at work meanwhile."
    )
    return [*labelled(("migration:", "warn"), news, width), *(line(text) for text in wrap(effect, width))]


def pins_view(runs: Sequence[Run]) -> Document:
    """Return what was pinned or unpinned, a line each."""
    return [headline(run) if run.pinned else (*headline(run), *line((" · not pinned", "dim"))) for run in runs]


def gc_view(plan: GcPlan, now: datetime, width: int) -> Document:
    """Return what *plan* would remove: by function the runs, then environments, then the sum."""
    lines: Document = []
    for function, group in groupby(
        sorted(plan.runs, key=lambda run: (run.function, -run.sequence)), lambda run: run.function
    ):
        runs = list(group)
        lines.append(line((function, "strong"), f" {humane.count(len(runs), 'run')}"))
        lines += [_run(run, now, width) for run in runs[:10]]  # enough to recognise them by
        lines += [line((f"  … and {len(runs) - 10} older ones", "dim"))] if len(runs) > 10 else []
    if plan.environments:
        lines.append(line(("environments", "strong"), f" {len(plan.environments)}"))
        lines += [_environment(each, now, width) for each in plan.environments]
    return [*lines, *([()] if lines else []), summary(plan)]


def _run(run: Run, now: datetime, width: int) -> Line:
    text = f"  {run.id[:6]}  {run.state}, {humane.age(run.ended or run.created, now)} ago"
    return line("  ", states.symbol(run.state), cut(text[1:], width - 3))


def _environment(environment: Overlay, now: datetime, width: int) -> Line:
    wanted = ", ".join(environment.requirements) or ("isolated" if environment.is_isolated else "never finished")
    text = (
        f"  {humane.size(environment.size_bytes)}, unused for {humane.age(environment.last_used, now)}: {clean(wanted)}"
    )
    return line(cut(text, width))


def summary(plan: GcPlan) -> Line:
    """Return how much *plan* would remove, in a line."""
    if plan.is_empty:
        return line("Nothing to remove.")
    counts = ((plan.runs, "run"), (plan.versions, "version"), (plan.environments, "environment"))
    *others, last = [humane.count(len(items), noun) for items, noun in counts if items]
    text = f"{', '.join(others)} and {last}" if others else last
    return line(f"{text}, ", (humane.size(plan.size), "strong"))
