"""From what is known of a run to its snapshot: what is worth showing in which state, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mlrun_nb._lib.records import Json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card import words
from mlrun_nb.commands.card.children import Measure, children_of
from mlrun_nb.commands.card.fitting import cost, fit, fit_end, tidy
from mlrun_nb.commands.card.series import memory_series
from mlrun_nb.commands.card.snapshot import Cell, Command, Failure, Kept, List, Result, Series, Snapshot
from mlrun_nb.commands.views import headline
from mlrun_nb.commands.views.card import memory_in_force
from mlrun_nb.commands.views.changes import changes, since_last_good
from mlrun_nb.commands.views.fields import distance_from
from mlrun_nb.commands.views.runs import main_result
from mlrun_nb.commands.views.sweep import commands_of_sweep
from mlrun_nb.commands.views.traceback import traceback_lines
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.standings import Standings

LIVE_LINES, END_LINES = 8, 20
"""Lines of the log while the run goes on, and below one that has ended."""
TRACEBACK_LINES = 24
_LINE_WIDTH = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What texts may cost (see `fitting`), and how many of a list are shown; more `cells` than that share one bar."""

    name: int = 72
    sentence: int = 400
    log: int = 1_600
    traceback: int = 2_400
    results: int = 10
    artifacts: int = 6
    series: int = 6
    notices: int = 3
    cells: int = 24
    children: Measure = field(default_factory=Measure)


ROOMS = (
    Room(),
    Room(
        name=36,
        sentence=200,
        log=800,
        traceback=1_400,
        results=8,
        artifacts=4,
        series=5,
        children=Measure(marks=100, rows=6, columns=3, failures=2, lines=60, name=20),
    ),
    Room(
        name=24,
        sentence=90,
        log=500,
        traceback=800,
        results=4,
        artifacts=3,
        series=4,
        notices=2,
        cells=0,
        children=Measure(marks=0, rows=4, columns=2, failures=1, lines=0, name=14),
    ),
)
"""From the one that ordinary runs fit into to the one that any run does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that a snapshot is made of, unabridged. `log` holds the last lines, `log_before` counts those before them."""

    now: datetime
    found: RunDetails
    program: str
    notices: tuple[Notice, ...]
    detached: bool
    cancel: str
    unbound: frozenset[str]
    cells: tuple[Cell, ...]
    memory: tuple[float, ...]
    series: tuple[Series, ...]
    results: Mapping[str, Json]
    artifacts: tuple[Artifact, ...]
    log: tuple[str, ...]
    log_before: int
    elapsed_s: float | None
    retry_in_s: float | None
    standings: Standings
    left_s: float | None
    dashboard: str


