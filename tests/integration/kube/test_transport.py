"""Requests and single odd answers, from a scripted server over real sockets."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mlrun_nb.errors import ConfigError, EngineUnavailable
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.exchange import Patience
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, PODS
from mlrun_nb.kube.problems import ApiProblem, StreamCut
from mlrun_nb.kube.transport import Api
from tests.fault_proxy import Answer, Fault

BUSY = json.dumps({"kind": "Status", "reason": "TooManyRequests", "message": "later"}).encode()
STRANGER = b'{"kind": "Status", "reason": "Unauthorized", "message": "Unauthorized"}'
ANONYMOUS = json.dumps({"reason": "Forbidden", "message": 'jobs is forbidden: User "system:anonymous" cannot'}).encode()


class PlugIn:
    """A program that gives out tokens, as clouds have them; it counts how often it was asked."""

    def __init__(self, folder: Path) -> None:
        self._count, self._program = folder / "count", folder / "plug-in"
        self._count.write_text("")
        self.write()
        api = "client.authentication.k8s.io/v1"
        self.user = {
            "apiVersion": api,
            "command": sys.executable,
            "args": [str(self._program)],
            "interactiveMode": "Never",
        }

    def write(self, *, expires: str = "2126-01-01T00:00:00Z") -> None:
        """Let tokens expire at that time."""
        self._program.write_text(
            "import json, pathlib\n"
            f"count = pathlib.Path({str(self._count)!r})\n"
            "count.write_text(count.read_text() + 'x')\n"
            f"status = {{'token': f'token-{{len(count.read_text())}}', 'expirationTimestamp': {expires!r}}}\n"
            "print(json.dumps({'apiVersion': 'client.authentication.k8s.io/v1', 'kind': 'ExecCredential',"
            " 'status': status}))\n"
        )

    def calls(self) -> int:
        """Return how often it was asked."""
        return len(self._count.read_text())


@pytest.fixture
def plug_in(tmp_path: Path) -> PlugIn:
    """Return a plug-in that gives out `token-1`, `token-2` and so on."""
    return PlugIn(tmp_path)


def page(*names: str, version: str = "7", more: str = "") -> bytes:
    """Return a page of a list."""
    items = [{"metadata": {"name": name, "uid": name}} for name in names]
    return json.dumps({"metadata": {"resourceVersion": version, "continue": more}, "items": items}).encode()


def status(reason: str, message: str = "", **details: object) -> bytes:
    """Return a `Status` object."""
    return json.dumps({"kind": "Status", "reason": reason, "message": message, "details": details}).encode()


class TestRequests:
    """What is sent."""

    def test_a_request_says_who_asks_and_for_what(self, server, api):
        """The namespace is that of the context, the token that of the kubeconfig."""
        server.answer("GET", body=b'{"kind": "Job"}')
        assert api.get(JOBS, "train") == {"kind": "Job"}
        request = server.requests[0]
        assert request.order == "GET /apis/batch/v1/namespaces/space/jobs/train"
        assert (request.headers["Authorization"], request.headers["User-Agent"]) == ("Bearer secret", "mlrun-nb")

    def test_a_name_cannot_lead_elsewhere(self, server, api):
        """It comes from an option, and may be anything."""
        server.answer("GET")
        api.get(CONFIG_MAPS, "../secrets/x?y")
        assert server.orders() == ["GET /api/v1/namespaces/space/configmaps/..%2Fsecrets%2Fx%3Fy"]

    def test_a_list_comes_whole_however_many_pages_it_takes(self, server, api):
        """With its selectors, and the version of the last page."""
        server.answer("GET", body=page("a", "b", more="next"))
        server.answer("GET", body=page("c", version="9"))
        listing = api.list(PODS, labels="app=x", fields="status.phase=Running")
        assert ([each["metadata"]["name"] for each in listing.items], listing.version) == (["a", "b", "c"], "9")
        assert all("labelSelector=app%3Dx" in order and "fieldSelector=" in order for order in server.orders())
        assert "continue=next" in server.orders()[1]

    def test_a_list_that_expired_between_two_pages_begins_anew(self, server, api):
        """And is then asked for in one."""
        server.answer("GET", body=page("a", more="next"))
        server.answer("GET", 410, status("Expired"))
        server.answer("GET", body=page("a", "b"))
        assert len(api.list(PODS).items) == 2
        assert "limit" not in server.orders()[2]

    def test_a_post_is_strict_and_can_be_a_rehearsal(self, server, api):
        """The server's warnings come back with its answer."""
        texts = '299 - "would violate PodSecurity \\"restricted:latest\\": x"'
        server.answer("POST", 201, b'{"kind": "Job"}', Warning=texts)
        answer = api.post(JOBS, {"kind": "Job", "spec": {"backoffLimit": 0}}, dry_run=True)
        assert answer.warnings == ('would violate PodSecurity "restricted:latest": x',)
        assert server.orders() == ["POST /apis/batch/v1/namespaces/space/jobs?dryRun=All&fieldValidation=Strict"]
        assert json.loads(server.requests[0].body) == {"kind": "Job", "spec": {"backoffLimit": 0}}

    @pytest.mark.parametrize(
        ("kind", "content_type"),
        [
            ("merge", "application/merge-patch+json"),
            ("strategic", "application/strategic-merge-patch+json"),
            ("json", "application/json-patch+json"),
        ],
    )
    def test_a_patch_says_of_what_kind_it_is(self, server, api, kind, content_type):
        """Its body is sent as it is."""
        server.answer("PATCH")
        api.patch(JOBS, "train", [], kind=kind)
        assert content_type == server.requests[0].headers["Content-Type"]

    def test_a_deletion_takes_what_the_object_owns_with_it(self, server, api):
        """Without a policy Kubernetes would leave a Job's pods running."""
        server.answer("DELETE")
        api.delete(JOBS, "train", grace_s=0, uid="u1")
        options = {"propagationPolicy": "Background", "gracePeriodSeconds": 0, "preconditions": {"uid": "u1"}}
        assert options == json.loads(server.requests[0].body)

    def test_what_is_not_there_is_deleted(self, server, api):
        """Twice is fine."""
        server.answer("DELETE", 404, status("NotFound"))
        api.delete(JOBS, "train")

    def test_the_clock_is_that_of_the_server(self, server, api):
        """Its objects carry it."""
        server.answer("GET", Date="Sun, 01 Mar 2026 12:00:00 GMT")
        api.get(JOBS, "train")
        late = api.now() - datetime(2026, 3, 1, 12, tzinfo=UTC)
        assert timedelta() <= late < timedelta(minutes=1)

    def test_the_cluster_is_known_by_the_namespace_that_every_one_has(self, server, api):
        """Asked for once."""
        server.answer("GET /api/v1/namespaces/kube-system", body=b'{"metadata": {"uid": "u-1"}}')
        assert [api.cluster_uid(), api.cluster_uid()] == ["u-1", "u-1"]

    def test_a_cluster_that_hides_it_is_known_by_its_authority_or_address(self, server, make_api):
        """The least that every user has."""
        server.answer("GET", 403, status("Forbidden"), times=2)
        first, second = make_api(server.url).cluster_uid(), make_api(server.url).cluster_uid()
        assert first.startswith("sha256:")
        assert first == second


