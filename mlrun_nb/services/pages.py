"""Lists of runs page by page, for whoever wants them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project

_PAGE = 1000


def every_run(project: Project, query: RunQuery) -> Iterator[Run]:
    """Yield all runs that *query* lets through, in the order of its pages; one page is in memory at a time."""
    query = replace(query, limit=_PAGE, cursor=None)
    while True:
        page = project.store.list_runs(query)
        yield from page.items
        if page.cursor is None:
            return
        query = replace(query, cursor=page.cursor)
