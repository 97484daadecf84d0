"""What goes wrong between us and a real API server: cuts, dead connections, lost places, refusals."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mlrun_nb.kube.informer import Informer
from mlrun_nb.kube.logs import PodLog
from mlrun_nb.kube.objects import JOBS, PODS, name_of, part
from mlrun_nb.kube.pods import has_ended
from mlrun_nb.kube.reflector import Pace, Reflector
from mlrun_nb.kube.snapshot import Snapshot
from mlrun_nb.kube.transport import Api
from tests.fault_proxy import Answer, Fault
from tests.integration.kube.scenarios import job

pytestmark = pytest.mark.cluster

POD_LOG = r"GET \S+/log\?"
POD_WATCH = r"GET \S+/pods\?\S*watch"
JOB_WATCH = r"GET \S+/jobs\?\S*watch"
GONE = json.dumps({"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}).encode() + b"\n"
BUSY = Answer(status=429, headers={"Retry-After": "1"}, body=b'{"reason": "TooManyRequests", "message": "later"}')
STRANGER = Answer(status=401, body=b'{"reason": "Unauthorized", "message": "Unauthorized"}')


@contextmanager
def watching(api: Api) -> Iterator[Informer]:
    """Give an informer that takes three seconds of silence for a dead connection."""
    informer = Informer(api, pace=Pace(silence_s=3, pause_s=0.5))
    informer.snapshot()
    try:
        yield informer
    finally:
        informer.close()


def pod_of(informer: Informer, name: str) -> str:
    """Return the name of the pod of Job *name*, once there is one."""
    revision = 0
    while not (pods := informer.snapshot().of(name)[1]):
        revision = informer.wait(revision, timeout_s=1)
    return name_of(pods[-1].thing)


def is_over(snapshot: Snapshot, name: str) -> bool:
    """Tell whether the container of Job *name* has terminated."""
    return any(has_ended(pod.thing) for pod in snapshot.of(name)[1])


UNEVEN = """
import sys, time
for number in range(20000):
    sys.stdout.write(f"{number} " + "x" * (number * 7919 % 397) + "\\n")
    if number % 100 == 99:
        sys.stdout.flush()
        time.sleep(0.12)
sys.stdout.write("no end")
"""


def test_a_log_of_uneven_lines_comes_whole_through_twenty_cuts(far_api, proxy):
    """20,000 lines and a last one without end, byte for byte; the connection breaks, ends early or falls silent."""
    chance = random.Random(7)
    ends = itertools.cycle(["reset", "proper", "reset", "silence"])
    cuts = [Fault(pattern=POD_LOG, after=chance.randrange(450_000, 700_000), end=next(ends)) for _ in range(20)]
    proxy.add(*cuts)
    far_api.post(JOBS, job("uneven", UNEVEN))
    with watching(far_api) as informer:
        log = PodLog(
            far_api,
            pod_of(informer, "uneven"),
            has_ended=lambda: is_over(informer.snapshot(), "uneven"),
            silence_s=1,
        )
        got = b"".join(piece.data for piece in log.follow())
    wanted = "".join(f"{number} {'x' * (number * 7919 % 397)}\n" for number in range(20000)) + "no end"
    assert len(proxy.orders(POD_LOG)) > 20
    assert got == wanted.encode()


MIXED = """
import sys, threading, time
def write(stream, name):
    for number in range(3000):
        stream.write(f"{name} {number} " + "y" * (15000 if number % 1000 == 500 else number % 80) + "\\n")
        stream.flush()
        if number % 50 == 0:
            time.sleep(0.05)
threads = [threading.Thread(target=write, args=each) for each in ((sys.stdout, "out"), (sys.stderr, "err"))]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_two_streams_that_are_stamped_apart_lose_no_line(far_api, proxy):
    """Standard output and standard error at once, with long lines; read in pieces, each cut somewhere.

    None is longer than 16 KiB: a node cuts such lines, and puts what the other stream says between the parts.
    """
    far_api.post(JOBS, job("mixed", MIXED))
    with watching(far_api) as informer:
        pod = pod_of(informer, "mixed")
        log = PodLog(far_api, pod, has_ended=lambda: is_over(informer.snapshot(), "mixed"))
        chance, cursor, got = random.Random(3), None, b""
        while True:
            proxy.add(Fault(pattern=POD_LOG, after=chance.randrange(400_000), end="reset"))
            piece = log.read(cursor, limit=60_000)
            cursor, got = piece.cursor, got + piece.data
            if piece.at_end or (is_over(informer.snapshot(), "mixed") and not piece.data):
                break
    got += b"".join(piece.data for piece in PodLog(far_api, pod).follow(cursor))
    for name in ("out", "err"):
        lines = [line for line in got.decode().splitlines() if line.startswith(name)]
        assert lines == [
            f"{name} {number} " + "y" * (15000 if number % 1000 == 500 else number % 80) for number in range(3000)
        ]


