"""`/runs/{run}/log`: any lines of a log, where a text stands in it, and all of it."""

from __future__ import annotations

from mlrun_nb.server.endpoints.found import recorded_run_of, run_of
from mlrun_nb.server.route import Call, File, NoBody, Where, shaped
from mlrun_nb.server.shapes.run import Found, LogLines, SearchAsked, TailAsked
from mlrun_nb.services.follow import read_log
from mlrun_nb.services.log_text import readable


def lines(call: Call[TailAsked, NoBody]) -> LogLines:
    """Return lines of the log as far as it is written."""
    run = run_of(call)
    return shaped(call.held.logs.of(call.project, run).lines(run, call.query.line, call.query.lines), LogLines)


def search(call: Call[SearchAsked, NoBody]) -> Found:
    """Return where a text stands in the log."""
    asked = call.query
    index = call.held.logs.of(call.project, recorded_run_of(call))
    found = index.search(asked.text, asked.line, backwards=asked.backwards)
    return Found(lines=found.lines, more=found.next is not None, next=found.next)


def file(call: Call[Where, NoBody]) -> File:
    """Return the whole log as a file without colours, as far as it is written."""
    run = recorded_run_of(call)
    name = f"{run.function}-{run.id[:6]}.log"
    content = readable(read_log(call.project, run), colours=False)
    return File(name=name, media_type="text/plain; charset=utf-8", content=content)
