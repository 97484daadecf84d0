"""The children of a sweep as HTML: a mark for each by its state, a table of the best, their course as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card.lines_html import lines_html
from mlrun_nb.commands.card.markup import prose
from mlrun_nb.commands.card.snapshot import COURSE_HEIGHT, COURSE_WIDTH, Child, Children, Course, Snapshot
from mlrun_nb.model.states import RunState

_CLASSES: Mapping[str, str] = {"s": "d", "p": "p", "f": "x", "r": "n", "c": "v", "l": "lo", "w": "", "-": "nb"}
_BARS: Mapping[RunState, str] = {
    RunState.SUCCEEDED: "d",
    RunState.CACHED: "d",
    RunState.FAILED: "x",
    RunState.LOST: "lo",
    RunState.CANCELLED: "v",
    RunState.RUNNING: "n",
}


def strip_of(snapshot: Snapshot, sweep: Children) -> str:
    """Return how many children are in each state: a mark for each child, or a bar where they are too many."""
    counts = " · ".join(_counts(snapshot, sweep))
    marks = _marks(sweep) if sweep.marks else _bar(snapshot, sweep)
    role = (
        'role="img"'
        if snapshot.state.is_final
        else f'role="progressbar" aria-valuemin="0" aria-valuemax="{snapshot.total}" aria-valuenow="{snapshot.done}"'
    )
    kind = "sm" if sweep.marks else "s"
    label = f"{snapshot.done:,} of {snapshot.total:,} children"
    return (
        f'<div class="{kind}" {role} aria-label="{label}">{marks}</div>'
        f'<p class="b m">{counts} · {escape(sweep.how)}</p>'
    )


def body_of(snapshot: Snapshot, sweep: Children) -> str:
    """Return the best children at the left and their course at the right, and below why others failed."""
    table, course = _table(sweep), _course(sweep)
    left = f'<div class="c y">{table}</div>' if table else ""
    right = f'<div class="c q2">{course}</div>' if course else ""
    pair = f'<div class="g">{left}{right}</div>' if left or right else ""
    return pair + (lines_html(sweep.lines) if sweep.lines is not None else "") + _failures(snapshot, sweep)


def _counts(snapshot: Snapshot, sweep: Children) -> Iterator[str]:
    for shape, _, words in states.tally(sweep.counts, sweep.pruned, _BARS):
        yield f"{shape.text} {words}"
    if left := _left(snapshot, sweep):
        yield f"{left:,} {'not begun' if snapshot.state.is_final else 'to come'}"


def _marks(sweep: Children) -> str:
    best = sweep.rows[0].number if sweep.rows and sweep.result else None
    kinds = (f"{_CLASSES[mark]}{' best' if number == best else ''}" for number, mark in enumerate(sweep.marks))
    return "".join(f'<i class="{kind}"></i>' if kind else "<i></i>" for kind in kinds)


def _bar(snapshot: Snapshot, sweep: Children) -> str:
    numbers = Counter({"d": -sweep.pruned, "p": sweep.pruned})
    for state, kind in _BARS.items():
        numbers[kind] += sweep.counts.get(state, 0)
    parts = [(f' class="{kind}"', number) for kind, number in numbers.items() if number]
    parts += [("", left)] if (left := _left(snapshot, sweep)) else []
    return "".join(f'<i{kind} style="flex-grow:{number}"></i>' for kind, number in parts)


def _left(snapshot: Snapshot, sweep: Children) -> int:
    """Return how many children are not under way yet."""
    return max(0, snapshot.total - sum(sweep.counts.get(state, 0) for state in _BARS))


def _table(sweep: Children) -> str:
    if not sweep.rows:
        return ""
    names = ["#", *([sweep.result] if sweep.result else []), *sweep.columns, "took"]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = "".join(_row(row, sweep, is_best=bool(sweep.result) and place == 0) for place, row in enumerate(sweep.rows))
    hidden = humane.count(sweep.hidden, "more parameter")
    more = f'<p class="m">and {hidden}</p>' if sweep.hidden else ""
    label = f"best by {sweep.result}" if sweep.result else "first children"
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<table class="tt" aria-label="{escape(label)}">{body}</table>{more}'


def _row(row: Child, sweep: Children, *, is_best: bool) -> str:
    took = humane.duration(row.took_s) if row.took_s is not None else ""
    value = [f"<td><b>{escape(row.value)}</b></td>"] if sweep.result else []
    cells = "".join(f"<td>{escape(text)}</td>" for text in row.parameters)
    mark = ' class="best"' if is_best else ""
    return (
        f'<tr{mark}><td class="m" title="run {escape(row.run)}">{row.number}</td>{"".join(value)}{cells}'
        f'<td class="m">{took}</td></tr>'
    )


def _course(sweep: Children) -> str:
    course = sweep.course
    if course is None:
        return ""
    word = "highest" if sweep.direction == "max" else "lowest"
    label = f"{sweep.result} of each child, from {course.bottom} to {course.top}, and the {word} so far as a line"
    return (
        f'<p class="m"><span>{escape(sweep.result)}, {word} so far</span><span>{escape(course.top)}</span></p>'
        f"{_picture(course, label)}"
        f'<p class="m"><span>child 0 … {course.last:,}</span><span>{escape(course.bottom)}</span></p>'
    )


def _picture(course: Course, label: str) -> str:
    dots = "".join(f"M{x} {y}h0" for x, y in _points(course.dots))
    return (
        f'<svg viewBox="0 0 {COURSE_WIDTH} {COURSE_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}"><path class="dots" d="{dots}"/><path class="line" d="{_stairs(course)}"/></svg>'
    )


def _stairs(course: Course) -> str:
    """Return the line through the best so far: it goes on as it was until it becomes better at once."""
    (x, y), *rest = _points(course.steps)
    return f"M{x} {y}" + "".join(f"H{right}V{lower}" for right, lower in rest) + f"H{COURSE_WIDTH}"


def _points(text: str) -> list[tuple[str, str]]:
    return [(x, y) for x, _, y in (point.partition(",") for point in text.split())]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _failures(snapshot: Snapshot, sweep: Children) -> str:
    if not sweep.failures:
        return ""
    items = "".join(
        f'<li><b>{_times(group.children)}</b> {prose(group.reason)} <span class="m">#{group.number}</span></li>'
        for group in sweep.failures
    )
    if sweep.ways_more:
        items += f'<li class="m">and {humane.count(sweep.ways_more, "other way", "other ways")} to fail</li>'
    side = "e" if snapshot.state is RunState.FAILED else "o"
    return f'<ul class="u c y {side}" aria-label="failed children">{items}</ul>'
