"""`/runs`: lists."""

from __future__ import annotations

from mlrun_nb.commands.finding import Ask, find_runs
from mlrun_nb.commands.runs import to_show
from mlrun_nb.commands.search import parse_search
from mlrun_nb.server.endpoints.rows import rows
from mlrun_nb.server.route import Call, NoBody
from mlrun_nb.server.shapes.runs import Looked, RunPage, RunsAsked
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.history import find_run


def runs(call: Call[RunsAsked, NoBody]) -> RunPage:
    """Return a page of runs, or of a run's children; open ones are brought up to date as far as that is quick."""
    project, asked = call.project, call.query
    doubt = call.held.freshness.refresh(project)
    revision = project.store.revision()
    search = parse_search(asked.q, project.clock().astimezone())
    parent = find_run(project, asked.parent) if asked.parent else None
    ask = Ask(
        limit=asked.limit,
        cursor=asked.cursor,
        deep=asked.deep,
        everywhere=asked.everywhere,
        parent=parent.id if parent is not None else None,
    )
    found = find_runs(project, search, ask)
    items = rows(to_show(project, found.runs), goal_of(parent))
    looked = Looked(runs=found.looked.runs, until=found.looked.until) if found.looked else None
    return RunPage(items=items, cursor=found.cursor, revision=revision, doubt=doubt, looked=looked)
