"""
A random order of 0, 1, …, n - 1 of which any element can be asked for, however large n is: nothing is kept.

A Feistel network is a one-to-one map of numbers of 2k bits, whatever its round function; numbers that leave the range
are mapped again until they are in it (cycle walking), at most four times on average but in the smallest ranges.
Source: Black and Rogaway, "Ciphers with arbitrary finite domains", 2002.
"""

from __future__ import annotations

from hashlib import shake_128

_ROUNDS = 8
_FEWEST_BITS = 3
"""Of half a number; with fewer, small ranges would come in few of their orders."""


def permuted(index: int, count: int, *, key: str) -> int:
    """Return the number at *index*, below *count*, in the order of 0, 1, …, *count* - 1 that *key* stands for."""
    half = max(((count - 1).bit_length() + 1) // 2, _FEWEST_BITS)
    number = index
    while True:
        number = _mapped(number, half, key)
        if number < count:
            return number


def _mapped(number: int, half: int, key: str) -> int:
    left, right = divmod(number, 1 << half)
    for turn in range(_ROUNDS):
        digest = shake_128(f"{key}/{half}/{turn}/{right}".encode()).digest((half + 7) // 8)
        left, right = right, left ^ (int.from_bytes(digest, "big") % (1 << half))
    return left * (1 << half) + right
