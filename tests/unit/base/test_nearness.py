"""What a person may have meant, and what they surely did not."""

from __future__ import annotations

import pytest

from mlrun_nb._lib.nearness import nearest, some

KNOWN = ("accuracy", "epochs", "local", "lr", "memory", "run", "runs", "train", "with-setup")
MEANT = [
    ("trian", "train"),  # two letters swapped
    ("trainn", "train"),
    ("tran", "train"),
    ("memroy", "memory"),
    ("lrr", "lr"),
    ("rnus", "runs"),
    ("Train", "train"),
    ("with_setup", "with-setup"),
    ("acc", "accuracy"),  # a beginning
    ("epohcs", "epochs"),
]
FAR = ["", "x", "ln", "moon", "ran away", "model", "brian", "to"]


@pytest.mark.parametrize(("typed", "meant"), MEANT)
def test_a_slip_of_the_fingers_is_understood(typed, meant):
    """The nearest of all that there is."""
    assert nearest(typed, KNOWN) == meant


@pytest.mark.parametrize("typed", FAR)
def test_what_is_far_off_is_not_guessed(typed):
    """A wrong guess is worse than a list."""
    assert nearest(typed, KNOWN) is None


def test_a_name_is_never_its_own_correction():
    """It exists, and is not what is wanted."""
    assert nearest("run", ["run"]) is None


def test_a_long_list_is_shortened():
    """It says how much is left out."""
    assert some([f"f{number}" for number in range(20)]) == "f0, f1, f2, f3, f4, f5, f6, f7 and 12 more"
    assert some(["a", "b"]) == "a, b"
