"""What a pod wrote, brought home in pieces by processes that may end at any point."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from mlrun_nb.engines.mirror import at_home, turn
from mlrun_nb.runner.frames import WHOLE, Change, Writer, change_of

THERE = "/mlrun/run"
NONCE = "b1e55ed0c0ffee00"
LOG = "log/000000.log"
EVENTS = "events/000000.jsonl"


def event(number: int) -> bytes:
    """Return a line of events, with a path in the pod."""
    return json.dumps({"attempt": 1, "uri": f"/mlrun/run/artifacts/{number}"}).encode() + b"\n"


def stream() -> bytes:
    """Return what a pod prints: three lines of log, an event and a change of the notebook after each."""
    writer, out, notebook = Writer(NONCE), b"", b""
    for number in range(3):
        line, after = f"line {number}\n".encode(), notebook + b"cell\n"
        out += writer.log(line)
        out += writer.frames(Change(name=EVENTS, start=number * len(event(0)), data=event(number)))
        change = change_of("output.ipynb", notebook, after)
        out += writer.frames(change if notebook else replace(change, removed=WHOLE))
        notebook = after
    return out


def read(folder: Path, data: bytes, *, at: int, until: int, pod: str = "a") -> None:
    """Have a process of its own bring home bytes *at* to *until* of *data*."""
    with turn(folder, THERE) as mirror:
        assert mirror is not None
        mirror.take(
            pod, mirror.sender(pod), data[at:until], nonce=NONCE, cursor={"log": until}, at_end=until == len(data)
        )


def home(folder: Path) -> tuple[bytes, bytes, bytes]:
    """Return log, events and notebook as they lie in *folder*, whose own path is left out."""
    log, events, notebook = ((folder / name).read_bytes() for name in (LOG, EVENTS, "output.ipynb"))
    return log, events.replace(str(folder).encode(), b""), notebook


def test_whatever_a_process_added_before_it_ended_is_there_once(tmp_path: Path):
    """One that had written and not yet said how far: the next one begins where it was certain."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    data = stream()
    for folder in (whole, cut):
        folder.mkdir()
    read(whole, data, at=0, until=len(data))
    for at in range(0, len(data), 7):
        read(cut, data, at=at, until=min(at + 7, len(data)))
        for name in (LOG, EVENTS):
            path = cut / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes((path.read_bytes() if path.exists() else b"") + b"written by one that was killed")
    read(cut, data, at=len(data), until=len(data))
    assert home(cut) == home(whole)
    assert home(whole)[0] == b"line 0\nline 1\nline 2\n"


def test_a_change_of_what_was_not_seen_is_left_alone(tmp_path: Path):
    """After a gap in the log a file stays as it was until all of it comes again."""
    writer = Writer(NONCE)
    whole = [writer.frames(Change(name="output.ipynb", removed=WHOLE, data=b"a"))]
    parts = [writer.frames(change_of("output.ipynb", b"a" * n, b"a" * (n + 1))) for n in (1, 2)]
    again = writer.frames(Change(name="output.ipynb", removed=WHOLE, data=b"aaa"))
    seen = []
    for piece in (*whole, parts[1], again):
        with turn(tmp_path, THERE) as mirror:
            assert mirror is not None
            mirror.take("a", mirror.sender("a"), piece, nonce=NONCE, cursor=None, at_end=False)
        seen.append((tmp_path / "output.ipynb").read_bytes())
    assert seen == [b"a", b"a", b"aaa"]


def test_a_second_attempt_is_added_and_numbered(tmp_path: Path):
    """Its pod does not know that there was another; the result of the first does not stand for it."""
    data = stream()
    read(tmp_path, data, at=0, until=len(data))
    (tmp_path / "result.json").write_text("{}")
    read(tmp_path, data, at=0, until=len(data), pod="b")
    log, events, notebook = home(tmp_path)
    assert log == b"line 0\nline 1\nline 2\n" * 2
    assert [json.loads(line)["attempt"] for line in events.splitlines()] == [1, 1, 1, 2, 2, 2]
    assert notebook == b"cell\n" * 3
    assert not (tmp_path / "result.json").exists()


def test_who_counts_attempts_itself_is_left_as_it_is(tmp_path: Path):
    """A worker that goes on after another knows how many there were."""
    for number, name in enumerate("ab"):
        with turn(tmp_path, THERE) as mirror:
            assert mirror is not None
            sender = mirror.sender(name, attempt=1)
            line = json.dumps({"attempt": number + 1}).encode() + b"\n"
            mirror.add(name, sender, log=b"", events=line, cursor=None, done=True)
    assert [json.loads(line)["attempt"] for line in (tmp_path / EVENTS).read_text().splitlines()] == [1, 2]


def test_paths_in_the_pod_are_paths_here(tmp_path: Path):
    """In whole values, and not in what user code printed about them."""
    told = json.dumps({"uri": "/mlrun/run/a", "text": 'said "/mlrun/run/b"'}).encode()
    read_back = json.loads(at_home(told, tmp_path, THERE, attempt=1))
    assert read_back == {"uri": f"{tmp_path}/a", "text": 'said "/mlrun/run/b"'}


def test_one_has_the_turn(tmp_path: Path):
    """Others come again later."""
    with turn(tmp_path, THERE) as first, turn(tmp_path, THERE) as second:
        assert first is not None
        assert second is None


def test_a_pod_does_not_write_beside_the_run_directory(tmp_path: Path):
    """Whatever it calls a file."""
    folder = tmp_path / "run"
    folder.mkdir()
    data = Writer(NONCE).frames(Change(name="../outside", data=b"x"))
    read(folder, data, at=0, until=len(data))
    assert not (tmp_path / "outside").exists()
