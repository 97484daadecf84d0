"""
What the page of a sweep says beside that of any run: how it searches, how its children stand, the best, the failed.
"""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Part, clean, line, table
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.headline import PROGRAM
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.services.children import SweepDetails, goal_of

_MOST_FAILURES = 8


def sweep_sections(run: Run, found: SweepDetails, pruned: int, width: int) -> Document:
    """Return the sections about the children of *run*, of which so many were *pruned*."""
    assert run.sweep is not None  # it has details of a sweep
    lines = fields.section(
        "Sweep", fields.pairs([*how(run.sweep), ("children", counts(run, found.counts, pruned))], width)
    )
    return [*lines, *best_section(run, found, width), *failures_section(found, width)]


def best_section(run: Run, found: SweepDetails, width: int) -> Document:
    """Return the best child with its results and its own parameters, or that an ended sweep with a goal has none."""
    goal = goal_of(run)
    if found.best is not None:
        return fields.section("Best child", fields.pairs(_best(found.best, run), width))
    if goal is None or not run.state.is_final or not found.counts.get(RunState.SUCCEEDED):
        return []
    return fields.section("Best child", [line(("none", "warn"), f": no child has a number for `{goal.result}`")])


def failures_section(found: SweepDetails, width: int) -> Document:
    """Return in how many ways children failed; nothing where none did."""
    return fields.section(_failures_heading(found), _failures(found, width))


def commands_of_sweep(run: Run, found: SweepDetails, *, program: str = PROGRAM) -> list[tuple[str, str]]:
    """Return what may be typed to look at the children; *program* is what the verbs are typed behind."""
    has_best = goal_of(run) is not None and (found.best is not None or not run.state.is_final)
    order = "the best first" if has_best else "by number"
    commands = [(f"{program} runs --parent {states.short_id(run)}", f"all children, {order}")]
    if found.best is not None:
        commands.append((f"{program} show {states.short_id(found.best)}", "the best child"))
    if found.failures:
        commands.append((f"{program} show {states.short_id(found.failures[0].first)}", "a child that failed"))
    return commands


def place_in_sweep(run: Run, parent: Run | None) -> list[Part]:
    """Return of which sweep the child *run* is one, and which: `#12 of 4k7q2m, random; its best child`."""
    of = f"{states.number_of(run)} of {(run.parent or '')[:6]}"
    if parent is None or parent.sweep is None:
        return [of]
    return [of, (f", {parent.sweep.strategy}{'; its best child' if parent.best == run.id else ''}", "dim")]


def how(sweep: Sweep) -> list[tuple[str, list[Part]]]:
    """Return rows of a name and what is said about how *sweep* searches."""
    limits = [f"seed {sweep.seed}"]
    limits += [f"at most {humane.count(sweep.max_runs, 'child', 'children')}"] if sweep.max_runs is not None else []
    limits += [f"for at most {humane.duration(sweep.max_time_s)}"] if sweep.max_time_s is not None else []
    limits += [f"until {sweep.max_errors:,} have failed"] if sweep.max_errors is not None else []
    rows: list[tuple[str, list[Part]]] = [("strategy", [sweep.strategy, (f", {', '.join(limits)}", "dim")])]
    rows += [("selector", [sweep.selector])] if sweep.selector else []
    rows += [("stops at", [clean(sweep.stop)])] if sweep.stop else []
    at_once = f", {sweep.parallel:,} at once" if sweep.parallel else ""
    return [*rows, ("children on", [sweep.profile or sweep.engine, (at_once, "dim")])]


def counts(run: Run, numbers: Mapping[RunState, int], pruned: int = 0) -> list[Part]:
    """Return how many children of *run* there are, and the *numbers* of those in each state, *pruned* ones apart."""
    parts: list[Part] = [states.how_many_of(run)]
    for shape, style, words in states.tally(numbers, pruned, RunState):
        parts += [("  ", ""), shape, (f" {words}", style)]
    return parts


def _best(best: Run, parent: Run) -> list[tuple[str, list[Part]]]:
    goal = goal_of(parent)
    took = f" in {humane.duration(best.duration_s)}" if best.duration_s is not None else ""
    rows: list[tuple[str, list[Part]]] = [("run", [f"{states.number_of(best)} {best.id}", (took, "dim")])]
    chosen = goal.result if goal is not None else ""
    results = dict(sorted(best.results.items(), key=lambda item: item[0] != chosen))
    return [*rows, *fields.results(results, {}), *fields.changed_values(own_parameters(best, parent), None)]


def own_parameters(child: Run, parent: Run) -> dict[str, Json]:
    """Return the parameters of *child* that are not those of its sweep: the point that it is."""
    return {name: value for name, value in child.parameters.items() if parent.parameters.get(name, child) != value}


def _failures_heading(found: SweepDetails) -> str:
    return f"Failed · {humane.count(sum(group.children for group in found.failures), 'child', 'children')}"


def _failures(found: SweepDetails, width: int) -> Document:
    """Return a row for each way to fail: how many, the reason of one of them, and which that is."""
    rows = []
    for group in found.failures[:_MOST_FAILURES]:
        count = f"{group.children:,}"
        reason = clean(states.reason_of(group.first)) or str(group.first.state)
        rows.append(
            (
                line((count, "strong")),
                line((reason, "bad")),
                line((f"{states.number_of(group.first)} {states.short_id(group.first)}", "dim")),
            )
        )
    lines = table(rows, width, flexible=1, right=frozenset({0}))
    left = len(found.failures) - _MOST_FAILURES
    return (
        [*lines, line((f"and {humane.count(left, 'other way', 'other ways')} to fail", "dim"))] if left > 0 else lines
    )
