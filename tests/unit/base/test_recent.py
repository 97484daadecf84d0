"""What was used last stays."""

from __future__ import annotations

from mlrun_nb._lib.recent import Recent


def test_what_was_not_used_for_the_longest_time_goes():
    """A look is a use."""
    made: list[str] = []
    recent = Recent[str, str](2)
    for key in ("a", "b", "a", "c", "a", "b"):
        recent.get(key, lambda key=key: made.append(key) or key)
    assert made == ["a", "b", "c", "b"]


def test_what_is_not_valid_any_more_is_made_again():
    """It is asked of what is held."""
    recent = Recent[str, int](2)
    recent.get("a", lambda: 1)
    assert recent.get("a", lambda: 2, is_valid=lambda held: held == 1) == 1
    assert recent.get("a", lambda: 3, is_valid=lambda held: held == 2) == 3
