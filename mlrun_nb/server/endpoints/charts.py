"""`/runs/{run}/charts`: the children of a sweep over its parameters."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from mlrun_nb._lib.records import finite
from mlrun_nb.commands.card.fitting import fit
from mlrun_nb.model.domains import LogRandInt, LogUniform
from mlrun_nb.model.run import Run
from mlrun_nb.server.endpoints.found import recorded_run_of
from mlrun_nb.server.endpoints.sweep import cell
from mlrun_nb.server.route import Call, NoBody
from mlrun_nb.server.shapes.sweep import ChartAxis, Charts, ChartsAsked, Step
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.landscape import Landscape, landscape_of, looks_logarithmic
from mlrun_nb.services.sweep.files import read_plan

_NAME, _MOST_RESULTS = 60, 40


def charts(call: Call[ChartsAsked, NoBody]) -> Charts:
    """Return what charts of a sweep draw; nothing of a run that is none."""
    parent, asked = recorded_run_of(call), call.query
    spots = call.held.spots.of(call.project, parent)
    found = landscape_of(spots, goal_of(parent), result=asked.result, most=asked.limit)
    logarithmic = _logarithmic(parent)
    return Charts(
        total=found.total,
        result=fit(found.result, _NAME),
        results=tuple(fit(name, _NAME) for name in found.results[:_MOST_RESULTS]),
        direction=found.goal.direction if found.goal is not None else "",
        ids=tuple(spot.id for spot in found.spots),
        numbers=tuple(spot.number for spot in found.spots),
        states=tuple("pruned" if spot.pruned else spot.state.value for spot in found.spots),
        values=tuple(spot.results.get(found.result) for spot in found.spots),
        parameters=tuple(_axis(name, found, logarithmic) for name in found.parameters),
        hidden=found.hidden,
        compared=found.compared,
        steps=tuple(Step(id=each.id, number=each.number, value=each.results[found.result]) for each in found.steps),
    )


def _axis(name: str, found: Landscape, logarithmic: Collection[str]) -> ChartAxis:
    given = [spot.parameters.get(name) for spot in found.spots]
    numbers = [number for value in given if (number := finite(value)) is not None]
    return ChartAxis(
        name=fit(name, _NAME),
        logarithmic=name in logarithmic or (len(numbers) == len(given) and looks_logarithmic(numbers)),
        importance=found.importance.get(name),
        values=tuple(map(cell, given)),
    )


def _logarithmic(parent: Run) -> Collection[str]:
    """Return the parameters that were drawn by their logarithm, as far as the plan is still there to tell."""
    try:
        space = read_plan(Path(parent.run_directory)).search.space
    except (OSError, ValueError):
        return ()
    return {each.name for each in space.dimensions if isinstance(each.domain, LogUniform | LogRandInt)}
