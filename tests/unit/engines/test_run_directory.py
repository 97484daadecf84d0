"""Reading a run directory that somebody writes, dies over, or has finished."""

from __future__ import annotations

import json

import pytest

from mlrun_nb.engines import run_directory
from mlrun_nb.engines.run_directory import read_chunk, read_result


def line(name: str) -> bytes:
    """Return an event as it stands in the file."""
    return json.dumps({"type": "notice", "time": "2026-01-02T12:00:00+00:00", "data": {"text": name}}).encode() + b"\n"


def names(chunk) -> list[str]:
    """Return what tells the events apart."""
    return [event.data["text"] for event in chunk.events]


@pytest.fixture
def folder(tmp_path):
    """Give an empty run directory."""
    for name in ("events", "log"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_an_empty_folder_holds_nothing_and_is_at_its_end_only_when_closed(tmp_path):
    """A run that has not written yet is not over."""
    assert not read_chunk(tmp_path, None, log=True, closed=False).at_end
    assert read_chunk(tmp_path, None, log=True, closed=True).at_end


def test_a_line_that_is_not_finished_waits_for_its_end(folder):
    """It is read once it is whole."""
    file = folder / "events/000000.jsonl"
    file.write_bytes(line("a") + line("b")[:20])
    first = read_chunk(folder, None, log=True, closed=False)
    file.write_bytes(line("a") + line("b"))
    assert names(first) == ["a"]
    assert names(read_chunk(folder, first.cursor, log=True, closed=False)) == ["b"]


@pytest.mark.parametrize(
    "torn", [b'{"type": "met', b"\xff\xfe", b"[]", b'{"type": "unheard of", "time": "2026-01-02T12:00:00"}']
)
def test_a_line_that_its_writer_left_torn_is_passed_over(folder, torn):
    """In the middle, where the next writer ended it, and at the end of a closed folder."""
    (folder / "events/000000.jsonl").write_bytes(line("a") + torn + b"\n" + line("b") + torn)
    chunk = read_chunk(folder, None, log=True, closed=True)
    assert names(chunk) == ["a", "b"]
    assert chunk.at_end


def test_segments_are_read_in_order(folder):
    """Object stores cannot append; the torn end of an early segment holds nobody up."""
    (folder / "events/000000.jsonl").write_bytes(line("a") + b"{")
    (folder / "events/000001.jsonl").write_bytes(line("b"))
    first = read_chunk(folder, None, log=True, closed=True)
    second = read_chunk(folder, first.cursor, log=True, closed=True)
    assert (names(first), first.at_end) == (["a"], False)
    assert (names(second), second.at_end) == (["b"], True)


def test_a_large_log_comes_in_bounded_pieces_that_make_up_the_whole(folder):
    """No byte twice, none left out."""
    log = bytes(range(256)) * (3 * run_directory.CHUNK_BYTES // 256) + b"end"
    (folder / "log/000000.log").write_bytes(log)
    cursor, pieces, at_end = None, [], False
    while not at_end:
        chunk = read_chunk(folder, cursor, log=True, closed=True)
        cursor, at_end = chunk.cursor, chunk.at_end
        pieces.append(chunk.log)
    assert max(map(len, pieces)) <= run_directory.CHUNK_BYTES
    assert b"".join(pieces) == log


def test_an_event_longer_than_a_piece_is_read_whole(folder):
    """Nobody waits for ever for its end."""
    name = "x" * (2 * run_directory.CHUNK_BYTES)
    (folder / "events/000000.jsonl").write_bytes(line(name) + line("b"))
    first = read_chunk(folder, None, log=True, closed=False)
    assert names(first) == [name]
    assert names(read_chunk(folder, first.cursor, log=True, closed=False)) == ["b"]


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"id": "x"}'])
def test_what_is_no_result_record_is_none(tmp_path, content):
    """Absent, empty, torn, or something else."""
    if content is not None:
        (tmp_path / "result.json").write_bytes(content)
    assert read_result(tmp_path) is None
