"""A snapshot as text of 80 columns, for terminals and for whatever shows no HTML."""

from __future__ import annotations

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.card import words
from mlrun_nb.commands.card.children_text import best_text, failures_text, heading_of, strip_text
from mlrun_nb.commands.card.series import heights_of
from mlrun_nb.commands.card.snapshot import Kept, List, Result, Series, Snapshot
from mlrun_nb.commands.document import Document, Line, Part, indent, labelled, line, plain, table, wrap
from mlrun_nb.commands.views import fields
from mlrun_nb.commands.views.notices import notices_view
from mlrun_nb.commands.views.traceback import styled

WIDTH = 80
_INNER = WIDTH - 2
_BAR = 40
_BLOCKS = "▁▂▃▄▅▆▇█"
_SPARK = 16


def text_of(snapshot: Snapshot) -> str:
    """Return *snapshot* as plain text, without an end of line at its end."""
    return plain(document_of(snapshot)).rstrip("\n")


def document_of(snapshot: Snapshot) -> Document:
    """Return *snapshot* as styled lines."""
    lines: Document = [*_head(snapshot), *indent(_bar(snapshot))]
    lines += indent(_why(snapshot))
    lines += indent(notices_view(snapshot.notices, _INNER))
    if snapshot.dashboard:
        lines += indent(labelled(("Dask dashboard:", "dim"), snapshot.dashboard, _INNER))
    if snapshot.changed:
        lines += indent(labelled((f"changed {snapshot.since}:", "dim"), snapshot.changed, _INNER))
    traceback = [styled(text) for text in snapshot.error.traceback] if snapshot.error else []
    lines += fields.section("Log", [line(text) for text in snapshot.log])
    lines += fields.section("Traceback", traceback)
    if snapshot.sweep is not None:
        lines += indent(strip_text(snapshot.sweep, _INNER))
        lines += fields.section(heading_of(snapshot), best_text(snapshot.sweep, _INNER))
        lines += fields.section("Failed", failures_text(snapshot.sweep, _INNER))
    series = table([_series(item) for item in snapshot.series], _INNER, flexible=1)
    results = table([_result(item) for item in snapshot.results], _INNER, flexible=1)
    artifacts = table([_kept(item) for item in snapshot.artifacts], _INNER, flexible=3)
    lines += fields.section("Metrics", [*series, *_rest(snapshot, "series", "series", "series")])
    lines += fields.section("Results", [*results, *_rest(snapshot, "results", "result")])
    lines += fields.section("Artifacts", [*artifacts, *_rest(snapshot, "artifacts", "artifact")])
    return [*lines, *fields.section("Next", _next(snapshot))]


def _rest(snapshot: Snapshot, name: List, noun: str, plural: str = "") -> Document:
    text = words.rest(snapshot, name, noun, plural)
    return [line((text, "dim"))] if text else []


def _head(snapshot: Snapshot) -> Document:
    name: list[Part] = [states.symbol(snapshot.state), " ", (snapshot.function, "strong"), f" {snapshot.version} "]
    parts = [*words.standing_parts(snapshot), *filter(None, [words.as_of(snapshot)])]
    parts[0] = words.sentence(snapshot)
    parts += [f"attempt {snapshot.attempt}"] if snapshot.attempt > 1 else []
    parts += [snapshot.profile or snapshot.engine, f"run {snapshot.id[:6]}"]
    return [*_wrapped(line(*name), " · ".join(parts))]


def _wrapped(name: Line, text: str) -> Document:
    first, *more = wrap("".join(span.text for span in name) + text, WIDTH)
    begin = "".join(span.text for span in name)
    head = (*name, *line(first.removeprefix(begin))) if first.startswith(begin) else line(first)
    return [head, *indent(line(each) for each in more)]


def _bar(snapshot: Snapshot) -> Document:
    if snapshot.state.is_final or not snapshot.total or (snapshot.sweep and snapshot.sweep.marks):
        return []
    done = round(snapshot.done / snapshot.total * _BAR)
    return [line(("█" * done, "accent"), ("░" * (_BAR - done), "dim"), f" {snapshot.cell}")]


def _why(snapshot: Snapshot) -> Document:
    if snapshot.error is None:
        return []
    style = states.style_of(snapshot.state)
    lines = [line((text, style)) for text in wrap(snapshot.error.summary, _INNER)]
    return [*lines, *labelled(("hint:", "strong"), snapshot.error.hint, _INNER)]


def _result(item: Result) -> tuple[Line, ...]:
    return line((item.name, "dim")), line((item.text, "strong")), line((item.distance, "accent"))


def _kept(item: Kept) -> tuple[Line, ...]:
    """Leave out the place, of which 80 columns would show the beginning: it leads nowhere."""
    return line((item.name, "strong")), line((item.kind, "dim")), line(humane.size(item.size)), line((item.load, "dim"))


def _series(item: Series) -> tuple[Line, ...]:
    heights = heights_of(item)
    step = max(1.0, len(heights) / _SPARK)
    picked = [
        heights[round(index * step)] for index in range(min(_SPARK, len(heights))) if round(index * step) < len(heights)
    ]
    spark = "".join(_BLOCKS[round(height * (len(_BLOCKS) - 1))] for height in picked)
    return line((item.name, "dim")), line((spark, "accent")), line((item.last, "strong"))


def _next(snapshot: Snapshot) -> Document:
    return fields.commands(*((item.text, item.purpose) for item in snapshot.commands), width=_INNER)
