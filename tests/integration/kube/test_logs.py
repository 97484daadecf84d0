"""Reading and following a container's log from a scripted node: its odd answers, one by one."""

from __future__ import annotations

import json
import threading

import pytest

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.logs import PodLog
from mlrun_nb.kube.problems import ApiProblem
from tests.fault_proxy import Answer, Fault

LOG = r"GET \S+/pods/train-x/log"
POD = r"GET \S+/pods/train-x "
WAITS = 'container "main" in pod "train-x" is waiting to start: ContainerCreating'


def lines(*texts: str, end: str = "\n") -> bytes:
    """Return what a node sends: a line a second."""
    stamped = [f"2026-03-01T12:00:{second:02d}.000000005Z {text}" for second, text in enumerate(texts)]
    return ("\n".join(stamped) + end).encode()


def status(reason: str, message: str) -> bytes:
    """Return a `Status` object."""
    return json.dumps({"kind": "Status", "reason": reason, "message": message}).encode()


def pod(state: str) -> bytes:
    """Return a pod whose main container is in *state*."""
    containers = [{"name": "main", "state": {state: {}}}]
    return json.dumps({"spec": {"restartPolicy": "Never"}, "status": {"containerStatuses": containers}}).encode()


@pytest.fixture
def log(api) -> PodLog:
    """Return the log of a container that has ended."""
    return PodLog(api, "train-x", has_ended=lambda: True)


@pytest.fixture
def live(api) -> PodLog:
    """Return the log of a container that runs."""
    return PodLog(api, "train-x", has_ended=lambda: False)


def test_the_log_of_an_ended_container_is_read_to_its_end(server, log):
    """As it was written, with times to go on by."""
    server.answer(LOG, body=lines("one", "two", end=""))
    piece = log.read()
    assert (piece.data, piece.at_end, piece.is_gone) == (b"one\ntwo", True, False)
    assert "container=main&timestamps=true&follow=false" in server.orders()[0]


def test_the_log_of_a_running_container_has_no_end_yet(server, live):
    """The next read goes on where this one ended."""
    server.answer(LOG, body=lines("one", "two"))
    server.answer(LOG, body=lines("one", "two", "three"))
    first = live.read()
    second = live.read(first.cursor)
    assert [(first.data, first.at_end), (second.data, second.at_end)] == [(b"one\ntwo\n", False), (b"three\n", False)]
    assert "sinceTime=2026-03-01T12%3A00%3A00Z" in server.orders()[1]


def test_a_read_returns_about_as_much_as_was_asked_for(server, log):
    """A long log comes in several."""
    long = lines(*("x" * 90_000 for _ in range(9)))
    server.answer(LOG, body=long, times=20)
    pieces, cursor = [], None
    while not pieces or not pieces[-1].at_end:
        pieces.append(log.read(cursor, limit=100_000))
        cursor = pieces[-1].cursor
    assert all(len(piece.data) < 200_000 for piece in pieces)
    assert b"".join(piece.data for piece in pieces) == (b"x" * 90_000 + b"\n") * 9


@pytest.mark.parametrize("end", ["reset", "silence"])
def test_a_read_that_was_cut_returns_what_had_come(server, make_api, end):
    """And the next goes on in the middle of the line."""
    log = PodLog(make_api(server.url), "train-x", has_ended=lambda: True, silence_s=0.2)
    answer = Answer(body=lines("one", "twice"))
    server.add(Fault(pattern=LOG, answer=answer, after=len(lines("one", "tw", end="")), end=end))
    server.add(Fault(pattern=LOG, answer=answer))
    first = log.read()
    second = log.read(first.cursor)
    assert [(first.data, first.at_end), (second.data, second.at_end)] == [(b"one\ntw", False), (b"ice\n", True)]


