"""Styled lines keep their width, and their text says everything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.commands.document import clean, cut, labelled, line, plain, table, text_of, width_of, wrap, wrap_line

ANY = st.text(max_size=60)


@given(ANY, st.integers(1, 30))
def test_what_is_cut_fits(text, width):
    """Wide and combining characters are counted as a terminal counts them."""
    assert width_of(cut(text, width)) <= max(width, 0)


@given(ANY)
def test_what_is_clean_steers_no_terminal(text):
    """No escape, bell or line end is left."""
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in clean(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),  # a colour
        ("\x1b]0;title\x07text", "text"),  # a title
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x9b2Jb", "ab"),
        ("gnp.\u202ejs", "gnp.js"),  # the direction of writing
        ("1 [0m", "1 [0m"),
    ],
)
def test_what_orders_a_terminal_about_is_left_out_whole(text: str, shown: str):
    """No remains of a colour stand in a log."""
    assert clean(text) == shown


def test_wide_characters_take_two_cells():
    """A table with them stays straight."""
    assert [width_of(text) for text in ("run", "実行", "é", "e\u0301")] == [3, 4, 1, 1]


def test_a_command_is_never_broken_over_lines():
    """What stands in backticks can be copied."""
    assert wrap("Type `mlrun-nb runs --all` to see", 12) == ["Type", "`mlrun-nb runs --all`", "to see"]


@given(ANY, st.integers(5, 40))
def test_wrapping_loses_no_word(text, width):
    """The words are the same, in order."""
    assert " ".join(wrap(text, width)).split() == text.split()


def test_styles_survive_wrapping():
    """A word keeps what it means."""
    lines = wrap_line(line("aaa ", ("bbb ccc", "strong")), 7)
    assert [text_of(item) for item in lines] == ["aaa bbb", "ccc"]
    assert lines[1][0].style == "strong"


def test_only_the_flexible_column_gives_way():
    """Names stay whole while their remarks are shortened."""
    rows = [(line("name"), line("a long remark"), line("12 s")), (line("n"), line("b"), line("1 s"))]
    assert plain(table(rows, 20, flexible=1, right=frozenset({2}))) == "name  a long…   12 s\nn     b          1 s\n"


def test_a_label_is_followed_by_all_lines_of_its_text():
    """A hint of two lines is shown whole."""
    assert plain(labelled(("hint:", "strong"), "do this\nthen that", 80)) == "hint: do this\nthen that\n"
