"""Files between the lines of a log: whatever is printed and however it is cut, both come out as they went in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.runner.frames import RS, Change, Reader, ReaderState, Writer, applied, change_of

NONCE = "b1e55ed0c0ffee00"
LOG = st.sampled_from(
    [b"", b"\n", b"a line\n", b"10%\r", b"no end", b"\n\n", RS, RS + b"\n", RS + NONCE[:5].encode(), b"\xff\xfe\n"]
)
FILE = st.binary(max_size=60)
CUTS = st.lists(st.integers(1, 40), max_size=30)


def read(stream: bytes, cuts: list[int]) -> tuple[bytes, dict[str, bytes], ReaderState]:
    """Return log and files of *stream*, read in pieces of the sizes *cuts* by a new reader for each."""
    log, files, state = b"", dict[str, bytes](), ReaderState()
    while True:
        size = cuts.pop() if cuts else len(stream)
        piece, stream = stream[:size], stream[size:]
        reader = Reader(NONCE, state)
        for item in reader.feed(piece, at_end=not stream):
            if isinstance(item, bytes):
                log += item
            else:
                files[item.name] = applied(files.get(item.name, b""), item)
        state = reader.state
        if not stream:
            return log, files, state


@given(st.lists(st.tuples(LOG, FILE)), CUTS)
def test_log_and_files_come_out_as_they_went_in(steps: list[tuple[bytes, bytes]], cuts: list[int]):
    """Byte for byte, also where a line has no end and where user code prints what looks like a frame."""
    writer, stream, before, logged = Writer(NONCE), b"", b"", b""
    for log, after in steps:
        stream += writer.log(log) + writer.frames(change_of("output.ipynb", before, after))
        logged, before = logged + log, after
    log, files, state = read(stream, cuts)
    assert log == logged
    assert files.get("output.ipynb", b"") == before
    assert not state.missed


@given(FILE, FILE)
def test_a_change_is_what_differs(before: bytes, after: bytes):
    """Applied to what was there it gives what is there, and it holds no more than what is new."""
    change = change_of("x", before, after)
    assert applied(before, change) == after
    assert len(change.data) <= len(after)


def test_what_was_added_is_all_that_is_sent():
    """A notebook grows by a cell; what is before and behind it is not sent again."""
    before, after = b"[" + b"a" * 9000 + b"]", b"[" + b"a" * 9000 + b"new" + b"]"
    assert change_of("x", before, after) == Change(name="x", start=9001, removed=0, data=b"new")


def test_a_large_file_is_whole_or_not_there():
    """Its frames are put together; a stream that ends between two of them changes nothing."""
    content = random.Random(1).randbytes(256_000)  # what no compression makes smaller
    stream = Writer(NONCE).frames(Change(name="artifacts/a b/ü.bin", data=content))
    assert stream.count(b"\n") > 5
    assert max(map(len, stream.splitlines())) < 16 * 1024
    assert read(stream, [])[1] == {"artifacts/a b/ü.bin": content}
    half = stream[: len(stream) // 2]
    assert read(half[: half.rfind(b"\n") + 1], [])[1] == {}


def test_a_line_that_was_lost_is_noticed():
    """The node turned over the file of the log: numbers are missing."""
    writer = Writer(NONCE)
    lines = [writer.frames(Change(name="x", data=str(number).encode())) for number in range(3)]
    assert read(lines[0] + lines[2], [])[2].missed


def test_a_file_is_not_put_together_from_parts_of_two():
    """Frames of a large one were lost: what is left of it is not taken for a file, nor put before the next."""
    writer, content = Writer(NONCE), random.Random(1).randbytes(40_000)
    first, second = (writer.frames(Change(name=name, data=content)).splitlines(keepends=True) for name in "ab")
    log, files, state = read(b"".join((*first[:2], *second[1:], writer.frames(Change(name="c", data=b"c")))), [])
    assert (log, files, state.missed) == (b"", {"c": b"c"}, 1)


def test_the_words_of_another_run_are_log():
    """A frame needs the run's own nonce."""
    frame = Writer("0" * 16).frames(Change(name="result.json", data=b"{}"))
    assert read(frame, [])[0] == frame
