"""
What is sent for a run, against files that a person has read: one with nothing asked for, one with everything.

`GOLDEN_FILES=write` writes the files again; the cluster tests send them to a real API server that takes no field it
does not know.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlrun_nb.engines.kubernetes import manifest
from mlrun_nb.engines.kubernetes.delivery import Way
from mlrun_nb.engines.kubernetes.names import job_name
from mlrun_nb.model.run import RunId, RunRequest
from mlrun_nb.model.settings import Environment, Kubernetes, Placement, Policy, Resources, Settings, Volume
from mlrun_nb.testing.requests import write_request

_THROUGH_LOG = Way()
GOLDEN = Path(__file__).with_name("golden")
PLAIN = Settings(environment=Environment(image="registry.example/run:1"))
FULL = Settings(
    resources=Resources(
        cpu="500m", cpu_limit="2", memory="1Gi", memory_limit="2Gi", gpu=1, gpu_type="amd.com/gpu",
        ephemeral_storage="5Gi",
    ),
    environment=Environment(
        image="registry.example/run:1",
        requirement=("polars>=1", "rich"),
        env={"TZ": "UTC", "PRICE": "$(HOME) costs $5"},
        secret={"TOKEN": "kubernetes:tokens/api"},
    ),
    placement=Placement(
        node_selector={"disk": "ssd"},
        affinity={"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
        toleration=("gpu=true:NoSchedule", "night", "old:NoExecute"),
        capacity="spot",
        priority_class="high",
        queue="team-a",
        service_account="trainer",
    ),
    kubernetes=Kubernetes(
        pull_secret=("registry",),
        topology_spread=[{"maxSkew": 1, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}],
        termination_grace_s=90.0,
        pod_patch={"spec": {"runtimeClassName": "nvidia", "containers": [{"name": "main", "tty": True}]}},
    ),
    volumes=(
        Volume(kind="pvc", source="datasets", path="/data", read_only=True),
        Volume(kind="configmap", source="words", path="/etc/words"),
        Volume(kind="secret", source="certificates", path="/etc/certificates"),
        Volume(kind="host", source="/srv", path="/srv"),
        Volume(kind="empty", path="/scratch"),
    ),
    policy=Policy(timeout_s=3600.0, pending_timeout_s=600.0, retries=2),
)  # fmt: skip
REPLICAS = replace(PLAIN, placement=Placement(replicas=4))


def request_for(folder: Path, settings: Settings) -> RunRequest:
    """Return a request whose id does not change."""
    return replace(write_request(folder, "x = 1", settings=settings), id=RunId("abcdefghjkmn"))


def job(folder: Path, settings: Settings, way: Way = _THROUGH_LOG) -> dict[str, Any]:
    """Return the Job for *settings*."""
    request = request_for(folder, settings)
    image = settings.environment.image or ""
    return manifest.job(request, name="mlrun-train-abcdefghjkmn", image=image, nonce="0123456789abcdef", way=way)


@pytest.mark.parametrize(("name", "settings"), [("plain", PLAIN), ("full", FULL), ("replicas", REPLICAS)])
def test_the_job_is_as_somebody_has_read_it(tmp_path: Path, name: str, settings: Settings):
    """Field by field."""
    file = GOLDEN / f"{name}.yaml"
    made = job(tmp_path, settings)
    if os.environ.get("GOLDEN_FILES") == "write":
        file.write_text(yaml.safe_dump(made, sort_keys=False, width=110))
    assert made == yaml.safe_load(file.read_text())


def test_the_job_of_many_points_is_as_somebody_has_read_it(tmp_path: Path):
    """Each point has attempts of its own, and none fails for another."""
    file, settings = GOLDEN / "points.yaml", replace(PLAIN, policy=Policy(retries=2))
    request, points = request_for(tmp_path, settings), manifest.Points(number=30, at_once=4)
    name = job_name("train", request.id, 1)
    made = manifest.job(request, name=name, image="x", nonce="0123456789abcdef", way=Way(), points=points)
    if os.environ.get("GOLDEN_FILES") == "write":
        file.write_text(yaml.safe_dump(made, sort_keys=False, width=110))
    assert made == yaml.safe_load(file.read_text())


def test_each_point_writes_to_a_folder_of_its_own(tmp_path: Path):
    """Below the one that the points name."""
    points, way = manifest.Points(number=2, at_once=2), Way(url="s3://b/x", fetch="s3://b/y")
    made = manifest.job(request_for(tmp_path, PLAIN), name="n", image="x", nonce="n", way=way, points=points)
    command = made["spec"]["template"]["spec"]["containers"][0]["command"][2:]
    file = "/mlrun/delivered/points.json.gz"
    assert command == ["--to", "$(MLRUN_NB_POD)", "--from", "s3://b/y", "--points", file]


def test_no_user_text_is_expanded(tmp_path: Path):
    """Kubernetes would put the value of HOME there."""
    variables = job(tmp_path, FULL)["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "PRICE", "value": "$$(HOME) costs $$5"} in variables


def test_a_secret_is_named_and_not_told(tmp_path: Path):
    """The kubelet looks it up."""
    variables = job(tmp_path, FULL)["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "tokens", "key": "api"}}} in variables


@pytest.mark.parametrize(
    ("capacity", "kind"),
    [
        ("spot", "requiredDuringSchedulingIgnoredDuringExecution"),
        ("prefer", "preferredDuringSchedulingIgnoredDuringExecution"),
        ("on-demand", "requiredDuringSchedulingIgnoredDuringExecution"),
    ],
)
def test_capacity_is_affinity_and_toleration(tmp_path: Path, capacity: str, kind: str):
    """Only what may lie on spot nodes tolerates them, and only that is replaced when one is taken away."""
    spec = job(tmp_path, replace(PLAIN, placement=Placement(capacity=capacity)))["spec"]
    pod = spec["template"]["spec"]
    assert list(pod["affinity"]["nodeAffinity"]) == [kind]
    is_spot = capacity != "on-demand"
    assert bool(pod.get("tolerations")) is is_spot
    assert ("Ignore" in [rule["action"] for rule in spec["podFailurePolicy"]["rules"]]) is is_spot


@pytest.mark.parametrize(
    ("way", "options"),
    [
        (Way(url="s3://b/x"), ["--to", "s3://b/x/$(MLRUN_NB_POD)"]),
        (Way(url="s3://b/x", fetch="s3://b/x/y"), ["--to", "s3://b/x/$(MLRUN_NB_POD)", "--from", "s3://b/x/y"]),
        (Way(shared="/h/r"), ["--in-place"]),
    ],
)
def test_the_container_is_told_how_files_come_home(tmp_path: Path, way: Way, options: list[str]):
    """To a folder of each pod's own, or not at all where the folder is shared."""
    assert job(tmp_path, PLAIN, way)["spec"]["template"]["spec"]["containers"][0]["command"][2:] == options


def test_no_name_is_too_long(tmp_path: Path):
    """A name of a Job leaves room for its pods'; what the function is called stands in an annotation."""
    request = request_for(tmp_path, PLAIN)
    version = replace(request.version, function="Ä very_long name " * 9)
    name = job_name(version.function, request.id, 99)
    made = manifest.job(replace(request, version=version), name=name, image="x", nonce="n", way=Way())
    assert len(made["metadata"]["name"]) <= 57
    assert all(len(value) <= 63 for value in made["metadata"]["labels"].values())
    assert version.function in made["metadata"]["annotations"]["mlrun-nb/function"]
