"""The same cluster by the command line: begun, listed, used by a run and a sweep, examined, changed, ended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlrun_nb._lib.package import PACKAGE
from mlrun_nb.config import Config
from mlrun_nb.engines.dask.batch import GIVEN
from mlrun_nb.engines.dask.engine import DaskEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.access import Access, load
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.session import write_notebook
from tests.fault_proxy import Answer, Fault, FaultProxy
from tests.integration.engines.dask.operated import IMAGE, PATIENCE_S, Ground, ground
from tests.integration.kube.cluster import ADMINISTRATOR, being, kubectl
from tests.integration.kube.conftest import write_kubeconfig
from tests.integration.kube.dask_operator import install_operator, what_is_there
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

USER, GROUP = 1000, 100
"""Who the pods are; on a shared file system whoever submits is the same."""
AREA = "%%mlrun area --output area\nradius: float = 2.0\nprint('computing')\narea = 3 * radius**2"


_PROGRAM = "import sys; sys.argv[0] = 'mlrun-nb'; from mlrun_nb.cli.program import main; main()"


@dataclass
class Person:
    """Somebody in a terminal, who is the same user as in the pods."""

    folder: Path
    environment: dict[str, str]

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Return what `mlrun-nb` says to *words*."""
        command = [*_as_user(), _python(), "-P", "-c", _PROGRAM, *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=400
        )

    def asks(self, *words: str) -> Any:
        """Return the JSON that `mlrun-nb` answers to *words*."""
        done = self.types(*words, "--json")
        assert done.returncode == 0, (done.stdout, done.stderr)
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def place() -> Iterator[Ground]:
    """Give a ground for the tests of a module."""
    require("cluster")
    install_operator()
    with ground() as made:
        yield made
        print(what_is_there(made.space.namespace))


@pytest.fixture(scope="module")
def person(place: Ground) -> Person:
    """Give somebody with a notebook and a profile, whose workers have our package."""
    folder = place.home / "work"
    folder.mkdir()
    package = folder / "package"
    shutil.copytree(PACKAGE, package / "mlrun_nb", ignore=shutil.ignore_patterns("labextension", "__pycache__"))
    (about,) = Path(sysconfig.get_path("purelib")).glob("mlrun_nb-*.dist-info")
    shutil.copytree(about, package / about.name)
    profile = {
        "engine": "dask", "dask-address": "kubernetes", "image": IMAGE, "namespace": place.space.namespace,
        "dask-workers": "1..2", "dask-worker-cpu": "100m", "dask-worker-memory": "600Mi",
        "volume": f"pvc:home:{place.home}", "env": {"PYTHONPATH": str(package)},
    }  # fmt: skip
    (folder / "project.yaml").write_text(yaml.safe_dump({"name": "areas", "profiles": {"pods": profile}}))
    write_notebook(folder / "areas.ipynb", [AREA])
    place.open()
    kept = {name: os.environ[name] for name in ("PATH", "KUBECONFIG", "LANG") if name in os.environ}
    home = {"HOME": str(folder), "MLRUN_NB_HOME": str(folder / "store"), "MLRUN_NB_WARM": "off", "COLUMNS": "100"}
    path = os.pathsep.join([str(PACKAGE.parent), sysconfig.get_path("purelib")])
    return Person(folder, {**kept, **home, "PYTHONPATH": path})


def _as_user() -> list[str]:
    """Return the beginning of a command that another user executes, where we are root."""
    return ["setpriv", f"--reuid={USER}", f"--regid={GROUP}", "--clear-groups"] if os.getuid() == 0 else []