class TestRepetition:
    """What is asked again, and what is not."""

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(pattern="GET", drop=True, times=3),
            Fault(pattern="GET", answer=Answer(body=b'{"kind": "Job"}'), after=3, end="reset"),
        ],
    )
    def test_a_read_is_repeated_until_it_is_answered(self, server, api, fault):
        """Whatever the network does."""
        server.add(fault)
        server.answer("GET", body=b'{"kind": "Job"}')
        assert api.get(JOBS, "train") == {"kind": "Job"}

    @pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
    def test_a_busy_or_broken_server_is_asked_again(self, server, api, code):
        """Up to a number of attempts; then its own words are told."""
        server.answer("GET", code, BUSY, times=4, Retry_After="0")
        with pytest.raises(EngineUnavailable, match="later") as caught:
            api.get(JOBS, "train")
        assert isinstance(caught.value.__cause__, ApiProblem)
        assert (4, code) == (len(server.requests), caught.value.__cause__.status)
        assert "kubectl" in caught.value.hint

    @pytest.mark.parametrize("code", [400, 403, 404, 409, 410, 413, 422])
    def test_a_refusal_is_the_callers_business_at_once(self, server, api, code):
        """With the server's reason, message and details."""
        server.answer("POST", code, status("Because", "it is so", name="train"))
        with pytest.raises(ApiProblem) as caught:
            api.post(JOBS, {}, repeat=True)
        problem = caught.value
        assert (code, "Because", "it is so", {"name": "train"}) == (
            problem.status,
            problem.reason,
            problem.message,
            problem.details,
        )
        assert len(server.requests) == 1

    @pytest.mark.parametrize("fault", [Fault(pattern=".", drop=True), Fault(pattern=".", answer=Answer(status=500))])
    def test_a_post_that_may_have_been_carried_out_is_repeated_only_if_the_caller_says_so(self, server, api, fault):
        """Nobody knows whether the object was made."""
        server.add(fault, fault)
        server.answer("POST", 201)
        with pytest.raises(EngineUnavailable):
            api.post(JOBS, {})
        assert len(server.requests) == 1
        api.post(JOBS, {}, repeat=True)
        assert len(server.requests) == 3

    def test_a_post_that_was_turned_away_is_repeated(self, server, api):
        """The server says that it did not take it up, and when to come back."""
        server.answer("POST", 429, BUSY, Retry_After="1")
        server.answer("POST", 201)
        api.post(JOBS, {})
        assert len(server.requests) == 2

    def test_a_server_that_says_nothing_is_not_waited_for_for_ever(self, server, make_api):
        """The connection stands, and no answer comes."""
        api = make_api(server.url, patience=Patience(read_s=0.2, attempts=2, pause_s=0.01))
        server.add(Fault(pattern=".", delay_s=60, times=2))
        with pytest.raises(EngineUnavailable, match=r"cannot be reached: .*[Tt]imed out"):
            api.get(JOBS, "train")
        assert len(server.requests) == 2

    def test_no_server_is_told_with_a_command_to_try(self, make_api):
        """The address, the cause, and what shows more."""
        with pytest.raises(EngineUnavailable, match=r"`http://127.0.0.1:9` cannot be reached: .*refused") as caught:
            make_api("http://127.0.0.1:9").get(JOBS, "train")
        assert "get --raw /readyz" in caught.value.hint

    def test_an_answer_that_is_no_json_is_told(self, server, api):
        """A login page of a proxy in between."""
        server.answer("GET", body=b"<html>Please log in")
        with pytest.raises(EngineUnavailable, match="Please log in"):
            api.get(JOBS, "train")


