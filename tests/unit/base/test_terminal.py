"""Orders to a terminal are taken out of text, wherever it is cut in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb._lib.terminal import WithoutOrders, without_orders

RED, PLAIN = "\x1b[1;31m", "\x1b[0m"
ORDERS = [  # the text, and what is left of it with colours
    (f"a {RED}red{PLAIN} b\n", f"a {RED}red{PLAIN} b\n"),
    ("\x1b[38:5:208mx", "\x1b[38:5:208mx"),
    ("\x1b[2K\x1b[1G10 %\r\x1b[A\x1b[?25l20 %", "10 %\r20 %"),  # a cursor that moves; a return does no harm
    ("\x1b]0;title\x07text", "text"),
    ("\x1b]8;;https://x.org\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x1b]52;c;cm0gLXJmIH4=\x07x", "x"),  # into the clipboard
    ("\x1bPq#0;2;0;0;0\x1b\\x\x1b_app\x1b\\y", "xy"),  # a picture, a program's own
    ("\x1b(B\x1bcreset\x1b7\x1b8", "reset"),
    ("\x9b31mx\x9d0;title\x9cy\x85z", "xyz"),  # the same orders, each begun by one character
    ("\x1b]0;no end\nnext line", "\nnext line"),
    ("lone \x1b", "lone "),
    ("half \x1b[3", "half "),
    ("größe 実 👩", "größe 実 👩"),
]


@pytest.mark.parametrize(("text", "left"), [each for each in ORDERS if not each[0].startswith("half")])
def test_colours_may_stay_and_nothing_else(text, left):
    """With colours, and without them."""
    assert without_orders(text, colours=True) == left
    assert without_orders(without_orders(text, colours=False), colours=True) == without_orders(left, colours=False)
    assert "\x1b" not in without_orders(text, colours=False)


@given(st.lists(st.sampled_from(ORDERS[:-3])), st.integers(1, 9), st.booleans())
def test_pieces_are_as_good_as_the_whole(parts, size, colours):
    """An order that is cut in two is one order."""
    text = "|".join(before for before, _ in parts)
    orders = WithoutOrders(colours=colours)
    shown = "".join(orders.feed(text[start : start + size]) for start in range(0, len(text), size))
    assert shown == without_orders("|".join(left for _, left in parts), colours=colours)


@pytest.mark.parametrize(("text", "left"), ORDERS)
def test_an_order_that_never_ends_leaves_nothing_behind(text, left):
    """What comes later is not part of it."""
    orders = WithoutOrders(colours=True)
    assert orders.feed(text) == left
    orders.end()
    assert orders.feed("[0;1m") == "[0;1m"


def test_a_title_without_end_costs_its_line_and_little_memory():
    """A megabyte of it, in pieces, is forgotten, and the next line is there."""
    orders = WithoutOrders(colours=True)
    assert orders.feed("\x1b]0;") == ""
    assert {orders.feed("x" * 100) for _ in range(10_000)} == {""}
    assert orders.feed("\nnext") == "\nnext"
