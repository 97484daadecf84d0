"""Functions of the hub as a chain of pods: what one leaves is what the next one takes."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.acceptance.session import Session
from tests.integration.kube.cluster import kubectl, space
from tests.parts import require

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

IMAGE = os.environ.get("MLRUN_NB_TEST_FULL_IMAGE", "docker.io/local/run-full:1")
CHAIN = """
import json
from sklearn.datasets import load_wine
import mlrun_nb as mn

table = load_wine(as_frame=True).frame
parts = mn.get_function("hub://split").run(table=table, stratify="target")
trained = mn.get_function("hub://train").run(
    table=parts.outputs.train, model_class="sklearn.linear_model.LogisticRegression", folds=3, curves=False
)
evaluated = mn.get_function("hub://evaluate").run(
    table=parts.outputs.test, model=trained.outputs.model, by=["alcohol"]
)
print(json.dumps({
    "engines": sorted({run.engine for run in (parts, trained, evaluated)}),
    "rows": parts.results["test_rows"],
    "score": evaluated.results["score"],
    "slices": int(evaluated.outputs.slices.load()["rows"].sum()),
    "page": evaluated.artifacts["report"].load().read_text().count("<svg"),
}))
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return somebody whose runs are pods, and whose artifacts lie in a bucket that the pods get at."""
    require("cluster")
    endpoint = require("s3")
    import s3fs

    bucket, files = f"hub-{secrets.token_hex(4)}", s3fs.S3FileSystem()
    files.mkdir(bucket)
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    with space(labels={"pod-security.kubernetes.io/enforce": "restricted"}) as here:
        literals = [f"--from-literal={name}={os.environ[name]}" for name in keys]
        kubectl("create", "secret", "generic", "bucket", *literals, "--namespace", here.namespace)
        profile = {
            "engine": "kubernetes",
            "image": IMAGE,
            "namespace": here.namespace,
            "env": {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1"},
            "secret": {name: f"kubernetes:bucket/{name}" for name in keys},
        }
        project = {"name": "chain", "artifacts": f"s3://{bucket}/artifacts", "profiles": {"default": profile}}
        (tmp_path / "project.yaml").write_text(yaml.safe_dump(project))
        yield Session(tmp_path)
    files.rm(bucket, recursive=True)


def test_three_functions_are_chained_on_a_cluster(session: Session):
    """Split, train, evaluate, each in a pod of its own; tables and model go from one to the next."""
    (session.folder / "chain.py").write_text(CHAIN)
    done = subprocess.run(
        [sys.executable, "chain.py"],
        cwd=session.folder,
        env=session.environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["engines"] == ["kubernetes"]
    assert found["rows"] == found["slices"] == 45
    assert found["score"] > 0.9
    assert found["page"] == 4
