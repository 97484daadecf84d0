"""Records survive the way to JSON and back, in this release and the next."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.model.run import RunResult


class Colour(StrEnum):
    """An enumeration."""

    RED = "red"


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """A record in a record."""

    name: str
    weight: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A record with every kind of field that ours have."""

    leaves: tuple[Leaf, ...] = ()
    by_name: Mapping[str, Leaf] = field(default_factory=dict)
    best: Leaf | None = None
    colour: Colour = Colour.RED
    grown: datetime | None = None
    count: int = 0
    anything: Json = None


LEAVES = st.builds(Leaf, name=st.text(), weight=st.floats(allow_nan=False))
TREES = st.builds(
    Tree,
    leaves=st.lists(LEAVES).map(tuple),
    by_name=st.dictionaries(st.text(), LEAVES),
    best=st.none() | LEAVES,
    grown=st.none() | st.datetimes(timezones=st.just(UTC)),
    count=st.integers(),
    anything=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists),
)


@given(TREES)
def test_a_record_comes_back_as_it_was(tree):
    """Through real JSON text, infinities included."""
    assert from_json(Tree, json.loads(json.dumps(to_json(tree), allow_nan=False))) == tree


def test_not_a_number_survives():
    """NaN is unequal to itself, so it has a test of its own."""
    assert math.isnan(from_json(Leaf, to_json(Leaf(name="x", weight=math.nan))).weight)


def test_defaults_are_not_written_and_unknown_fields_are_passed_over():
    """A record of one release is read by its neighbours."""
    assert to_json(Tree(count=1)) == {"count": 1}
    assert from_json(Tree, {"count": 1, "of_the_next_release": {}}) == Tree(count=1)


# (value, what the error names)
BROKEN = [
    ({}, "Leaf lacks `name`"),
    ({"name": 3}, "Leaf.name must be str, not int"),
    ({"name": "x", "weight": "heavy"}, "Leaf.weight must be float, not str"),
    ({"name": "x", "weight": True}, "Leaf.weight must be float, not bool"),
    ([], "Leaf must be an object, not list"),
]


@pytest.mark.parametrize(("value", "message"), BROKEN)
def test_a_broken_record_is_a_value_error_that_names_the_field(value, message):
    """Whoever reads the file can say what is wrong with it."""
    with pytest.raises(ValueError, match=message):
        from_json(Leaf, value)


def test_a_result_of_an_earlier_release_is_read():
    """Its cells say neither what they are for nor where they came from."""
    old = {
        "format": 1,
        "id": "4k7q2mabcdef",
        "state": "succeeded",
        "duration_s": 1.5,
        "started": "2026-03-14T15:09:26+00:00",
        "ended": "2026-03-14T15:09:27.500000+00:00",
        "cells": [{"index": 0, "name": "save outputs", "state": "succeeded", "duration_s": 1.0}],
    }
    [cell] = from_json(RunResult, old).cells
    assert (cell.name, cell.role, cell.origin) == ("save outputs", None, None)
