"""The verb `runs --parent`: the children of a sweep, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mlrun_nb._lib.records import to_json
from mlrun_nb.commands import states
from mlrun_nb.commands.runs import Listed, RunFilter, query_of, refresh
from mlrun_nb.errors import OptionError
from mlrun_nb.model.run import Run
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.children import best_first, children_of, goal_of
from mlrun_nb.services.history import find_run


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChildren:
    """Children of `parent`, the best first by `goal`, else by number; `differing` parameters tell them apart."""

    parent: Run
    goal: Goal | None
    differing: tuple[str, ...]
    listed: Listed


def list_children(project: Project, reference: str, asked: RunFilter) -> ListedChildren:
    """Return the children that *asked* lets through; raises NotFoundError, OptionError for a run that is no sweep."""
    doubt = refresh(project)
    parent = find_run(project, reference)
    if parent.sweep is None:
        raise OptionError(
            f"run `{parent.id[:6]}` is no sweep and has no children",
            hint=f"Look at it: `mlrun-nb show {parent.id[:6]}`; or leave `--parent` out.",
        )
    goal = goal_of(parent)
    query = query_of(project, asked)
    if asked.pruned:
        query = replace(query, states=(*query.states, RunState.SUCCEEDED))
    stands = {*asked.states, *([states.PRUNED] if asked.pruned else [])}
    children = [run for run in children_of(project, parent, query) if not stands or states.word_of(run) in stands]
    found = best_first(children, goal)
    shown = tuple(found[: asked.limit])
    shows_open = any(not run.state.is_final for run in shown)
    return ListedChildren(
        parent=parent,
        goal=goal,
        differing=differing_parameters(found),
        listed=Listed(runs=shown, more=len(found) > len(shown), doubt=doubt if shows_open else ""),
    )


def differing_parameters(children: Sequence[Run]) -> tuple[str, ...]:
    """Return the parameters that tell *children* apart, in their order; all of them where there is one child."""
    names = dict.fromkeys(name for run in children for name in run.parameters)
    if len(children) == 1:
        return tuple(names)
    values = {name: [to_json(run.parameters.get(name)) for run in children] for name in names}
    return tuple(name for name, given in values.items() if any(value != given[0] for value in given))