def test_watches_come_through_whatever_happens_to_them(far_api, proxy, place):
    """Cut in the middle of an event, told that they are too late, and dead without a word; nothing is missed."""
    proxy.add(*(Fault(pattern=JOB_WATCH, after=size, end="reset") for size in (10, 3000, 9000)))
    proxy.add(*(Fault(pattern=POD_WATCH, after=size, end="reset") for size in (100, 5000)))
    proxy.add(Fault(pattern=POD_WATCH, after=1, whole_lines=True, then=GONE))
    proxy.add(Fault(pattern=JOB_WATCH, after=1, whole_lines=True, end="silence"))
    proxy.add(Fault(pattern=POD_WATCH, after=2000, end="silence"))
    with watching(far_api) as informer:
        names = [f"quick-{number}" for number in range(6)]
        for name in names:
            far_api.post(JOBS, job(name, "print('done')"))
        revision = 0
        while not all(is_over(seen := informer.snapshot(), name) and name in seen.jobs for name in names):
            revision = informer.wait(revision, timeout_s=1)
    assert {name_of(each) for each in place.api.list(JOBS).items} == set(seen.jobs)
    assert min(len(proxy.orders(POD_WATCH)), len(proxy.orders(JOB_WATCH))) > 4


def test_a_server_that_has_forgotten_a_version_is_listed_again(place):
    """Its own words for it, from the first version that there ever was."""
    listed = []

    class Once:
        def is_wanted(self):
            return not listed

        def listed(self, things):
            listed.append(things)

        def changed(self, kind, thing):
            pass

        def heard(self):
            pass

        def failed(self, problem):
            pass

    reflector = Reflector(place.api, PODS, labels="", pace=Pace(watch_s=5, pause_s=0.1), sink=Once())
    reflector._version = "1"
    reflector.run()
    assert len(listed) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(pattern="GET", answer=STRANGER),
        Fault(pattern="GET", answer=BUSY),
        Fault(pattern="GET", answer=Answer(status=500), times=2),
        Fault(pattern="GET", drop=True),
        Fault(pattern="GET", after=100, end="reset"),
    ],
)
def test_a_read_is_answered_in_the_end(far_api, proxy, place, fault):
    """After a refusal of the credentials, of the moment, an error of the server, a broken connection."""
    proxy.add(fault)
    assert far_api.list(JOBS).version
    assert len(proxy.orders("GET")) > 1


def test_a_job_whose_answer_was_lost_is_there_once(far_api, proxy, place):
    """It was made; the second request for it says so."""
    proxy.add(Fault(pattern="POST", after=10, end="reset"))
    with pytest.raises(Exception, match="already exists") as caught:
        far_api.post(JOBS, job("once", "pass"), repeat=True)
    assert (caught.value.status, caught.value.reason) == (409, "AlreadyExists")
    assert part(place.api.get(JOBS, "once"), "metadata").get("uid")


def test_a_deleted_job_takes_its_pods_along(place):
    """In the background, although Kubernetes would leave them."""
    place.api.post(JOBS, job("long", "import time; time.sleep(600)"))
    with watching(place.api) as informer:
        pod = pod_of(informer, "long")
        place.api.delete(JOBS, "long", grace_s=0)
        revision = 0
        while not all(seen.gone for seen in informer.snapshot().pods["long"]):
            revision = informer.wait(revision, timeout_s=1)
        job_seen, pods = informer.snapshot().of("long")
    assert job_seen.gone
    assert [name_of(each.thing) for each in pods] == [pod]
    assert not [each for each in place.api.list(PODS).items if re.match("long-", name_of(each))]
