"""Where text goes and how it looks there."""

from __future__ import annotations

import io

import pytest

from mlrun_nb.cli.screen import Screen
from mlrun_nb.commands.document import line


class Terminal(io.TextIOWrapper):
    """A stream in memory that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def make_screen(encoding: str = "utf-8", **environment: str) -> Screen:
    """Return a screen on two terminals in memory."""
    return Screen(Terminal(io.BytesIO(), encoding), Terminal(io.BytesIO(), encoding), environment)


def shown(screen: Screen) -> bytes:
    """Return what stands on stdout."""
    memory = screen.stdout.buffer
    assert isinstance(memory, io.BytesIO)
    return memory.getvalue()


COLOURS = [
    ({}, True),
    ({"NO_COLOR": "1"}, False),
    ({"TERM": "dumb"}, False),
    ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
]


@pytest.mark.parametrize(("environment", "coloured"), COLOURS)
def test_colours_are_for_those_who_want_them(environment, coloured):
    """A terminal has them, unless the environment says no."""
    screen = make_screen(**environment)
    screen.out([line(("bad news", "bad"))])
    assert (b"\x1b[" in shown(screen)) is coloured


def test_a_file_has_no_colours_unless_forced():
    """What is redirected is plain text."""
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    assert not Screen(stream, stream, {}).has_colour(stream)
    assert Screen(stream, stream, {"FORCE_COLOR": "1"}).has_colour(stream)


def test_without_unicode_symbols_become_ascii_of_the_same_width():
    """Tables stay straight, and nobody's text is an error."""
    screen = make_screen("ascii", NO_COLOR="1")
    screen.out([line("✓ a…  ✗ → é 実")])
    assert shown(screen) == b"+ a~  x > \\xe9 \\u5b9f\n"


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_nothing_is_drawn_in_place_where_nothing_can_be_taken_back(environment):
    """CI systems give out terminals, too."""
    assert make_screen().is_live
    assert not make_screen(**environment).is_live