def compose(material: Material, room: Room) -> Snapshot:
    """Return the snapshot of *material*, no larger than *room* has it."""
    run, good = material.found.run, material.found.last_good
    done, total, cell = _progress(run, material.cells)
    standing = words.standing(run, done=done, total=total, retry_in_s=material.retry_in_s)
    return _with_log_or_children(
        _with_lists(
            Snapshot(
                id=run.id,
                at=material.now,
                project=fit(run.project, room.name),
                function=fit(run.function, room.name),
                version=run.version[:7],
                engine=fit(run.engine, room.name),
                profile=fit(run.profile, room.name),
                state=run.state,
                phase=run.phase,
                words=fit(standing, room.sentence),
                attempt=run.attempt,
                elapsed_s=_elapsed(material),
                usual_s=good.duration_s if good and not run.state.is_final else None,
                detached=material.detached,
                cancel=material.cancel if _can_be_cancelled(run, material) else "",
                origin=run.origin,
                done=done,
                total=total,
                cell=fit(cell, room.name),
                cells=tuple(
                    replace(each, name=fit(each.name, room.name // 2)) for each in _marks(run, material.cells, room)
                ),
                error=_failure(material, room),
                changed=fit(changes(material.found), room.sentence),
                since=since_last_good(run, good) if good else "",
                commands=_commands(material, room),
            ),
            material,
            room,
        ),
        material,
        room,
    )


def _can_be_cancelled(run: Run, material: Material) -> bool:
    return not run.state.is_final and not material.detached and run.cancel_requested is None


def _progress(run: Run, cells: Iterable[Cell]) -> tuple[int, int, str]:
    """Return cells done, cells in all, and the name of the one at work, or at which the run ended."""
    known = list(cells)
    if not known:
        progress = run.progress
        return (progress.done, progress.total, progress.cell) if progress else (0, 0, "")
    done = sum(cell.state == "succeeded" for cell in known)
    at_work = next((cell.name for cell in known if cell.state not in {"pending", "succeeded"}), "")
    return done, len(known), at_work


def _marks(run: Run, cells: tuple[Cell, ...], room: Room) -> tuple[Cell, ...]:
    is_told = run.state not in {RunState.SUCCEEDED, RunState.CACHED}
    return cells if is_told and len(cells) <= room.cells else ()


def _elapsed(material: Material) -> float | None:
    """Return how long the run took or has taken so far; of a waiting one, how long it has waited."""
    run = material.found.run
    if run.state.is_final:
        return run.duration_s
    if run.state is RunState.PENDING:
        return max(0.0, (material.now - run.created).total_seconds())
    return material.elapsed_s


def _failure(material: Material, room: Room) -> Failure | None:
    run = material.found.run
    summary = words.reason(run, material.now)
    if not summary:
        return None
    lines = traceback_lines(run)
    shown = fit_end(lines, room.traceback, most=TRACEBACK_LINES, width=_LINE_WIDTH)
    return Failure(
        summary=fit(summary, 2 * room.sentence),
        hint=fit(states.hint_of(run), room.sentence),
        traceback=shown,
        cut=len(lines) - len(shown),
    )


def _commands(material: Material, room: Room) -> tuple[Command, ...]:
    """Return what to type next; nothing while the notebook waits, since nothing can be typed."""
    run = material.found.run
    if not run.state.is_final and not material.detached:
        return ()
    commands = headline.next_commands(run, memory_in_force(material.found), program=material.program)
    if run.sweep is not None and run.state.is_final and material.found.sweep is not None:
        commands[1:1] = commands_of_sweep(run, material.found.sweep, program=material.program)[:1]
    if not run.state.is_final:
        commands = [(f"{material.program} show {run.id[:6]}", "how it stands"), *commands]
    return tuple(Command(text=fit(text, 2 * room.name), purpose=purpose) for text, purpose in commands)


def _with_lists(snapshot: Snapshot, material: Material, room: Room) -> Snapshot:
    lists: dict[List, list[Result] | list[Kept] | list[Series] | list[Notice]] = {
        "results": _results(material, room),
        "artifacts": [_kept(item, material, room) for item in material.artifacts],
        "series": _series(material, room),
        "notices": [_notice(item, room) for item in dict.fromkeys(material.notices)],
    }
    most: dict[List, int] = {name: getattr(room, name) for name in lists}
    dashboard = "" if snapshot.state.is_final else fit(material.dashboard, room.sentence)
    more = {name: len(items) - most[name] for name, items in lists.items() if len(items) > most[name]}
    shown = {name: tuple(items[: most[name]]) for name, items in lists.items()}
    return replace(snapshot, dashboard=dashboard, more=more, **shown)  # type: ignore[arg-type]  # each list has its field's name and type


def _results(material: Material, room: Room) -> list[Result]:
    """Return the results, the one that matters most first."""
    values, good = dict(material.results), material.found.last_good
    first = _first_result(material.found.run, values)
    names = sorted(values, key=lambda name: name != first)
    before = good.results if good else {}
    return [
        Result(
            name=fit(name, room.name),
            text=fit(humane.rounded(values[name]), room.name),
            distance=fit(distance_from(values[name], before.get(name)), room.name),
        )
        for name in names
    ]


def _first_result(run: Run, values: dict[str, Json]) -> str:
    goal = goal_of(run)
    if goal is not None:
        return goal.result
    main = main_result(values)
    return main[0] if main else ""


def _kept(item: Artifact, material: Material, room: Room) -> Kept:
    load = f"{material.found.run.function}.outputs.{item.name}.load()" if item.name in material.unbound else ""
    uri = tidy(item.uri)
    uri = uri if cost(uri) <= 4 * room.name else ""  # half an address leads nowhere
    return Kept(
        name=fit(item.name, room.name),
        kind=fit(item.kind, room.name // 2),
        size=item.size,
        uri=uri,
        load=fit(load, 2 * room.name),
    )


def _series(material: Material, room: Room) -> list[Series]:
    """Return the series, memory last and only beside others: alone it does not say how the run gets on."""
    series = list(material.series)
    memory = memory_series(material.memory)
    is_shown = series or (material.log and not material.found.run.state.is_final)
    if memory and is_shown and all(item.name != memory.name for item in series):
        series.insert(min(len(series), room.series - 1), memory)
    return series


def _notice(item: Notice, room: Room) -> Notice:
    return replace(item, text=fit(item.text, room.sentence), hint=fit(item.hint, room.sentence))


def _with_log_or_children(snapshot: Snapshot, material: Material, room: Room) -> Snapshot:
    sweep = children_of(material.found.run, material.standings, room.children, left_s=material.left_s)
    if sweep is not None:  # it has a line for each child in its log
        return replace(snapshot, sweep=sweep)
    most = END_LINES if snapshot.state.is_final else LIVE_LINES
    budget = room.log // 2 if snapshot.error and snapshot.error.traceback else room.log
    shown = fit_end(material.log, budget, most=most, width=_LINE_WIDTH)
    return replace(snapshot, log=shown, log_cut=material.log_before + len(material.log) - len(shown))
