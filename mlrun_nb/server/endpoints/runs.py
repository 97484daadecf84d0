"""`/runs`: lists."""

from __future__ import annotations

from mlrun_nb.commands.finding import Ask, find_runs
from mlrun_nb.commands.search import parse_search
from mlrun_nb.server.endpoints.rows import rows
from mlrun_nb.server.route import Call, NoBody
from mlrun_nb.server.shapes.runs import Looked, RunPage, RunsAsked


def runs(call: Call[RunsAsked, NoBody]) -> RunPage:
    """Return a page of runs; open ones are brought up to date as far as that is quick."""
    project, asked = call.project, call.query
    doubt = call.held.freshness.refresh(project)
    revision = project.store.revision()
    search = parse_search(asked.q, project.clock().astimezone())
    ask = Ask(limit=asked.limit, cursor=asked.cursor, deep=asked.deep, everywhere=asked.everywhere)
    found = find_runs(project, search, ask)
    looked = Looked(runs=found.looked.runs, until=found.looked.until) if found.looked else None
    return RunPage(items=rows(found.runs), cursor=found.cursor, revision=revision, doubt=doubt, looked=looked)