def test_a_container_that_has_not_started_has_an_empty_log(server, live):
    """Later there may be one."""
    server.answer(LOG, 400, status("BadRequest", WAITS))
    piece = live.read()
    assert (piece.data, piece.cursor, piece.at_end) == (b"", None, False)


def test_a_container_that_never_started_has_no_log(server, log):
    """Its pod has ended; nothing can follow."""
    server.answer(LOG, 400, status("BadRequest", WAITS))
    piece = log.read()
    assert (piece.data, piece.at_end, piece.is_gone) == (b"", True, False)


def test_a_container_that_does_not_exist_is_told(server, log):
    """A mistake of the caller, not a log without lines."""
    server.answer(LOG, 400, status("BadRequest", "container mian is not valid for pod train-x"))
    with pytest.raises(ApiProblem, match="mian"):
        log.read()


def test_the_log_of_a_pod_that_is_gone_is_gone(server, live):
    """Whoever wants it has to have kept it."""
    server.answer(LOG, 404, status("NotFound", "pods train-x not found"))
    piece = live.read([1, 2, 3, 4, 5, 6, 7])
    assert (piece.data, piece.at_end, piece.is_gone, piece.cursor) == (b"", True, True, [1, 2, 3, 4, 5, 6, 7])


def test_the_word_of_a_node_that_has_removed_a_log_is_not_the_log(server, log):
    """It comes with HTTP status 200 and without an end of line."""
    server.answer(LOG, body=b"unable to retrieve container logs for containerd://0b1c")
    piece = log.read()
    assert (piece.data, piece.at_end, piece.is_gone) == (b"", True, True)


def test_without_an_informer_the_pod_says_whether_it_has_ended(server, api):
    """It is read before the log, so that nothing written in between is missed."""
    log = PodLog(api, "train-x")
    for state in ("running", "terminated"):
        server.answer(POD, body=pod(state))
        server.answer(LOG, body=lines("one"))
    server.answer(POD, 404, status("NotFound", "gone"))
    server.answer(LOG, 404, status("NotFound", "gone"))
    assert [log.read().at_end for _ in range(3)] == [False, True, True]


def test_following_goes_on_through_cuts_to_the_end(server, api):
    """Each byte once; a container that has not started is waited for."""
    ended = iter([False, False, False, False, True])
    log = PodLog(api, "train-x", has_ended=lambda: next(ended))
    answer = Answer(body=lines("one", "two", "three"))
    server.answer(LOG, 400, status("BadRequest", WAITS))
    server.add(Fault(pattern=LOG, answer=answer, after=40, end="reset"))
    server.add(Fault(pattern=LOG, answer=answer, after=80, end="proper"))
    server.add(Fault(pattern=LOG, answer=answer))
    server.answer(LOG, body=lines("one", "two", "three", "four", end=""))
    pieces = list(log.follow())
    assert b"".join(piece.data for piece in pieces) == b"one\ntwo\nthree\nfour"
    assert [piece.at_end for piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert "follow=true" in server.orders(LOG)[0]
    assert "follow=false" in server.orders(LOG)[-1]


def test_following_can_be_stopped_while_it_waits(server, live):
    """At once, from another thread."""
    server.add(Fault(pattern=LOG, answer=Answer(body=lines("one")), end="silence"))
    pieces = live.follow()
    assert next(pieces).data == b"one\n"
    threading.Timer(0.1, live.stop).start()
    assert list(pieces) == []


def test_following_survives_a_server_that_is_away(server, live):
    """For as long as its caller has patience; the cursor is where to go on."""
    server.answer(LOG, body=lines("one"))
    server.add(Fault(pattern=LOG, drop=True, times=4))
    server.answer(LOG, body=lines("one", "two"))
    server.add(Fault(pattern=LOG, drop=True, times=999))
    pieces = live.follow(patience_s=0.5)
    assert [next(pieces).data, next(pieces).data] == [b"one\n", b"two\n"]
    with pytest.raises(EngineUnavailable):
        next(pieces)
