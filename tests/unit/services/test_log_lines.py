"""A log by line numbers: any line, in any order, while it grows, through an engine's cursors only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mlrun_nb._lib.records import Json
from mlrun_nb.config import Config
from mlrun_nb.engines.run_directory import read_chunk
from mlrun_nb.model.events import Chunk
from mlrun_nb.model.run import Handle, Run, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project
from mlrun_nb.services.log_lines import LONGEST_BLOCK, LogIndex, Logs
from mlrun_nb.services.log_text import LONGEST_LINE, readable, shown
from mlrun_nb.testing.records import make_run


class FolderEngine:
    """An engine of which only `read` is there: it reads a folder, and counts the bytes that it gave."""

    name = "folder"

    def __init__(self, folder) -> None:
        self.folder, self.given = folder, 0

    def read(self, handle: Handle, cursor: Json, *, log: bool = True) -> Chunk:
        """See `Engine`."""
        chunk = read_chunk(self.folder, cursor, log=log, closed=False)
        self.given += len(chunk.log)
        return chunk


class Scene:
    """A run whose log a test writes, and its index."""

    def __init__(self, folder) -> None:
        (folder / "log").mkdir()
        self.file = folder / "log/000000.log"
        self.engine = FolderEngine(folder)
        config = Config(home=folder, store="memory://")
        self.project = Project(config, engines={"local": self.engine})  # type: ignore[dict-item]  # only `read` is used
        handle = Handle(engine="local", run=RunId("abcdefghjkmn"))
        self.run = replace(make_run(state=RunState.RUNNING), handle=handle)
        self.index = LogIndex(self.project, self.run)

    def write(self, data: bytes) -> None:
        """Add *data* to the log."""
        with self.file.open("ab") as file:
            file.write(data)

    def lines(self, first: int = 0, count: int = 10_000) -> tuple[str, ...]:
        """Return lines as they are now."""
        return self.index.lines(self.run, first, count).lines


@pytest.fixture
def scene(tmp_path) -> Scene:
    """Return a run with an empty log."""
    return Scene(tmp_path)


def numbered(count: int, width: int = 100) -> Iterator[bytes]:
    """Yield lines that say their own numbers."""
    yield from (f"line {number} ".ljust(width, ".").encode() + b"\n" for number in range(count))


def test_an_empty_log_has_no_lines(scene):
    """Not even an empty one."""
    assert scene.lines() == ()
    assert scene.index.lines(scene.run, -5, 5).total == 0


def test_lines_come_as_they_are_written(scene):
    """A line that is not ended yet is one; it goes on where it stopped."""
    scene.write(b"one\ntw")
    first = scene.lines()
    scene.write(b"o\nthree\n")
    assert (first, scene.lines(), scene.lines(-1), scene.lines(7)) == (
        ("one", "tw"),
        ("one", "two", "three"),
        ("three",),
        (),
    )


@pytest.mark.parametrize("first", [0, 1, 9_999, 10_000, 26_214, 26_215, 49_999, -1, -20_000])
def test_any_line_of_a_long_log_is_found_by_its_number(scene, first: int):
    """Wherever the pieces end in which an engine gives the log."""
    scene.write(b"".join(numbered(50_000)))
    found = scene.index.lines(scene.run, first, 3)
    start = first if first >= 0 else 50_000 + first
    assert found.first == start
    assert [line.split()[1] for line in found.lines] == [str(n) for n in range(start, min(50_000, start + 3))]


def test_a_look_at_a_long_log_reads_a_little_of_it(scene):
    """The first look reads it whole; each later one a piece, wherever it looks."""
    scene.write(b"".join(numbered(100_000)))
    scene.lines(0, 1)
    scene.engine.given = 0
    assert scene.lines(70_000, 1)[0].startswith("line 70000 ")
    assert scene.engine.given <= 3 << 20


def test_a_log_that_grows_little_by_little_is_indexed_once(scene):
    """What was read is not read again, however often somebody looks."""
    for piece in numbered(200):
        scene.write(piece)
        scene.index.lines(scene.run, -1, 1)
    assert scene.engine.given <= 2 * 200 * scene.file.stat().st_size
    assert [line.split()[1] for line in scene.lines(198)] == ["198", "199"]


def test_an_answer_is_bounded(scene):
    """Of very long lines fewer come than were asked for, and whole ones."""
    scene.write((b"x" * 60_000 + b"\n") * 200)
    found = scene.lines(0, 200)
    assert 1 < len(found) <= LONGEST_BLOCK // 60_000
    assert len(set(found)) == 1


def test_a_line_without_end_is_one_line(scene):
    """Ten megabytes of it are cut, and the next one is found behind it."""
    scene.write(b"x" * (10 << 20) + b"\nnext\n")
    assert [line[:5] for line in scene.lines(0, 1)] == ["xxxxx"]
    assert scene.lines(1, 1) == ("next",)


def test_a_text_is_found_with_letters_of_either_case(scene):
    """By its line numbers, and where the colours of a word change."""
    scene.write("Größe\nnothing\n\x1b[31mRe\x1b[0md\nGRÖSSE\nred\n".encode())
    assert scene.index.search("RED", 0).lines == (2, 4)
    assert scene.index.search("größe", 0).lines == (0,)
    assert scene.index.search("red", 3).lines == (4,)
    assert scene.index.search("red", 3, backwards=True).lines == (2,)


def test_what_a_progress_bar_overwrote_is_not_found(scene):
    """Nobody sees it."""
    scene.write(b"step 1 of 2\rstep 2 of 2\n")
    assert (scene.index.search("1 of", 0).lines, scene.index.search("2 of", 0).lines) == ((), (0,))


@pytest.mark.parametrize("backwards", [False, True])
def test_a_search_says_where_to_go_on(scene, backwards: bool):
    """One after the other, requests find all there is, each line once."""
    scene.write(b"".join(numbered(30_000)))
    found: list[int] = []
    line: int | None = 29_999 if backwards else 0
    while line is not None:
        page = scene.index.search("line", line, backwards=backwards, within_s=0.0)
        found, line = found + list(page.lines), page.next
    assert sorted(found) == list(range(30_000))


def test_a_cached_run_has_the_log_of_its_origin(scene):
    """And one index serves both."""
    scene.write(b"printed once\n")
    origin = scene.project.store.create_run(scene.run)
    cached = make_run(state=RunState.CACHED, origin=origin.id)
    logs = Logs()
    assert logs.of(scene.project, cached) is logs.of(scene.project, origin)
    assert logs.of(scene.project, cached).lines(cached, 0, 5).lines == ("printed once",)


def test_no_more_indexes_are_kept_than_may_be(scene):
    """The one that was looked at longest ago goes."""
    runs: list[Run] = [make_run(id=RunId(f"{number:012}")) for number in range(3)]
    logs = Logs(most=2)
    first, *_ = (logs.of(scene.project, run) for run in runs)
    assert logs.of(scene.project, runs[0]) is not first


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"plain", "plain"),
        (b"  50 %\r 100 %\r", " 100 %"),
        (b"\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
        (b"\x1b[2Kgone\x1b]0;title\x07\x07 \x1b(B\x08", "gone "),
        (b"\xff\xfe", "\ufffd\ufffd"),
        ("a\u202eb\u009b31mc".encode(), "abc"),
        (b"a\tb\0", "a\tb"),
    ],
)
def test_a_line_is_what_a_terminal_shows_in_the_end(line: bytes, text: str):
    """With its colours, and without anything else that steers a terminal."""
    assert shown(line) == text


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_log_is_read_as_it_is_but_for_what_steers_a_terminal(size: int):
    """Byte by byte, also what is no UTF-8; with colours only for those who see them."""
    log = "a\x1b[31mb\x1b[0m\x1b[2K\r\x1b]52;c;eA==\x07größe".encode() + b"\xff\xfe\n\x1b["
    pieces = [log[start : start + size] for start in range(0, len(log), size)]
    coloured, plain = (b"".join(readable(pieces, colours=colours)) for colours in (True, False))
    assert coloured == "a\x1b[31mb\x1b[0m\rgröße".encode() + b"\xff\xfe\n"
    assert plain == "ab\rgröße".encode() + b"\xff\xfe\n"


def test_a_long_line_is_cut_and_says_so():
    """No colour is left open, none is cut in half."""
    found = shown(b"x" * (LONGEST_LINE - 2) + b"\x1b[31m" + b"y" * 90_000)
    assert found.endswith("x\x1b[0m … (cut: 100,003 bytes in all)")
