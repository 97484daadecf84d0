"""
A snapshot as HTML that needs no script, and that still reads well where style sheets and pictures are taken away.

An untrusted notebook in JupyterLab loses both, GitHub takes classes too: so the words that a shape says stand in the
text, hidden by the style sheet only, and lists are lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mlrun_nb.commands import humane
from mlrun_nb.commands.card import words
from mlrun_nb.commands.card.children_html import body_of, strip_of
from mlrun_nb.commands.card.markup import hidden, prose
from mlrun_nb.commands.card.snapshot import CHART_HEIGHT, CHART_WIDTH, Failure, Kept, List, Result, Series, Snapshot
from mlrun_nb.commands.card.style import shape, style_sheet
from mlrun_nb.commands.views.traceback import points_at
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import CellState
from mlrun_nb.model.states import RunState

_MARKS: Mapping[CellState, str] = {
    "pending": "",
    "running": ' class="n"',
    "succeeded": ' class="d"',
    "failed": ' class="x"',
    "cancelled": ' class="v"',
    "lost": ' class="v"',
}
_GOOD = frozenset({RunState.SUCCEEDED, RunState.CACHED})


def html_of(snapshot: Snapshot, *, dashboard_link: str = "") -> str:
    """Return *snapshot* as one element with its style sheet."""
    label = escape(f"run {snapshot.id[:6]} of {snapshot.function}: {words.sentence(snapshot)}")
    told = _remarks(snapshot, dashboard_link)
    parts = (_head(snapshot), _steps(snapshot), told, _why(snapshot), _body(snapshot), _next(snapshot))
    style = f"<style>{style_sheet(of_sweep=snapshot.sweep is not None)}</style>"
    return f'<div class="mlrun-nb-card" role="group" aria-label="{label}">{style}{"".join(parts)}</div>'


def _head(snapshot: Snapshot) -> str:
    share = snapshot.done / snapshot.total if snapshot.total else 0.0
    parts = [
        shape(snapshot.state, share) + (hidden(f"{snapshot.state}: ") if words.lacks_state(snapshot) else ""),
        f"<b>{escape(snapshot.function)}</b>",
        f'<code class="m" title="version">{escape(snapshot.version)}</code>',
        f'<span class="t">{escape(snapshot.profile or snapshot.engine)}</span>',
        f'<span class="t a">attempt {snapshot.attempt}</span>' if snapshot.attempt > 1 else "",
        f'<span class="m">{prose(" · ".join(words.standing_parts(snapshot)))}</span>',
        _main_result(snapshot),
        f'<span class="r m">{_aside(snapshot)}</span>',
    ]
    return f'<div class="h">{" ".join(part for part in parts if part)}</div>'


def _main_result(snapshot: Snapshot) -> str:
    """Return the result that stands in the head: of a run that went well, and of a sweep the best one so far."""
    if not snapshot.results or not (snapshot.state in _GOOD or snapshot.sweep is not None):
        return ""
    so_far = "" if snapshot.state.is_final else ' <span class="m">so far</span>'
    return f"<span>{_result(snapshot.results[0])}{so_far}</span>"


def _aside(snapshot: Snapshot) -> str:
    """Return what stands at the right: how to look closer; of what goes on how to end it, and when that was so."""
    if snapshot.state in _GOOD and snapshot.commands:
        return f"<code>{escape(snapshot.commands[0].text)}</code>"
    return " · ".join(escape(part) for part in (snapshot.cancel, words.as_of(snapshot)) if part)


def _steps(snapshot: Snapshot) -> str:
    """Return a mark for each cell or child, or one bar where they are too many; no cells once all went well."""
    if snapshot.sweep is not None:
        return strip_of(snapshot, snapshot.sweep)
    if snapshot.state in _GOOD or not snapshot.total:
        return ""
    label = f"{snapshot.done} of {snapshot.total} cells done"
    if snapshot.cell and snapshot.state is not RunState.PENDING:
        label += f", {'at work' if snapshot.state is RunState.RUNNING else snapshot.state}: {snapshot.cell}"
    role = (
        'role="img"'
        if snapshot.state.is_final
        else f'role="progressbar" aria-valuemin="0" aria-valuemax="{snapshot.total}" aria-valuenow="{snapshot.done}"'
    )
    return f'<div class="s" {role} aria-label="{escape(label)}">{_marks(snapshot)}</div>'


def _marks(snapshot: Snapshot) -> str:
    if not snapshot.cells:
        done, left = snapshot.done, snapshot.total - snapshot.done
        broken = '<i class="x" style="flex:0 0 6px"></i>' if snapshot.state is RunState.FAILED else ""
        return f'<i class="d" style="flex-grow:{done}"></i>{broken}<i style="flex-grow:{left}"></i>'
    marks = []
    for cell in snapshot.cells:
        took = f" · {humane.duration(cell.duration_s)}" if cell.duration_s else ""
        marks.append(f'<i{_MARKS[cell.state]} title="{escape(cell.name + took)}"></i>')
    return "".join(marks)


def _why(snapshot: Snapshot) -> str:
    error = snapshot.error
    if error is None:
        return ""
    hint = f'<p class="m">{prose(error.hint)}</p>' if error.hint else ""
    side = "e" if snapshot.state is RunState.FAILED else "o"
    return f'<div class="c y {side}"><div><p><b>{prose(error.summary)}</b></p>{hint}</div>{_traceback(error)}</div>'


def _traceback(error: Failure) -> str:
    if not error.traceback:
        return ""
    cut = f'<span class="m">… {humane.count(error.cut, "line")} before this</span>\n' if error.cut else ""
    lines = "\n".join(_frame(text) for text in error.traceback)
    return _preformatted("traceback", cut + lines)


def _frame(text: str) -> str:
    return f'<b class="j">{escape(text)}</b>' if points_at(text) else escape(text)


def _remarks(snapshot: Snapshot, dashboard_link: str) -> str:
    """Return what is different from the last good run, and what was noticed."""
    notices = "".join(f"<li>{_notice(item)}</li>" for item in snapshot.notices)
    rest = _rest(snapshot, "notices", "notice")
    told = f'<ul class="u c o y">{notices}{rest}</ul>' if notices else ""
    if snapshot.dashboard:
        shown = _linked(snapshot.dashboard, escape(snapshot.dashboard), dashboard_link)
        told = f'<p class="b m">Dask dashboard: {shown}</p>{told}'
    if not snapshot.changed:
        return told
    return f'<p class="b m">changed {escape(snapshot.since)}: {prose(snapshot.changed)}</p>{told}'


def _notice(item: Notice) -> str:
    place = "" if item.cell is None else f"cell {item.cell + 1}{f', line {item.line}' if item.line else ''}: "
    hint = f'<div class="m">{prose(item.hint)}</div>' if item.hint else ""
    return f"{hidden('notice: ')}<b>{place}</b>{prose(item.text)}{hint}"


def _body(snapshot: Snapshot) -> str:
    """Return what came of it at the left and the series at the right."""
    if snapshot.sweep is not None:
        rest = f'<div class="c y">{left}</div>' if (left := _results(snapshot) + _artifacts(snapshot)) else ""
        return body_of(snapshot, snapshot.sweep) + rest
    left = "".join((_results(snapshot), _artifacts(snapshot), _log(snapshot)))
    series = "".join(f"<li>{_series(item)}</li>" for item in snapshot.series)
    right = f'<ul class="u c q">{series}{_rest(snapshot, "series", "series", "series")}</ul>' if series else ""
    if left:
        left = f'<div class="c y">{left}</div>'
    return f'<div class="g">{left}{right}</div>' if left or right else ""


def _results(snapshot: Snapshot) -> str:
    shown = snapshot.results[1:] if _main_result(snapshot) else snapshot.results
    items = "".join(f"<li>{_result(item)}</li>" for item in shown)
    return f'<ul class="u f" aria-label="results">{items}{_rest(snapshot, "results", "result")}</ul>' if items else ""


def _result(item: Result) -> str:
    distance = f' <span class="p">{escape(item.distance)}</span>' if item.distance else ""
    return f"<span>{escape(item.name)} <b>{escape(item.text)}</b>{distance}</span>"


def _artifacts(snapshot: Snapshot) -> str:
    items = "".join(f"<li>{_kept(item)}</li>" for item in snapshot.artifacts)
    rest = _rest(snapshot, "artifacts", "artifact")
    return f'<ul class="u f" aria-label="artifacts">{items}{rest}</ul>' if items else ""


def _kept(item: Kept) -> str:
    name = _linked(item.uri, f"<b>{escape(item.name)}</b>")
    load = f" <code>{escape(item.load)}</code>" if item.load else ""
    about = " · ".join(part for part in (escape(item.kind), humane.size(item.size)) if part)
    return f'<span title="{escape(item.uri)}">{name} <span class="m">{about}</span>{load}</span>'


def _linked(address: str, markup: str, link: str = "") -> str:
    """Return *markup* as a link, where *address* is one that a page may lead to; *link* is a better way there."""
    is_web = address.startswith(("https://", "http://"))
    return f'<a href="{escape(link or address)}">{markup}</a>' if is_web else markup


def _log(snapshot: Snapshot) -> str:
    """Return the end of the log: open while the run goes on or where it is all, else to be opened."""
    if not snapshot.log:
        return ""
    text = "\n".join(escape(line) for line in snapshot.log)
    pre = _preformatted("log", text)
    if not snapshot.state.is_final or (len(snapshot.log) <= 3 and not snapshot.log_cut):
        return pre
    count = len(snapshot.log) + snapshot.log_cut
    last = f", the last {len(snapshot.log)}" if snapshot.log_cut else ""
    return f"<details><summary>Log: {humane.count(count, 'line')}{last}</summary>{pre}</details>"


def _series(item: Series) -> str:
    line, course = "", " "
    if item.points:
        view = f'viewBox="0 0 {CHART_WIDTH} {CHART_HEIGHT}" preserveAspectRatio="none" aria-hidden="true"'
        line = f'<svg {view}><polyline points="{item.points}"/></svg>'
        course = f" from {item.first} to "
    name = escape(item.name)
    return f'<span class="m" title="{name}">{name}</span>{line}{hidden(course)}<b>{escape(item.last)}</b>'


def _next(snapshot: Snapshot) -> str:
    if snapshot.state in _GOOD or not snapshot.commands:
        return ""
    items = "".join(
        f'<li><code>{escape(item.text)}</code> <span class="m">{escape(item.purpose)}</span></li>'
        for item in snapshot.commands
    )
    goes_on, still = "", ""
    if not snapshot.state.is_final:
        goes_on, still = "<p>The run goes on by itself; this card does not move any more.</p>", " z"
    return f'<div class="c y{still}">{goes_on}<ul class="u k" aria-label="to type next">{items}</ul></div>'


def _rest(snapshot: Snapshot, name: List, noun: str, plural: str = "") -> str:
    text = words.rest(snapshot, name, noun, plural)
    return f'<li><span class="m">{text}</span></li>' if text else ""


def _preformatted(name: str, text: str) -> str:
    return f'<pre class="l" role="group" aria-label="{name}">{text}</pre>'
