"""The command line's options come from the one table, and mean what they mean everywhere."""

from __future__ import annotations

import re
import shlex

import click
import pytest

from mlrun_nb.cli.main import group
from mlrun_nb.cli.options import choice_from
from mlrun_nb.cli.verbs.rerun import command as rerun
from mlrun_nb.cli.verbs.run import command as run
from mlrun_nb.errors import OptionError
from mlrun_nb.model.options import OPTIONS


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_of_the_table_is_an_option_of_run(name):
    """Nothing is written a second time, and nothing is forgotten."""
    assert f"--{name}" in {flag for param in run.params for flag in param.opts}


@pytest.mark.parametrize("name", sorted(OPTIONS.keys() - {"define", "with-setup"}))
def test_every_option_but_two_is_an_option_of_rerun(name):
    """Those two are about a cell of a notebook; `rerun` has a version."""
    assert f"--{name}" in {flag for param in rerun.params for flag in param.opts}


def test_options_read_their_words():
    """Repeated ones add up, `-p` stays text, run options find their place."""
    line = "t -p lr=0.1 -p n=2 --env A=1 --env B=2 --memory 4Gi --label team=x --tag prod --input df=a.csv --on local"
    words = run.make_context("run", [*line.split(), "--isolated"]).params
    choice = choice_from(words, {})
    assert choice.parameters_text == {"lr": "0.1", "n": "2"}
    assert choice.options == {"env": {"A": "1", "B": "2"}, "memory": "4Gi", "isolated": True}
    assert (choice.labels, choice.tags, choice.inputs, choice.on) == (
        {"team": "x"},
        ("prod",),
        {"df": "a.csv"},
        "local",
    )


REFUSED = [
    ("t --memory 16GiB", "`memory` in this command: `16GiB` is not a Kubernetes quantity"),
    ("t -p lr", "`param` in this command cannot be `lr`: it has no `=` with a value behind it"),
    ("t -p lr=1 -p =5", "`param` in this command cannot be `=5`: it has no name before the `=`"),
    ("t --env A=1 --env B", "`env` in this command cannot be `B`: it has no `=` with a value behind it"),
    ("t --output a-b", "`output` in this command cannot be `a-b`: it is not a Python name"),
    ("t --input df", "`--input df` gives no value"),
    ("t --input a.b=x", "`--input a.b=x` gives no Python name"),
    ("t --capacity cheap", "`capacity` in this command cannot be `cheap`"),
]


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_words_that_mean_nothing_are_refused_by_name(line, message):
    """With the same words as in a cell or a profile."""
    with pytest.raises(OptionError) as caught:
        choice_from(run.make_context("run", line.split()).params, {})
    assert message in caught.value.message
    assert not re.search(r"[\[\]]", caught.value.message)


HINTS = [
    ("t -p lr", "Write `--param lr=VALUE`, as in `--param lr=0.2`."),
    ("t -p 'a b'", "Write `--param 'a b=VALUE'`, as in `--param lr=0.2`."),
    ("t --requirement ''", "Write it as in `--requirement 'scikit-learn>=1.4'`."),
]


@pytest.mark.parametrize(("line", "hint"), HINTS)
def test_what_a_hint_shows_can_be_typed(line, hint):
    """A shell takes nothing in it for its own."""
    with pytest.raises(OptionError) as caught:
        choice_from(run.make_context("run", shlex.split(line)).params, {})
    assert caught.value.hint == hint


def test_the_help_shows_options_by_section_and_fits_80_columns():
    """Sixty options are read in groups."""
    text = run.get_help(click.Context(run, info_name="run", terminal_width=80))
    sections = [text.index(f"\n{name}:\n") for name in ("This run", "Environment", "Resources", "Policy", "Output")]
    assert sections == sorted(sections)
    assert max(map(len, text.splitlines())) <= 80


def test_the_help_lists_options_and_no_words():
    """TARGET is explained in the text above."""
    text = run.get_help(click.Context(run, info_name="run", terminal_width=80))
    assert "\n  TARGET\n" not in text


def test_the_usage_calls_a_verb_a_verb():
    """One word for one idea."""
    assert group.get_usage(click.Context(group, info_name="mlrun-nb")) == "Usage: mlrun-nb VERB [ARGS]..."
