"""The Job of a probe, and what its answer comes to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlrun_nb._lib.records import Json
from mlrun_nb.engines.kubernetes.order import Order, order_for
from mlrun_nb.engines.kubernetes.probe import URL_VARIABLE, findings, job
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Settings
from tests.unit.engines.kubernetes.test_manifest import FULL, PLAIN, REPLICAS, request_for

HAS: dict[str, Json] = {"python": "3.12.4", "papermill": "2.6.0", "ipykernel": "6.29.5", "user": 1000}


def _asked(folder: Path, settings: Settings, artifacts: str = "") -> tuple[RunRequest, Order]:
    request = request_for(folder, settings)
    request = replace(request, artifacts=artifacts or request.artifacts)
    return request, order_for(request, grace_s=30.0)


def _main(made: dict[str, Any]) -> dict[str, Any]:
    return dict(made["spec"]["template"]["spec"]["containers"][0])


def test_a_probe_is_where_the_run_would_be(tmp_path: Path):
    """Node, account, rights, volumes, variables and limits are those of the run."""
    pod = job(*_asked(tmp_path, FULL))["spec"]["template"]["spec"]
    assert (pod["serviceAccountName"], pod["nodeSelector"], pod["runtimeClassName"]) == (
        "trainer",
        {"disk": "ssd"},
        "nvidia",
    )
    assert pod["securityContext"]["runAsNonRoot"]
    assert "volume-1" in [each["name"] for each in pod["volumes"]]
    assert pod["containers"][0]["resources"]["limits"]["memory"] == "2Gi"


def test_a_probe_carries_no_run(tmp_path: Path):
    """Nothing is delivered, so that nothing is waited for; `$` in the script means nothing to Kubernetes."""
    made = job(*_asked(tmp_path, PLAIN))
    assert "mlrun-delivered" not in repr(made)
    assert _main(made)["command"][:2] == ["python3", "-c"]
    assert "$(" not in _main(made)["command"][2].replace("$$", "")


@pytest.mark.parametrize("settings", [PLAIN, REPLICAS, FULL])
def test_a_probe_is_alone_tried_once_and_does_not_stay(tmp_path: Path, settings: Settings):
    """Whatever replicas and retries the run would have, and whatever becomes of us."""
    spec = job(*_asked(tmp_path, settings))["spec"]
    assert spec["backoffLimit"] == 0
    assert "completions" not in spec
    assert spec["ttlSecondsAfterFinished"] <= 60
    assert spec["activeDeadlineSeconds"] <= 600


def test_a_probe_is_told_where_the_store_is(tmp_path: Path):
    """Beside the files of the run that asks, which is none."""
    variables = {each["name"]: each for each in _main(job(*_asked(tmp_path, PLAIN, "s3://runs/$x")))["env"]}
    assert variables[URL_VARIABLE]["value"].startswith("s3://runs/$$x/.run/doctor-")


@pytest.mark.parametrize(
    ("said", "requirements", "ok", "text", "hint"),
    [
        (HAS, (), True, "has Python 3.12.4, papermill 2.6.0, ipykernel 6.29.5", ""),
        ({**HAS, "papermill": ""}, (), False, "ipykernel 6.29.5, and lacks papermill", "`RUN pip install papermill`"),
        # what a run brings itself need not be there
        ({**HAS, "papermill": ""}, ("papermill>=2", "rich"), True, "has Python 3.12.4, ipykernel 6.29.5", ""),
        ({**HAS, "papermill": "", "ipykernel": ""}, (), False, "lacks papermill and ipykernel", "papermill ipykernel`"),
        ({**HAS, "python": "3.9.2"}, (), False, "has Python 3.9.2", "`FROM python:3.12-slim`"),
        ({"python": "2.7.18", "user": 0}, (), False, "has Python 2.7.18", "Python 3.11 or later"),
    ],
)
def test_an_image_is_told_what_it_lacks(tmp_path: Path, said, requirements, ok, text, hint):
    """With the line to add."""
    environment = replace(PLAIN.environment, requirement=requirements)
    (found,) = findings(*_asked(tmp_path, replace(PLAIN, environment=environment)), said)
    assert (found.name, found.ok) == ("image", ok)
    assert text in found.text
    assert hint in found.hint


@pytest.mark.parametrize(
    ("store", "requirements", "ok", "hint"),
    [
        ("ok", (), True, ""),
        ("ModuleNotFoundError: No module named 'fsspec'", (), False, "`RUN pip install s3fs`"),
        ("ImportError: Install s3fs to access S3", (), False, "`RUN pip install s3fs`"),
        ("ImportError: Install s3fs to access S3", ("s3fs",), None, ""),
        ("PermissionError: Access Denied", (), False, "`env` and `secret` of the profile"),
    ],
)
def test_a_store_is_told_of_as_the_pod_finds_it(tmp_path: Path, store, requirements, ok, hint):
    """A driver that comes with the run is not tried."""
    environment = replace(PLAIN.environment, requirement=requirements)
    asked = _asked(tmp_path, replace(PLAIN, environment=environment), "s3://runs/x")
    _, found = findings(*asked, {**HAS, "store": store})
    assert (found.name, found.ok) == ("artifacts", ok)
    assert hint in found.hint
