"""Options as keyword arguments agree with the one table."""

from __future__ import annotations

from mlrun_nb.api.options import _INSTEAD, FUNCTION_OPTIONS, RUN_OPTIONS, checked_options, choose
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.services.choice import Choice


def test_every_option_of_the_table_is_taken_or_has_something_instead():
    """None is forgotten when the table grows, and none is invented."""
    names = {name.replace("-", "_") for name in OPTIONS}
    assert names >= FUNCTION_OPTIONS >= RUN_OPTIONS
    assert {name.replace("_", "-") for name in names - RUN_OPTIONS} == set(_INSTEAD)
    assert all(hint.endswith(".") for hint in _INSTEAD.values())


def test_options_become_a_choice_and_a_later_one_replaces_an_earlier():
    """Those of a version as overrides, the others each at its place; what is not named stays."""
    first = choose(Choice(), checked_options({"memory": "1Gi", "on": "local", "tag": "a"}, RUN_OPTIONS, where="here"))
    given = {"memory": "2Gi", "cpu": 2, "label": {"team": "risk"}, "tag": ["b", "c"], "cache": True}
    second = choose(first, checked_options(given, RUN_OPTIONS, where="here"))
    assert (first.options, first.on, first.tags, first.cache) == ({"memory": "1Gi"}, "local", ("a",), False)
    assert second.options == {"memory": "2Gi", "cpu": "2"}
    assert (second.on, second.labels, second.tags, second.cache) == ("local", {"team": "risk"}, ("b", "c"), True)


def test_values_are_given_as_python_has_them():
    """Tuples for lists, numbers for quantities and durations."""
    given = {"requirement": ("numpy", "pandas>=2"), "timeout": 90, "cpu_limit": 1.5, "dask_workers": 3}
    assert checked_options(given, RUN_OPTIONS, where="here") == {
        "requirement": ["numpy", "pandas>=2"],
        "timeout": "90",
        "cpu-limit": "1.5",
        "dask-workers": "3..3",
    }
