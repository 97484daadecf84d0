"""Which children of a sweep are drawn, and what is told of all of them."""

from __future__ import annotations

from dataclasses import replace

from mlrun_nb.model.run import RunId
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.services.landscape import MOST_PARAMETERS, Spot, landscape_of

BEST = Goal(result="accuracy")


def spots(count: int) -> list[Spot]:
    """Return children whose accuracy falls with their number, each tenth of which has failed."""
    return [
        Spot(
            id=RunId(f"c{number:011}"),
            number=number,
            state=RunState.FAILED if number % 10 == 9 else RunState.SUCCEEDED,
            pruned=False,
            parameters={"lr": number / count, "epochs": 3},
            results={} if number % 10 == 9 else {"accuracy": 1 - number / count, "loss": number / count},
        )
        for number in range(count)
    ]


def test_few_children_are_all_drawn_by_number():
    """Whatever order they came in."""
    found = landscape_of(spots(40)[::-1], BEST)
    assert [spot.number for spot in found.spots] == list(range(40))
    assert (found.total, found.compared) == (40, 36)


def test_of_many_the_best_some_failed_and_the_whole_way_are_drawn():
    """As many as were asked for; the same ones each time."""
    found = landscape_of(spots(5000), BEST, most=200)
    numbers = [spot.number for spot in found.spots]
    assert len(numbers) == 200
    assert numbers == sorted(numbers)
    assert {number for number in range(55) if number % 10 != 9} <= {*numbers}
    assert sum(spot.state is RunState.FAILED for spot in found.spots) >= 20
    assert numbers[-1] == 4999
    assert [spot.number for spot in landscape_of(spots(5000), BEST, most=200).spots] == numbers


def test_the_best_so_far_is_told_of_all():
    """Also of children that are not drawn."""
    rising = [replace(spot, results={"accuracy": float(spot.number)}) for spot in spots(50)]
    found = landscape_of(rising, BEST, most=10)
    assert [spot.number for spot in found.steps] == list(range(50))
    assert [spot.number for spot in landscape_of(rising, Goal(direction="min", result="accuracy")).steps] == [0]


def test_only_parameters_that_tell_children_apart_are_axes():
    """Those that matter most come first, and what is too much is counted."""
    assert landscape_of(spots(30), BEST).parameters == ["lr"]
    wide = [
        replace(spot, parameters={**{f"p{index}": spot.number % 2 for index in range(20)}, "lr": spot.number})
        for spot in spots(40)
    ]
    found = landscape_of(wide, BEST)
    assert found.parameters[0] == "lr"
    assert (len(found.parameters), found.hidden) == (MOST_PARAMETERS, 21 - MOST_PARAMETERS)


def test_another_result_may_be_looked_at():
    """Which way it is better nobody has said, so that none is the best so far."""
    found = landscape_of(spots(30), BEST, result="loss")
    assert (found.result, found.goal, found.steps) == ("loss", None, ())
    assert landscape_of(spots(30), None).result == "accuracy"
    assert landscape_of([], None).result == ""