class TestCredentials:
    """Who asks, and what becomes of tokens that expire."""

    def test_a_token_that_was_refused_is_read_again_once(self, server, make_api, tmp_path):
        """From the file that the kubeconfig names."""
        token = tmp_path / "token"
        token.write_text("old")
        api = make_api(server.url, tokenFile=str(token))
        assert api.namespace == "space"  # it has read the token
        token.write_text("new")
        server.answer("GET", 401, STRANGER)
        server.answer("GET")
        api.get(JOBS, "train")
        assert [request.headers["Authorization"] for request in server.requests] == ["Bearer old", "Bearer new"]

    def test_many_threads_that_are_refused_renew_once(self, server, make_api, plug_in):
        """A plug-in may ask the user something."""
        api = make_api(server.url, exec=plug_in.user)
        assert api.namespace == "space"
        server.answer("Bearer token-1", 401, STRANGER, times=5)
        server.answer("Bearer token-2", times=5)
        threads = [threading.Thread(target=api.get, args=(JOBS, "train")) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {"Bearer token-1", "Bearer token-2"} == {request.headers["Authorization"] for request in server.requests}
        assert plug_in.calls() == 2

    def test_credentials_that_stay_refused_are_told_and_not_renewed_again_and_again(self, server, make_api, plug_in):
        """Each time a browser could open."""
        api = make_api(server.url, exec=plug_in.user)
        server.answer("GET", 401, STRANGER, times=9)
        for _ in range(4):
            with pytest.raises(EngineUnavailable, match="does not accept your credentials: Unauthorized") as caught:
                api.get(JOBS, "train")
        assert "auth whoami" in caught.value.hint
        assert plug_in.calls() == 2

    def test_being_taken_for_a_stranger_is_the_same(self, server, api):
        """A server that lets strangers in says 403 to them."""
        server.answer("GET", 403, ANONYMOUS)
        server.answer("GET")
        api.get(JOBS, "train")
        assert len(server.requests) == 2

    def test_a_plug_in_whose_token_has_expired_is_asked_before_the_request(self, server, make_api, plug_in):
        """No request is wasted."""
        plug_in.write(expires="2026-01-01T00:00:00Z")
        api = make_api(server.url, exec=plug_in.user)
        server.answer("GET", times=2)
        api.get(JOBS, "a")
        api.get(JOBS, "b")
        assert len({request.headers["Authorization"] for request in server.requests}) == 2

    def test_an_unknown_context_is_told_with_the_nearest(self, api, tmp_path):
        """As for every other name."""
        kubeconfig = str(tmp_path / "kubeconfig")
        with pytest.raises(ConfigError, match="context `lap` is not in") as caught:
            Api(Access(kubeconfig=kubeconfig, context="lap")).get(JOBS, "train")
        assert caught.value.hint == "Did you mean `lab`?"
        assert Api(Access(kubeconfig=kubeconfig, context="lab", namespace="other")).namespace == "other"

    def test_a_kubeconfig_that_is_broken_is_told(self, tmp_path):
        """With its file and a command that shows more."""
        path = tmp_path / "kubeconfig"
        path.write_text("clusters: 7\n")
        with pytest.raises(ConfigError, match=f"credentials in `{path}` cannot be used") as caught:
            Api(Access(kubeconfig=str(path))).get(JOBS, "train")
        assert f"kubectl --kubeconfig={path} get --raw /readyz" in caught.value.hint

    def test_no_kubeconfig_at_all_is_told(self, home, monkeypatch):
        """Nor is this a pod."""
        monkeypatch.delenv("KUBECONFIG", raising=False)
        with pytest.raises(ConfigError, match="no cluster to run on") as caught:
            Api().get(JOBS, "train")
        assert "export KUBECONFIG=" in caught.value.hint


class TestStreams:
    """Answers that do not end."""

    def test_a_stream_comes_as_it_is_sent(self, server, api):
        """And ends when it ends."""
        server.answer("GET", body=b"one\ntwo\n")
        with api.stream("/log", {"follow": True}, silence_s=5) as stream:
            assert b"".join(stream) == b"one\ntwo\n"
        assert server.orders() == ["GET /log?follow=true"]

    @pytest.mark.parametrize("end", ["reset", "silence"])
    def test_a_stream_that_breaks_or_falls_silent_is_cut(self, server, api, end):
        """What had come is good."""
        server.add(Fault(pattern=".", answer=Answer(body=b"one\ntwo\n"), after=5, end=end))
        got: list[bytes] = []
        with api.stream("/log", {}, silence_s=0.3) as stream, pytest.raises(StreamCut):
            got.extend(stream)
        assert b"".join(got) == b"one\nt"

    def test_a_stream_that_does_not_begin_is_asked_for_once(self, server, api):
        """A node that hangs: whoever asks has others to look at."""
        server.add(Fault(pattern=".", times=9, delay_s=1, answer=Answer(body=b"late")))
        with pytest.raises(EngineUnavailable), api.stream("/log", {}, silence_s=0.1):
            pass
        assert server.orders() == ["GET /log"]

    def test_a_stream_can_be_shut_from_another_thread(self, server, api):
        """Whoever waits on it goes on at once."""
        server.add(Fault(pattern=".", answer=Answer(body=b"one"), end="silence"))
        with api.stream("/log", {}, silence_s=60) as stream:
            pieces = iter(stream)
            assert next(pieces) == b"one"
            threading.Timer(0.1, stream.shut).start()
            with pytest.raises(StreamCut):
                next(pieces)
            stream.shut()

    def test_a_stream_that_is_refused_is_no_stream(self, server, api):
        """The refusal is raised where it is opened, also when its answer was cut at first."""
        cut = Answer(status=400, body=status("BadRequest", "waiting to start"))
        server.add(Fault(pattern="GET", answer=cut, after=9, end="reset"))
        server.answer("GET", 400, status("BadRequest", "waiting to start"))
        with pytest.raises(ApiProblem, match="waiting to start"), api.stream("/log", {}, silence_s=5):
            pass
