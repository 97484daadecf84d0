"""Two texts beside each other, and the JSON schema of parameters."""

from __future__ import annotations

import pytest

from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.parameter_schema import parameter_schema
from mlrun_nb.notebook.side_by_side import side_by_side


def drawn(old: str, new: str, context: int = 3) -> list[str]:
    """Return the lines as a person would draw them."""
    signs = {"same": " ", "removed": "-", "added": "+", "changed": "~"}
    lines = side_by_side(old.split(), new.split(), context=context)
    return [f"{signs[each.kind]} {each.old_number}{each.old} {each.new_number}{each.new}" for each in lines]


def test_a_changed_line_stands_beside_its_old_text():
    """What one side has more stands alone."""
    assert drawn("a b c", "a x y c") == ["  1a 1a", "~ 2b 2x", "+ NoneNone 3y", "  3c 4c"]
    assert drawn("a b", "a") == ["  1a 1a", "- 2b NoneNone"]


def test_lines_far_from_any_change_are_left_out():
    """Numbers jump there."""
    old = [f"l{number}" for number in range(30)]
    new = [*old[:5], "x", *old[6:25], "y", *old[26:]]
    assert drawn(" ".join(old), " ".join(new), 1) == [
        "  5l4 5l4", "~ 6l5 6x", "  7l6 7l6", "  25l24 25l24", "~ 26l25 26y", "  27l26 27l26",
    ]  # fmt: skip


def test_equal_texts_have_nothing_to_show():
    """Not even what they share."""
    assert side_by_side(["a"], ["a"]) == ()


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("int", {"type": "integer"}),
        ("float", {"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]}),
        ("str | None", {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        ("list[int]", {"type": "array", "items": {"type": "integer"}}),
        ("dict[str, bool]", {"type": "object", "additionalProperties": {"type": "boolean"}}),
        ("Literal['a', 2]", {"enum": ["a", 2]}),
        ("datetime", {"type": "string", "format": "date-time"}),
        ("", {}),
        ("complex", {}),
    ],
)
def test_a_type_says_which_values_a_form_may_send(kind: str, schema: object):
    """A type of a later release takes anything here; the run itself checks."""
    assert parameter_schema(Parameter(name="x", type=kind, required=True)) == schema


def test_a_default_that_is_known_stands_in_the_schema():
    """One that is an expression is left to the cell."""
    assert parameter_schema(Parameter(name="x", type="int", default=3))["default"] == 3
    assert "default" not in parameter_schema(Parameter(name="x", type="int", default_source="len(y)"))
