"""Words in a hint can be copied into a shell."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.shell import quoted


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("train.ipynb", "train.ipynb"),
        ("über/größe.ipynb", "über/größe.ipynb"),
        ("my notebook.ipynb", "'my notebook.ipynb'"),
        ("it's.ipynb", '"it\'s.ipynb"'),
        ("$HOME", "'$HOME'"),
        ("", "''"),
    ],
)
def test_quotes_stand_where_a_shell_needs_them(word, shown):
    """And nowhere else, so that hints stay easy to read."""
    assert quoted(word) == shown


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"))))
def test_words_come_back_as_they_were(words):
    """Whatever a file is called."""
    assert shlex.split(quoted(*words)) == words


def test_a_real_shell_agrees():
    """The words that are hardest to write."""
    words = ["it's", 'a"b', "$(x)", "`y`", "a\nb", "*", "~", "!x", "\\", "it's $5", "ä ö"]
    done = subprocess.run(["sh", "-c", f"printf '%s\\0' {quoted(*words)}"], capture_output=True, text=True, check=True)
    assert done.stdout.split("\0")[:-1] == words
