"""`examples/05-dask`, as its README says: here, and on a real cluster."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.session import Session
from tests.integration.kube.cluster import space
from tests.integration.kube.dask_operator import install_operator, what_is_there
from tests.parts import require

pytestmark = pytest.mark.timeout(400)

EXAMPLE = Path(__file__).parents[2] / "examples/05-dask"
IMAGE = os.environ.get("MLRUN_NB_TEST_DASK_IMAGE", "docker.io/local/run-dask:1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.fixture
def namespace(folder: Path) -> Iterator[str]:
    """Give a namespace that the profile `cluster` of the copy names, with an image that is there."""
    require("cluster")
    install_operator()
    with space(labels={"pod-security.kubernetes.io/enforce": "restricted"}) as here:
        project = yaml.safe_load((folder / "project.yaml").read_text())
        project["profiles"]["cluster"] |= {"image": IMAGE, "namespace": here.namespace}
        (folder / "project.yaml").write_text(yaml.safe_dump(project))
        yield here.namespace
        print(what_is_there(here.namespace))


def test_more_than_a_worker_holds_is_described_here(folder: Path):
    """A gigabyte with workers of half of one; Dask's report is among the artifacts."""
    session = Session(folder)
    said = session.type("run", "rides.ipynb::describe", "--json")
    assert said.code == 0, said.err
    results: Any = said.json["results"]
    assert (results["gigabytes"], results["slope"]) == (pytest.approx(0.96), pytest.approx(0.118, abs=0.002))
    kept = session.type("artifacts", "last", "dask-performance-report", "--to", "here")
    assert kept.code == 0, kept.err


@pytest.mark.cluster
@pytest.mark.usefixtures("namespace")
def test_the_same_cell_is_described_by_pods(folder: Path):
    """Only the profile is another one."""
    session = Session(folder)
    dry = session.type("run", "rides.ipynb::describe", "--on", "cluster", "--dry-run")
    made = list(yaml.safe_load_all(dry.out[dry.out.index("apiVersion:") :]))
    assert [each["kind"] for each in made] == ["Job", "DaskCluster", "DaskAutoscaler"]
    running = session.start("run", "rides.ipynb::describe", "--on", "cluster", "--json")
    out, err = running.communicate(timeout=380)  # pods of a large image, on a node that others use too
    assert running.returncode == 0, err
    results: Any = json.loads(out)["results"]
    assert results["gigabytes"] == pytest.approx(0.96)
    assert "cluster (kubernetes)" in session.type("show", "last").out
