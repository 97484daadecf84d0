"""`examples/03-kubernetes` on a real cluster, as its README says."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.acceptance.session import Session
from tests.integration.kube.cluster import space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

EXAMPLE = Path(__file__).parents[2] / "examples/03-kubernetes"
IMAGE = os.environ.get("MLRUN_NB_TEST_FULL_IMAGE", "docker.io/local/run-full:1")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Return somebody in a copy of the example, whose profile names an image and a namespace that are there."""
    require("cluster")
    folder = tmp_path_factory.mktemp("example") / "example"
    shutil.copytree(EXAMPLE, folder)
    with space(labels={"pod-security.kubernetes.io/enforce": "restricted"}) as here:
        project = yaml.safe_load((folder / "project.yaml").read_text())
        project["profiles"]["default"] |= {"image": IMAGE, "namespace": here.namespace}
        (folder / "project.yaml").write_text(yaml.safe_dump(project))
        yield Session(folder)


def test_the_dry_run_prints_a_job(session: Session):
    """YAML, and nothing is sent."""
    said = session.type("run", "digits.ipynb::train", "--dry-run")
    assert said.code == 0, said.err
    job = yaml.safe_load(said.out[said.out.index("apiVersion:") :])
    assert (job["kind"], job["spec"]["template"]["spec"]["containers"][0]["image"]) == ("Job", IMAGE)


def test_the_function_runs_in_a_pod_and_its_model_comes_home(session: Session):
    """The log is told as it comes; results and artifacts are where a local run would have left them."""
    said = session.type("run", "digits.ipynb::train", "-p", "epochs=10")
    assert said.code == 0, said.err
    assert "epoch 10  accuracy 0.9" in said.out + said.err
    assert "· default (kubernetes) ·" in said.out
    assert session.type("show", "last", "--json").json["state"] == "succeeded"
    artifacts = session.type("artifacts", "last", "model", "--to", "here")
    assert artifacts.code == 0, artifacts.err


def test_the_same_function_runs_here_by_another_profile(session: Session):
    """Only the profile is another one."""
    said = session.type("run", "digits.ipynb::train", "-p", "epochs=10", "--on", "small")
    assert said.code == 0, said.err
    assert "· small (local) ·" in said.out
