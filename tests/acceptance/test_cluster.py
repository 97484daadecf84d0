"""What somebody sees who may do no more on a real cluster than `mlrun-nb k8s rbac` prints."""

from __future__ import annotations

import base64
import json
import re
import secrets
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from mlrun_nb.runner.masking import MASK
from tests.acceptance.session import Session, write_notebook
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.kube.cluster import Space, kubeconfig_of, kubectl, space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

CELLS = [
    "%%mlrun hello --output answer\nimport os\nprint('rank', os.environ.get('RANK'))\nanswer = 42",
    "%%mlrun slow\nimport time\nprint('begun', flush=True)\ntime.sleep(600)",
]
PROJECT = f"name: demo\nprofiles:\n  default:\n    engine: kubernetes\n    image: {IMAGE}\n"
RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}


@dataclass(frozen=True)
class Ana:
    """Somebody whose ServiceAccount has the printed Role and nothing else, in a namespace for restricted pods."""

    session: Session
    space: Space

    @property
    def jobs(self) -> str:
        """Names of the Jobs of the namespace."""
        return kubectl("get", "jobs", "--namespace", self.space.namespace, "--output", "name")


@pytest.fixture(scope="module")
def ana(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ana]:
    """Apply what the command line prints for her, and give her a kubeconfig with a token and no more."""
    require("cluster")
    folder = tmp_path_factory.mktemp("ana")
    write_notebook(folder / "hello.ipynb", CELLS)
    (folder / "project.yaml").write_text(PROJECT)
    with space(labels=RESTRICTED) as here:
        words = ("k8s", "rbac", "--namespace", here.namespace, "--service-account", "ana")
        kubectl("apply", "--filename", "-", given=Session(folder).type(*words).out)
        (folder / "kubeconfig").write_text(kubeconfig_of("ana", here.namespace))
        yield Ana(session=Session(folder, {"KUBECONFIG": str(folder / "kubeconfig")}), space=here)


def test_a_run_needs_no_more_than_the_printed_role(ana: Ana):
    """Submitted, watched, brought home."""
    said = ana.session.type("run", "hello.ipynb::hello", "--json")
    assert said.code == 0, said.err
    assert said.json["results"] == {"answer": 42}


def test_replicas_need_no_more_and_the_log_of_each_can_be_read(ana: Ana):
    """That of the first is the run's own."""
    run = ana.session.type("run", "hello.ipynb::hello", "--replicas", "2", "--quiet").out.strip()
    logs = [ana.session.type("logs", run, "--rank", rank).out for rank in ("0", "1")]
    assert logs == ["rank 0\n", "rank 1\n"]
    refused = ana.session.type("logs", run, "--rank", "2")
    assert (refused.code, refused.out) == (2, "")
    assert "hint: Its ranks are 0 to 1." in refused.err


def test_the_log_of_a_run_under_way_is_brought_home_for_who_asks(ana: Ana):
    """And a run can be cancelled with those rights."""
    run = ana.session.type("run", "hello.ipynb::slow", "--detach", "--quiet").out.strip()
    following = ana.session.start("logs", run, "--follow")
    try:
        assert following.stdout is not None
        assert following.stdout.readline() == "begun\n"
        assert ana.session.type("logs", run).out == "begun\n"
        assert ana.session.type("cancel", run, "--wait").code == 0
        following.communicate(timeout=60)
    finally:
        following.kill()
        following.communicate()
    assert following.returncode == 0
    assert run not in ana.jobs


TELL = """%%mlrun tell
import os, sys
print(os.environ['TOKEN'])
print(os.environ['TOKEN'], file=sys.stderr)
assert len(os.environ['TOKEN']) == 24, 'it has not arrived'
os.environ['TOKEN']"""


def test_a_secret_is_nowhere_but_in_its_secret(ana: Ana):
    """Printed by the run: neither it nor its base64 is in what the cluster keeps, says or logs, nor in what we keep."""
    token, here = secrets.token_hex(12), ana.space.namespace
    forms = [token.encode(), base64.b64encode(token.encode())]
    write_notebook(ana.session.folder / "tell.ipynb", [TELL])
    kubectl("create", "secret", "generic", "vault", f"--from-literal=key={token}", "--namespace", here)
    words = ("run", "tell.ipynb::tell", "--secret", "TOKEN=kubernetes:vault/key", "--json")
    said = ana.session.type(*words)
    assert said.code == 0, said.err
    run = str(said.json["id"])
    kinds = ("jobs", "pods", "configmaps", "events")
    places = {kind: kubectl("get", kind, "--namespace", here, "--output", "yaml").encode() for kind in kinds}
    places["log of the pod"] = kubectl("logs", "--namespace", here, "--selector", f"mlrun-nb/run={run}").encode()
    places["said"] = f"{said.out}{said.err}{ana.session.type('show', run, '--json').out}".encode()
    places |= {str(path): path.read_bytes() for path in Path(ana.session.folder, "home").rglob("*") if path.is_file()}
    unpacked = dict(_unpacked(places))
    assert all(run.encode() in places[kind] for kind in kinds)
    assert {"store.db", "output.ipynb", "request.json"} <= {name.rpartition("/")[2] for name in places}
    assert any(b"os.environ['TOKEN']" in content for content in unpacked.values())
    assert ana.session.type("logs", run).out.count(MASK) == 3
    assert [name for name, content in {**places, **unpacked}.items() if any(form in content for form in forms)] == []


