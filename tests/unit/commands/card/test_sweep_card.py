"""What the card of a sweep says of its children."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mlrun_nb.commands.card.bundle import LIMIT, MIME_TYPE, weight
from mlrun_nb.commands.card.course import course_of
from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.document import width_of
from mlrun_nb.model.selection import Goal
from mlrun_nb.model.states import RunState
from mlrun_nb.model.sweep import Sweep
from mlrun_nb.services.follow import Update
from tests.unit.commands.card import scenes
from tests.unit.commands.card.test_card import html_of, words_of
from tests.unit.commands.records import NOW


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("sweep starting", "running: train 7f3a91c local 0 of 100 children · 1:03"),
        ("sweep running", "37 of 100 children · 1:03 · about 2 min left accuracy 0.9766 so far"),
        ("sweep running", "✓ 34 succeeded · ✗ 3 failed · ◐ 4 running · 59 to come · random, seed 7"),
        ("sweep running", "3 times cell 3 (train) raised ValueError: the loss is NaN #5"),
        ("sweep of thousands", "1,400 of 5,000 children"),
        ("sweep succeeded", "succeeded: train 7f3a91c local in 2 min 51 s · 100 children accuracy 0.9834"),
        ("sweep succeeded", "✓ 92 succeeded · ✗ 8 failed · random, seed 7"),
        ("sweep cancelled", "cancelled after 1 min 4 s · 37 of 100 children accuracy 0.9766"),
        ("sweep cancelled", "63 not begun"),
        ("sweep cancelled", "%mlrun sweep resume 4k7q2m let it go on; no ended point is repeated"),
        ("sweep without a goal", "in 20.0 s · 12 children"),
    ],
)
def test_a_card_says_how_the_children_stand(scene: str, said: str):
    """In words that are still there without style sheet and pictures."""
    assert said in words_of(scenes.SCENES[scene]())


def test_each_child_has_a_mark_of_its_state_and_the_best_one_is_framed():
    """By number: those that have ended, those at work, those to come."""
    html = html_of(scenes.swept(ended=20, total=30))
    strip = re.search(r'<div class="sm"[^>]*>(.*?)</div>', html)
    assert strip is not None
    kinds = re.findall(r"<i(?: class=\"([^\"]*)\")?></i>", strip[1])
    assert len(kinds) == 30
    assert [kinds[number] for number in (5, 18)] == ["x", "x"]
    assert (kinds[20:24], kinds[24:]) == (["n"] * 4, [""] * 6)
    assert [kind for kind in kinds if "best" in kind] == ["d best"]
    assert 'aria-label="20 of 30 children"' in html


def test_a_pruned_child_is_told_from_one_that_went_to_its_end():
    """By a word and by a shape of its own, in HTML and in text; where all share one bar it has a part of it."""
    card = scenes.SCENES["sweep with pruning"]()
    html = html_of(card)
    marks = html.count('<i class="p"></i>')
    assert marks > 5
    assert f"{92 - marks} succeeded · ▽ {marks} pruned · ✗ 8 failed" in words_of(card)
    assert str(card.bundle(NOW)["text/plain"]).count("▽") == marks + 1
    bar = html_of(scenes.swept(ended=1400, total=5000, prunes=True))
    assert re.search(r'<i class="d" style="flex-grow:\d+"></i><i class="p" style="flex-grow:\d+"></i>', bar)


def test_children_are_lines_through_their_parameters():
    """In the colours of their marks: the best one, those near it, the others, the pruned, the failed to no result."""
    html = html_of(scenes.SCENES["sweep with pruning"]())
    picture = re.search(r'<div class="c pl">(.*?)</div>', html)
    assert picture is not None
    rows = [re.findall(r"<span>([^<]*)</span>", row) for row in re.findall(r"<p[^>]*>(.*?)</p>", picture[1])]
    assert rows[0] == ["lr", "depth", "kind", "accuracy"]
    assert (rows[1][1:3], rows[2][1:3]) == (["12", "gini"], ["2", "entropy"])
    lines = {kind: path.split("M")[1:] for kind, path in re.findall(r'<path class="([^"]+)" d="([^"]+)"', picture[1])}
    assert {kind: len(each) for kind, each in lines.items()} == {
        "ax": 4,
        "x": 8,
        "p": 22,
        "d wk": 46,
        "d": 23,
        "bst": 1,
    }
    assert lines["bst"][0].endswith(" 3 0")
    assert all(" 3 " not in line for line in lines["x"])


def test_of_thousands_the_best_are_lines():
    """Two hundred of them, and none of those that failed."""
    html = html_of(scenes.SCENES["sweep of thousands"]())
    paths = dict(re.findall(r'<path class="([^"]+)" d="(M[^"]+)"', html))
    assert sum(paths[kind].count("M") for kind in ("bst", "d", "d wk")) <= 200
    assert "x" not in paths


@pytest.mark.parametrize("scene", ["sweep starting", "sweep without a goal"])
def test_nothing_is_drawn_where_there_is_nothing_to_see(scene: str):
    """No child yet, or none that is better than another."""
    assert 'class="c pl"' not in html_of(scenes.SCENES[scene]())


def test_thousands_of_children_share_one_bar():
    """Its parts are as long as the states are frequent."""
    html = html_of(scenes.SCENES["sweep of thousands"]())
    assert 'class="sm"' not in html
    assert '<i class="d" style="flex-grow:1292"></i><i class="x" style="flex-grow:108"></i>' in html
    assert '<i style="flex-grow:3596"></i>' in html


def test_the_best_children_are_a_table_with_the_best_first():
    """Ten of them, with what tells them apart."""
    html = html_of(scenes.SCENES["sweep succeeded"]())
    table = re.search(r"<table.*</table>", html)
    assert table is not None
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", table[0])
    heads, *cells = [re.findall(r"<t[hd][^>]*>(?:<b>)?([^<]*)", row) for row in rows]
    assert heads == ["#", "accuracy", "lr", "depth", "kind", "took"]
    values = [float(row[1]) for row in cells]
    assert (len(values), values) == (10, sorted(values, reverse=True))
    assert rows.index(next(row for row in rows if ">72<" in row)) == 1


def test_without_a_goal_no_child_is_the_best():
    """The first ones are shown, and no course."""
    html = html_of(scenes.SCENES["sweep without a goal"]())
    assert "best" not in html.partition("</style>")[2]
    assert "so far" not in html
    assert "first children" in html


def test_the_text_of_a_card_stays_within_80_columns():
    """Marks, counts, the best children, failures."""
    text = str(scenes.SCENES["sweep running"]().bundle(NOW)["text/plain"])
    assert max(map(width_of, text.split("\n"))) <= 80
    assert "✓✓✓✓✓✗✓✓" in text
    assert re.search(r"#  accuracy  lr +depth  kind +took\n +32  0.9766", text)
    assert "3  cell 3 (`train`) raised `ValueError`: the loss is NaN  #5" in text


def test_children_are_not_looked_at_more_often_than_anybody_can_see():
    """However often the card is drawn; at the end once more."""
    looked = []
    run = scenes.a_run(
        state=RunState.RUNNING, sweep=Sweep(strategy="grid", seed=0, engine="local", selector="max.accuracy", total=9)
    )
    found = replace(scenes.known(run), standings=lambda: looked.append(run) or scenes.standings_of(run, []))
    card = Card(found)
    for _ in range(5):
        card.take(Update(run=run, events=(scenes.happened("children", done=1, total=9, states={}),)))
        card.bundle(NOW)
    assert len(looked) == 1
    card.end(found)
    card.bundle(NOW)
    assert len(looked) == 2


@pytest.mark.parametrize("text", ["x" * 500, "&" * 500, "実" * 500, "\x1b[31m" * 100])
def test_whatever_parameters_are_called_and_are_the_card_stays_small(text: str):
    """Names and values of any length, and errors of any length."""
    run = scenes.a_run(
        state=RunState.RUNNING, sweep=Sweep(strategy=text, seed=1, engine="local", selector=f"max.{text}", total=120)
    )
    children = [
        scenes.a_run(
            parent=run.id,
            number=number,
            state=RunState.SUCCEEDED if number % 2 else RunState.FAILED,
            error=None if number % 2 else replace(scenes.ERROR, summary=text, cell=number),
            parameters={f"{text}{name}": f"{text}{number}" for name in range(20)},
            results={text: number},
        )
        for number in range(120)
    ]
    card = Card(replace(scenes.known(run), standings=lambda: scenes.standings_of(run, children)))
    bundle = card.bundle(NOW)
    assert weight(bundle) <= LIMIT
    assert MIME_TYPE in bundle


def test_a_course_shows_values_and_the_best_so_far():
    """The best is at the edge; the line never gets worse; a value that is far off does not press the others flat."""
    values = {number: 1.0 + number / 10 for number in range(20)} | {20: 1e9}
    course = course_of(values, Goal(direction="min", result="loss"))
    assert course is not None
    heights = [int(point.partition(",")[2]) for point in course.dots.split()]
    assert (heights[0], heights[-1], course.bottom) == (60, 0, "1")
    assert len(set(heights)) > 10
    assert course.steps == "0,60"
    rising = course_of({0: 0.1, 1: 0.3, 2: 0.2, 3: float("nan"), 4: 0.5}, Goal(direction="max", result="y"))
    assert rising is not None
    assert rising.steps.split()[-1] == "200,0"
    assert len(rising.steps.split()) == 3


def test_two_values_are_no_course():
    """There is nothing to see."""
    assert course_of({0: 1.0, 1: 2.0, 2: float("inf")}, Goal(direction="max", result="y")) is None
