"""The watches of an informer against a scripted server: what comes, what breaks, and what is remembered."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.informer import Informer
from mlrun_nb.kube.objects import name_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.reflector import Pace
from mlrun_nb.kube.snapshot import Snapshot, take
from tests.fault_proxy import Answer, Fault, FaultProxy

PACE = Pace(watch_s=60, silence_s=0.5, pause_s=0.05, keep_s=60, idle_s=60)
LISTS = {"jobs": r"GET \S+/jobs\?.*limit", "pods": r"GET \S+/pods\?.*limit"}
WATCHES = {"jobs": r"GET \S+/jobs\?.*watch", "pods": r"GET \S+/pods\?.*watch"}


def pod(name: str = "train-x", phase: str = "Running", version: int = 10) -> dict[str, Any]:
    """Return a pod of Job `train`."""
    labels = {"batch.kubernetes.io/job-name": "train"}
    metadata = {"name": name, "uid": name, "labels": labels, "resourceVersion": str(version)}
    return {"metadata": {**metadata, "creationTimestamp": "2026-03-01T12:00:00Z"}, "status": {"phase": phase}}


def change(kind: str, thing: dict[str, Any]) -> bytes:
    """Return a line of a watch."""
    return json.dumps({"type": kind, "object": thing}).encode() + b"\n"


def bookmark(version: int) -> bytes:
    """Return the line that says only that nothing has happened."""
    return change("BOOKMARK", {"metadata": {"resourceVersion": str(version)}})


EXPIRED = change("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"})


class Cluster:
    """A scripted server with no Jobs; pods are listed and watched as a test says, and quiet when it has said all."""

    def __init__(self, server: FaultProxy) -> None:
        self._server = server

    def list(self, *pods: dict[str, Any], version: int = 5, kind: str = "pods", times: int = 1) -> None:
        """Answer the next lists."""
        body = {"metadata": {"resourceVersion": str(version)}, "items": list(pods)}
        self._server.answer(LISTS[kind], body=json.dumps(body).encode(), times=times)

    def watch(self, *lines: bytes, end: Any = "proper", kind: str = "pods", times: int = 1) -> None:
        """Answer the next watches, and end them so."""
        answer = Answer(body=b"".join(lines))
        self._server.add(Fault(pattern=WATCHES[kind], answer=answer, end=end, times=times))

    def count(self, pattern: str) -> int:
        """Return how many requests matched."""
        return len(self._server.orders(pattern))


@pytest.fixture
def cluster(server) -> Cluster:
    """Return a cluster without Jobs, whose watch of them stays quiet and alive."""
    cluster = Cluster(server)
    cluster.list(kind="jobs", times=99)
    cluster.watch(bookmark(5), end="silence", kind="jobs", times=99)
    return cluster


@pytest.fixture
def informer(api) -> Iterator[Informer]:
    """Return an informer with short times."""
    informer = Informer(api, pace=PACE)
    yield informer
    informer.close()


def until(informer: Informer, is_so: Callable[[Snapshot], bool]) -> Snapshot:
    """Return the first snapshot that *is_so*; a test that waits in vain is ended by its time limit."""
    revision = 0
    while not is_so(snapshot := informer.snapshot()):
        revision = informer.wait(revision, timeout_s=1)
    return snapshot


def phases(snapshot: Snapshot) -> dict[str, str]:
    """Return the phase of each pod, with a minus for those gone."""
    return {
        name_of(seen.thing): ("-" if seen.gone else "") + seen.thing["status"]["phase"]
        for seen in snapshot.of("train")[1]
    }


def test_a_snapshot_has_what_was_listed_and_what_has_changed_since(cluster, informer):
    """Added, modified and deleted; of the last kind the last state."""
    cluster.list(pod("a"), pod("b"), pod("c"))
    changes = [change("MODIFIED", pod("a", "Succeeded")), change("DELETED", pod("b", "Failed"))]
    cluster.watch(*changes, change("ADDED", pod("d", "Pending")), end="silence")
    seen = until(informer, lambda snapshot: "d" in phases(snapshot))
    assert phases(seen) == {"a": "Succeeded", "b": "-Failed", "c": "Running", "d": "Pending"}


def test_a_watch_begins_where_the_list_ended(cluster, informer, server):
    """With bookmarks, and an end after a while."""
    cluster.list(version=41)
    cluster.watch(bookmark(42), end="silence")
    until(informer, lambda _: cluster.count(WATCHES["pods"]) > 0)
    order = server.orders(WATCHES["pods"])[0]
    assert "resourceVersion=41&" in order
    assert "allowWatchBookmarks=true&timeoutSeconds=60" in order
    assert "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dmlrun-nb" in order


@pytest.mark.parametrize("end", ["reset", "proper", "silence"])
def test_a_watch_that_ends_goes_on_from_its_last_event(cluster, informer, server, end):
    """However it ended: nothing is listed again, and nothing is missed."""
    cluster.list(pod("a"))
    cluster.watch(change("MODIFIED", pod("a", "Failed", version=11)), end=end)
    cluster.watch(change("ADDED", pod("b", version=12)), end="silence")
    until(informer, lambda snapshot: phases(snapshot) == {"a": "Failed", "b": "Running"})
    assert "resourceVersion=11" in server.orders(WATCHES["pods"])[1]
    assert cluster.count(LISTS["pods"]) == 1


def test_a_bookmark_is_a_place_to_go_on_from(cluster, informer, server):
    """So that a quiet watch does not fall too far behind."""
    cluster.list(version=5)
    cluster.watch(bookmark(70))
    cluster.watch(change("ADDED", pod("a")), end="silence")
    until(informer, lambda snapshot: "a" in phases(snapshot))
    assert "resourceVersion=70" in server.orders(WATCHES["pods"])[1]


@pytest.mark.parametrize(
    "lines",
    [
        (EXPIRED,),  # too far behind: HTTP status 200 all the same
        (change("ERROR", {"kind": "Status", "code": 500}),),
        (b"<html>proxy</html>\n",),
        (b'{"type": "ADDED"}\n',),
        (b"[]\n",),
        (b"\xff\xfe\n",),
        (),  # not even a bookmark: a version that the server never had
    ],
)
def test_a_watch_that_cannot_be_trusted_is_begun_with_a_new_list(cluster, informer, lines):
    """What went meanwhile is gone, what came is there."""
    cluster.list(pod("a"), pod("b"))
    cluster.watch(*lines)
    cluster.list(pod("b"), pod("c"))
    cluster.watch(bookmark(6), end="silence")
    seen = until(informer, lambda snapshot: "c" in phases(snapshot))
    assert phases(seen) == {"a": "-Running", "b": "Running", "c": "Running"}


@pytest.mark.parametrize("status", [410, 400])
def test_a_watch_that_is_refused_is_begun_with_a_new_list(cluster, informer, server, status):
    """Before it has begun."""
    cluster.list(pod("a"))
    server.answer(WATCHES["pods"], status)
    cluster.list(pod("b"))
    cluster.watch(bookmark(6), end="silence")
    until(informer, lambda snapshot: phases(snapshot) == {"a": "-Running", "b": "Running"})


def test_half_a_line_is_no_event(cluster, informer, server):
    """The connection broke in the middle of it."""
    cluster.list(version=5)
    line = change("ADDED", pod("a", version=6))
    server.add(Fault(pattern=WATCHES["pods"], answer=Answer(body=line + line), after=len(line) + 20, end="reset"))
    cluster.watch(change("ADDED", pod("b", version=7)), end="silence")
    until(informer, lambda snapshot: set(phases(snapshot)) == {"a", "b"})
    assert "resourceVersion=6&" in server.orders(WATCHES["pods"])[1]


def test_what_may_not_be_listed_is_told(server, informer):
    """It is the caller's business: a role is missing."""
    server.answer("GET", 403, b'{"reason": "Forbidden", "message": "User \\"me\\" cannot list"}', times=999)
    with pytest.raises(ApiProblem, match="cannot list"):
        informer.snapshot()


