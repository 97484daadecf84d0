"""Options that have no effect are named as they were typed."""

from __future__ import annotations

import pytest

from mlrun_nb.engines.enforcement import not_enforced, options_set
from mlrun_nb.model.option_values import check_values
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.settings import Settings, settings_from

TYPED = {
    "image": ("registry.example/train:1", "--image registry.example/train:1"),
    "gpu": (2, "--gpu 2"),
    "toleration": (["a=b", "c"], "--toleration a=b --toleration c"),
    "node-selector": (["disk=ssd"], "--node-selector disk=ssd"),
    "volume": (["pvc:data:/data:ro", "empty:/tmp"], "--volume pvc:data:/data:ro --volume empty:/tmp"),
    "dask-workers": ("2..8", "--dask-workers 2..8"),
    "isolated": (True, "--isolated"),
    "timeout": ("2m", "--timeout 120s"),
    "retries": (1, "--retries 1"),
}


@pytest.mark.parametrize(("name", "value", "typed"), [(name, *row) for name, row in TYPED.items()])
def test_an_option_is_shown_as_it_is_typed(name, value, typed):
    """Its flag and its value."""
    settings = settings_from(check_values({name: value}, where="test"))
    assert options_set(settings) == {name: typed}


def test_settings_without_options_have_none():
    """Defaults are nobody's wish."""
    assert options_set(Settings()) == {}


def test_every_name_is_that_of_an_option():
    """The names of settings and of options are one vocabulary."""
    values = {name: value for name, (value, _) in TYPED.items()}
    assert set(options_set(settings_from(check_values(values, where="test")))) <= set(OPTIONS)


def test_only_what_is_not_enforced_is_named():
    """With the engine's name and a thing to do."""
    settings = settings_from(check_values({"gpu": 1, "timeout": "2m"}, where="test"))
    [notice] = not_enforced(settings, enforces=frozenset({"timeout"}), engine="local")
    assert notice.text == "`--gpu 1` has no effect on engine `local`"
    assert "--on" in notice.hint
