"""The verb `cancel`: ask for the end of a run, and say how far that got."""

from __future__ import annotations

from dataclasses import dataclass

from mlrun_nb.commands.document import Document, line
from mlrun_nb.commands.states import short_id
from mlrun_nb.commands.views.headline import headline
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.cancel import cancel
from mlrun_nb.services.children import open_children
from mlrun_nb.services.follow import follow
from mlrun_nb.services.history import find_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """
    A run that was asked to end; `was_over` when it had ended before.

    Of a sweep whose driver was killed `children` went on, and were asked.
    """

    run: Run
    was_over: bool
    children: int = 0


def cancel_run(project: Project, reference: str, *, waiting: bool) -> Cancelled:
    """Ask the run that *reference* names to end; with *waiting* return when it has."""
    before = find_run(project, reference)
    children = open_children(project, before) if before.state.is_final else 0
    run = cancel(project, before.id)
    if before.state.is_final:
        return Cancelled(run=before, was_over=True, children=children)
    if waiting and not run.state.is_final:
        for update in follow(project, run.id):
            run = update.run
    return Cancelled(run=run, was_over=False)


def cancel_view(cancelled: Cancelled) -> Document:
    """Return what was done, in a line."""
    run = cancelled.run
    if cancelled.children:
        text = f": it had ended before; {cancelled.children} children that went on were asked to end"
        return [(*headline(run), *line((text, "dim")))]
    if cancelled.was_over:
        return [(*headline(run), *line((": it had ended before", "dim")))]
    if run.state.is_final:
        return [headline(run)]
    return [(*headline(run), *line(f": asked to end; `mlrun-nb show {short_id(run)}` tells when it has"))]