def _unpacked(places: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield what is compressed in there, under a name of its own: archives of a ConfigMap, frames of a log."""
    for name, content in places.items():
        for number, word in enumerate(re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", content)):
            with suppress(ValueError, zlib.error):
                yield f"{name} {number}", zlib.decompress(base64.b64decode(word + b"=="), zlib.MAX_WBITS | 32)


def test_doctor_is_content_and_a_probe_says_what_the_image_has(ana: Ana):
    """The Job of the probe is gone afterwards."""
    said = ana.session.type("doctor", "--on", "default", "--probe", "--json")
    found = {each["name"]: each for each in json.loads(said.out)}
    assert said.code == 0, said.out
    assert f"`{IMAGE}` has Python 3." in found["image"]["text"]
    assert "papermill" in found["image"]["text"]
    assert found["user"]["text"] == f"system:serviceaccount:{ana.space.namespace}:ana"
    assert found["pod security"]["text"] == "no warning"
    assert "mlrun-probe" not in ana.jobs


def test_doctor_names_the_rights_that_are_missing_and_who_lacks_them(ana: Ana):
    """The command can be handed to an administrator as it stands."""
    here = ana.space.namespace
    said = ana.session.type("doctor", "--on", "default", "--namespace", "kube-public")
    text = " ".join(said.out.split())
    assert said.code == 4
    assert "missing in namespace `kube-public`: create get list watch delete on jobs, get list watch delete on" in text
    assert f"`mlrun-nb k8s rbac --namespace kube-public --service-account {here}:ana`" in text


def test_a_probe_of_an_image_without_python_says_so(ana: Ana):
    """With the line to change."""
    said = ana.session.type("doctor", "--on", "default", "--probe", "--image", "docker.io/local/pause:1", COLUMNS="300")
    assert said.code == 4
    assert "✗ broken  image" in said.out
    assert "python3" in said.out
    assert "hint: Name an image with Python" in said.out
    assert "mlrun-probe" not in ana.jobs


def test_a_run_that_the_server_takes_is_validated_and_not_kept(ana: Ana):
    """Its manifest is printed, as for a dry run."""
    said = ana.session.type("run", "hello.ipynb::hello", "--validate")
    assert said.code == 0, said.err
    assert "kind: Job" in said.out
    assert "warns" not in said.err
    assert said.out.partition("# run ")[2][:12] not in ana.jobs


REFUSED = [
    # (option, what the administrator is told, what she is told who may not make pods)
    (
        ("--pod-patch", '{"spec": {"colour": "red"}}'),
        'unknown field "spec.template.spec.colour"',
        'unknown field "spec.template.spec.colour"',
    ),
    (
        ("--pod-patch", '{"spec": {"containers": [{"name": "main", "imagePullPolicy": "Now"}]}}'),
        "`spec.template.spec.containers[0].imagePullPolicy`",
        "`spec.template.spec.containers[0].imagePullPolicy`",
    ),
    (("--volume", "host:/srv:/srv"), "violates PodSecurity", "notice: the server warns: would violate PodSecurity"),
    (("--service-account", "absent"), 'serviceaccount "absent" not found', ""),
    (("--priority-class", "absent"), "no PriorityClass with name absent", ""),
]


def test_a_run_that_is_refused_is_in_the_history_and_says_of_what_kind_that_is(ana: Ana):
    """By the word that the table of troubles has."""
    said = ana.session.type("run", "hello.ipynb::hello", "--pod-patch", '{"spec": {"colour": "red"}}')
    assert (said.code, said.out) == (2, "")
    error = ana.session.type("show", "last", "--json").json["error"]
    assert isinstance(error, dict)
    assert (error["class"], error["hint"]) == (
        "InvalidSpec",
        "Correct what it names, in the options or in `pod_patch`.",
    )


@pytest.mark.parametrize(("words", "told", "told_ana"), REFUSED)
def test_what_a_cluster_refuses_is_known_before_anything_is_sent(ana: Ana, words, told, told_ana):
    """As far as somebody may ask: what is checked when a pod is made needs the right to make one."""
    run = ("run", "hello.ipynb::hello", "--validate", "--namespace", ana.space.namespace, *words)
    said = ana.session.type(*run, KUBECONFIG=require("cluster"))
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert "\nhint: " in said.err
    assert told_ana in ana.session.type(*run).err


def test_doctor_says_of_pod_security_what_it_warns_of(ana: Ana):
    """Where nobody may ask about the pod itself, a warning counts as a refusal."""
    project = Path(ana.session.folder, "project.yaml")
    project.write_text(
        f"{PROJECT}  open:\n    engine: kubernetes\n    image: {IMAGE}\n    volume: ['host:/srv:/srv']\n"
    )
    said = ana.session.type("doctor", "--on", "open", COLUMNS="300")
    assert said.code == 4
    assert "✗ broken  pod security       would violate PodSecurity" in said.out
    assert "hint: Leave out what it names" in said.out