@cache
def _python() -> str:
    """Return a Python like ours that the other user may execute: ours may lie in the home of root."""
    wanted = sys.version_info[:2]
    asked = "import subprocess, sys; subprocess.run([sys.executable, '-c', '']); print(sys.version_info[:2])"
    for python in (os.path.realpath(sys.executable), "/usr/bin/python{}.{}".format(*wanted)):
        done = subprocess.run([*_as_user(), python, "-c", asked], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == str(wanted):
            return python
    raise LookupError(f"user {USER} can execute no Python {wanted}")


def standing(person: Person) -> dict[str, Any]:
    """Return what `dask list` says of the cluster."""
    (found,) = [each for each in person.asks("dask", "list")["clusters"] if each["on"] == "pods"]
    return dict(found)


def test_a_cluster_from_its_beginning_to_its_end(place: Ground, person: Person):
    """`dask up`, a run, a sweep whose children go in batches, `list`, `scale`, `doctor`, `down`."""
    begun = person.types("dask", "up", "--on", "pods")
    assert begun.returncode == 0, begun.stderr
    (name,) = place.clusters()
    run = person.asks("run", "areas.ipynb::area", "--on", "pods")
    assert (run["state"], run["results"]) == ("succeeded", {"area": 12.0})
    sweep = person.asks(
        "sweep", "areas.ipynb::area", "--on", "pods", "--sweep", "radius=1.0,2.0,3.0,4.0", "--keep", "all"
    )
    assert sweep["state"] == "succeeded", sweep
    children = person.asks("runs", "--parent", sweep["id"])
    assert len(list(person.folder.rglob(GIVEN))) == len(children)
    assert sorted(child["results"]["area"] for child in children) == [3.0, 12.0, 27.0, 48.0]

    now = standing(person)
    assert (now["name"], now["least"], now["most"]) == (name, 1, 2)
    said = person.types("doctor", "--on", "pods", "--probe")
    assert said.returncode == 0, (said.stdout, said.stderr)
    assert "all workers (1) answered" in said.stdout
    assert f"it looks after DaskCluster `{name}`" in said.stdout.replace("\n", " ")

    wait_for(lambda: standing(person)["runs"] == 0, what="that nothing is executed", patience_s=PATIENCE_S)
    scaled = person.types("dask", "scale", "2", "--on", "pods")
    assert scaled.returncode == 0, scaled.stderr
    wait_for(lambda: standing(person)["workers"] == 2, what="two workers", patience_s=PATIENCE_S)
    assert person.types("dask", "down", "--on", "pods").stderr == "The cluster has ended.\n"
    wait_for(lambda: not place.pods("worker"), what="the end of all workers", patience_s=PATIENCE_S)
    assert person.types("dask", "down", "--on", "pods").stderr == "There was none.\n"


def test_doctor_says_what_is_missing(place: Ground, person: Person, tmp_path: Path):
    """To somebody without rights it names them, and the command that prints what an administrator applies."""
    kubectl("create", "serviceaccount", "stranger", "-n", place.space.namespace)
    with being(place.space, "stranger", person.folder):
        stranger = Person(person.folder, {**person.environment, "KUBECONFIG": os.environ["KUBECONFIG"]})
        said = stranger.types("doctor", "--on", "pods")
    text = " ".join(said.stdout.split())
    assert said.returncode != 0
    assert "create get list delete on daskclusters" in text
    assert "create get on pods/portforward" in text
    assert "mlrun-nb k8s rbac" in text


def test_without_the_operator_a_run_is_refused_with_the_command_that_installs_it(
    place: Ground, person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The server knows no such kind; `doctor` says the same."""
    token = kubectl("create", "token", "submitter", "--namespace", place.space.namespace).strip()
    body = json.dumps({"kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}).encode()
    with FaultProxy(load(Access(kubeconfig=ADMINISTRATOR))).serving() as proxy:
        far = write_kubeconfig(tmp_path / "far", proxy.url, {"token": token}, namespace=place.space.namespace)
        monkeypatch.setenv("KUBECONFIG", far)
        proxy.add(Fault(pattern="kubernetes.dask.org", times=99, answer=Answer(status=404, body=body)))
        engine = DaskEngine(Config(home=place.home, store="memory://"))
        request = place.request("x = 1")
        with pytest.raises(EngineRejected, match="operator is not installed") as caught:
            engine.submit([request])
        broken = {found.name: found.hint for found in engine.examine(request, probe=False) if found.ok is False}
        engine.close()
    assert "helm install" in caught.value.hint
    assert "--dask-address" in caught.value.hint
    assert "helm install" in broken["dask operator"]