def test_a_server_that_is_not_there_is_told_and_comes_back(cluster, informer, server):
    """The next question finds it."""
    server.add(Fault(pattern=LISTS["pods"], drop=True, times=4))
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        informer.snapshot()
    cluster.list(pod("a"))
    cluster.watch(bookmark(6), end="silence")
    until_there(informer)
    assert phases(informer.snapshot()) == {"a": "Running"}


def test_what_is_known_is_told_only_as_long_as_it_may_be_true(cluster, informer, server):
    """Without contact for twice the time of silence it may be wrong."""
    cluster.list(pod("a"))
    server.add(Fault(pattern=WATCHES["pods"], drop=True, times=9999))
    assert phases(informer.snapshot()) == {"a": "Running"}
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        until(informer, lambda _: False)


def test_a_snapshot_that_takes_too_long_is_told(server, informer):
    """With a command to try."""
    server.add(Fault(pattern="GET", delay_s=60, times=9))
    with pytest.raises(EngineUnavailable, match="does not say what runs there") as caught:
        informer.snapshot(timeout_s=0.1)
    assert "kubectl" in caught.value.hint


def test_whoever_waits_is_woken_by_a_change(cluster, api):
    """And a callback is called."""
    called = threading.Event()
    cluster.list(pod("a"))
    cluster.watch(bookmark(6), end="silence")
    informer = Informer(api, pace=PACE, changed=called.set)
    informer.snapshot()
    assert called.is_set()
    assert informer.wait(0, timeout_s=0) == informer.wait(0, timeout_s=60) > 0
    informer.close()


def test_threads_end_when_nobody_asks_and_start_when_somebody_does(cluster, api):
    """What was known of deleted pods is still known."""
    cluster.list(pod("a"))
    cluster.watch(change("DELETED", pod("a", "Failed")), end="silence")
    informer = Informer(api, pace=Pace(silence_s=0.1, pause_s=0.01, idle_s=0.3))
    until(informer, lambda snapshot: phases(snapshot) == {"a": "-Failed"})
    while informer.is_running():
        time.sleep(0.02)
    cluster.list(pod("b"))
    cluster.watch(bookmark(6), end="silence", times=9)
    assert phases(informer.snapshot()) == {"a": "-Failed", "b": "Running"}
    informer.close()


def test_a_closed_informer_leaves_nothing_running(cluster, informer):
    """Although both threads wait for an answer; twice is fine."""
    cluster.list(pod("a"))
    cluster.watch(bookmark(6), end="silence")
    until(informer, lambda _: cluster.count(WATCHES["pods"]) > 0)
    informer.close()
    informer.close()
    while any(thread.name.startswith("watch ") for thread in threading.enumerate()):
        time.sleep(0.01)
    assert not informer.is_running()


def test_a_look_without_threads_gives_the_same(cluster, api, informer):
    """Two requests, for a process that does not stay."""
    cluster.list(pod("a"), times=2)
    cluster.watch(bookmark(6), end="silence")
    looked, watched = take(api), informer.snapshot()
    assert (looked.jobs, looked.pods) == (watched.jobs, watched.pods)


def until_there(informer: Informer) -> None:
    """Ask until there is an answer."""
    while True:
        try:
            informer.snapshot()
        except EngineUnavailable:
            time.sleep(0.02)
        else:
            return
