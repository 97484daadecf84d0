"""Bytes of a log as a person reads them: what a terminal shows of a line in the end, with its colours."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from mlrun_nb._lib.terminal import COLOUR, WithoutOrders, without_orders

LONGEST_LINE = 10_000
"""Characters of a line that are shown."""

_TURNS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL = {code: None for code in (*range(32), *range(127, 160), *_TURNS) if code not in {9, 27}}
_COLOURS_OF_BYTES = re.compile(COLOUR.encode())
_WIDEST = 4
"""Bytes of one character, at most."""


def shown(line: bytes) -> str:
    """
    Return *line*, without its end, as a terminal shows it when all is printed.

    A carriage return begins it anew, as progress bars do. Colours stay, other orders to a terminal do not; a line of
    more than `LONGEST_LINE` characters is cut and says so.
    """
    last = line.rstrip(b"\r").rpartition(b"\r")[2]
    text = without_orders(last[: _WIDEST * 2 * LONGEST_LINE].decode(errors="replace"), colours=True)
    text = text.translate(_CONTROL)
    if len(text) <= LONGEST_LINE and len(last) <= _WIDEST * 2 * LONGEST_LINE:
        return text
    kept = re.sub(r"\x1b[^m]*\Z", "", text[:LONGEST_LINE])
    return f"{kept}\x1b[0m … (cut: {len(last):,} bytes in all)"


def readable(log: Iterable[bytes], *, colours: bool) -> Iterator[bytes]:
    """
    Yield the pieces of a *log* without orders to a terminal, *colours* kept where the reader is one that shows them.

    All else stays byte by byte, also what is no UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    orders = WithoutOrders(colours=colours)
    for piece in log:
        yield orders.feed(decoder.decode(piece)).encode(errors="surrogateescape")
    yield orders.feed(decoder.decode(b"", final=True)).encode(errors="surrogateescape")


def holds(block: bytes, text: str, first: int) -> Iterator[int]:
    """Yield the numbers of those lines of *block* that show *text*, letters of either case; *first* is its first."""
    wanted = text.casefold()
    bare = _COLOURS_OF_BYTES.sub(b"", block) if b"\x1b[" in block else block
    hay = bare.lower() if wanted.isascii() else bare.decode(errors="replace").lower()
    needle, end = (wanted.encode(), b"\n") if isinstance(hay, bytes) else (text.lower(), "\n")
    number, place = first, 0
    while (hit := hay.find(needle, place)) >= 0:  # type: ignore[arg-type]  # both are bytes, or both are text
        number += hay.count(end, place, hit)  # type: ignore[arg-type]
        begin, stop = hay.rfind(end, 0, hit) + 1, hay.find(end, hit)  # type: ignore[arg-type]
        stop = len(hay) if stop < 0 else stop
        line = hay[begin:stop]
        raw = line if isinstance(line, bytes) else line.encode()
        if wanted in shown(raw).casefold():
            yield number
        number, place = number + 1, stop + 1
