"""A log is read once, byte for byte, however the answers are cut; the node here is a function that filters a list."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlrun_nb.kube.log_decoder import LogDecoder
from mlrun_nb.kube.log_position import SECOND, Position, position_of

START = 1_800_000_000

Line = tuple[int, bytes]


def stamp(time: int) -> bytes:
    """Return *time* as a node writes it: as many digits as it takes."""
    second, fraction = divmod(time, SECOND)
    text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0").rstrip(".")
    return f"{text}{digits}Z ".encode()


def answer(lines: list[Line], since: str) -> bytes:
    """Return what a node sends: the lines of that second and later, in the order of its file."""
    first = int(datetime.fromisoformat(since).timestamp()) * SECOND if since else 0
    return b"".join(stamp(time) + text for time, text in lines if time >= first)


def read(lines: list[Line], chance: random.Random, *, cuts: int) -> bytes:
    """Read it all: *cuts* answers break off at any byte, and the position travels as JSON."""
    cursor, got = None, b""
    for number in range(cuts + 1):
        decoder = LogDecoder(position_of(json.loads(json.dumps(cursor))))
        sent = answer(lines, decoder.position.since)
        if number < cuts:
            sent = sent[: chance.randrange(len(sent) + 1)]
        while sent:
            size = chance.choice([1, 7, 40, 300, 5000])
            got += decoder.feed(sent[:size])
            sent = sent[size:]
        assert not decoder.has_gap
        cursor = decoder.position.to_json()
    return got


@st.composite
def logs(draw) -> list[Line]:
    """Logs with many lines of one time, pauses, two streams stamped apart, empty lines, and a last line without end."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from([0, 0, 0, 1, 1000, 300_000_000, SECOND, 3 * SECOND + 1]),
                st.sampled_from([0, 0, 0, 1, 50_000_000, 900_000_000]),  # stamped so much before its place in the file
                st.sampled_from([b"", b"a", b"two words", b" \r", b"x" * 400, b"2026-01-01T00:00:00Z not a time"]),
            ),
            max_size=60,
        )
    )
    time, lines = START * SECOND, []
    for step, early, text in steps:
        time += step
        lines.append((time - early, text + b"\n"))
    if lines and draw(st.booleans()):
        lines[-1] = (lines[-1][0], lines[-1][1][:-1])
    return lines


@given(logs(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_every_byte_comes_once(lines, chance, cuts):
    """Whatever the times, wherever the cuts."""
    assert b"".join(text for _, text in lines) == read(lines, chance, cuts=cuts)


@given(logs(), st.randoms(use_true_random=False), st.integers(0, 59))
def test_a_log_that_grows_is_read_as_it_grows(lines, chance, some):
    """An answer that came to its end is followed by one with what was written since."""
    decoder = LogDecoder(Position())
    got = decoder.feed(answer(lines[:some], ""))
    second = LogDecoder(position_of(decoder.position.to_json()))
    got += second.feed(answer(lines, second.position.since))
    assert b"".join(text for _, text in lines) == got


def test_a_line_that_is_not_whole_is_returned_as_far_as_it_came():
    """A line of any length needs no memory, and a last line without end is not held back."""
    line = [(START * SECOND, b"0123456789" * 10)]
    decoder = LogDecoder(Position())
    assert line[0][1][:30] == decoder.feed(answer(line, "")[: len(stamp(line[0][0])) + 30])
    again = LogDecoder(position_of(decoder.position.to_json()))
    assert line[0][1][30:] == again.feed(answer(line, again.position.since))


@pytest.mark.parametrize(
    "zone", [b"2027-01-15T08:00:00.5Z", b"2027-01-15T08:00:00.500000000+00:00", b"2027-01-15T09:00:00.5+01:00"]
)
def test_times_are_compared_as_times(zone):
    """Nodes write them with and without zeros, in UTC and in local time."""
    decoder = LogDecoder(Position())
    assert decoder.feed(zone + b" a\n") == b"a\n"
    assert decoder.position.newest == START * SECOND + SECOND // 2


def test_what_the_container_did_not_write_is_left_out_and_noted():
    """Words of the node have no time; so has the end of a line that began before what was asked for."""
    decoder = LogDecoder(Position())
    lines = stamp(START * SECOND) + b"a\n" + b"the end of a long line\n" + stamp(START * SECOND + 1) + b"b\n"
    assert decoder.feed(lines + b"unable to retrieve container logs for containerd://1") == b"a\nb\n"
    assert decoder.notice == b"unable to retrieve container logs for containerd://1"


def test_of_a_rotated_file_what_is_newer_is_taken_and_the_gap_told():
    """Of the old file nothing can be had any more; no line comes twice all the same."""
    lines = [(START * SECOND + number * 100_000_000, b"%d\n" % number) for number in range(40)]
    decoder = LogDecoder(Position())
    decoder.feed(answer(lines[:25], ""))
    rest = lines[23:]  # the newest file begins with two lines that were read
    second = LogDecoder(position_of(decoder.position.to_json()))
    assert b"".join(text for _, text in lines[25:30]) == second.feed(answer(rest[:7], second.position.since))
    assert second.has_gap
    third = LogDecoder(position_of(second.position.to_json()))
    assert b"".join(text for _, text in lines[30:]) == third.feed(answer(rest, third.position.since))
    assert not third.has_gap


def test_a_node_that_sends_more_than_it_was_asked_for_is_understood():
    """One that knows no times sends all."""
    lines = [(START * SECOND + number * SECOND, b"%d\n" % number) for number in range(9)]
    decoder = LogDecoder(Position())
    decoder.feed(answer(lines[:5], ""))
    again = LogDecoder(position_of(decoder.position.to_json()))
    assert again.feed(answer(lines, "")) == b"5\n6\n7\n8\n"


@pytest.mark.parametrize("cursor", [None, 7, "x", [], [1, 2], {"second": 1}])
def test_a_cursor_that_means_nothing_is_the_beginning(cursor):
    """Nothing is lost by that."""
    assert Position() == position_of(cursor)


def test_numbers_of_a_cursor_survive_a_reader_with_floats():
    """JavaScript has 53 bits."""
    decoder = LogDecoder(Position())
    decoder.feed(stamp(START * SECOND + 999_999_999) + b"a\n")
    numbers = decoder.position.to_json()
    assert all(abs(number) < 2**53 for number in numbers)
    assert decoder.position == position_of(numbers)
