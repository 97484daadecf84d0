"""What a cluster on Kubernetes is like, and what its name is made of."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from mlrun_nb.engines.dask.connection import TASKS
from mlrun_nb.engines.dask.kubernetes.shape import Owner, check_fits, plan_for, rendered, target_for
from mlrun_nb.engines.enforcement import not_enforced
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.model.settings import Dask, Environment, Kubernetes, Resources, Settings, Volume

GOLDEN = Path(__file__).with_name("golden") / "shared.yaml"
ANA = Owner(user="ana", home=Path("/home/ana/.local/share/mlrun-nb"))
SETTINGS = Settings(
    dask=Dask(dask_address="kubernetes"),
    environment=Environment(
        image="registry.example/dask:1",
        env={"TZ": "UTC"},
        secret={"TOKEN": "kubernetes:tokens/hub", "OTHER": "env:OTHER"},
    ),
    kubernetes=Kubernetes(namespace="team-a"),
    resources=Resources(gpu=1),
    volumes=(Volume(kind="pvc", source="home", path="/home/ana"),),
    dask_workers=(1, 8),
    dask_worker_cpu="1500m",
    dask_worker_memory="8Gi",
)
OPERATORS = re.compile(r"^(?=.{,53}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
"""What the operator takes as a name. Source: dask-kubernetes, `VALID_CLUSTER_NAME`."""
ALL = frozenset(OPTIONS)
_LONGEST = 63 - len("-default-worker-0123456789")
"""The operator makes names of workers' Deployments of it, which are labels too."""


def name_of(settings: Settings, owner: Owner = ANA) -> str:
    """Return the name of the cluster for *settings*."""
    return target_for(settings, owner).cluster


def test_the_cluster_is_as_somebody_has_read_it():
    """Field by field; a secret that no pod can name is in none."""
    text = rendered(plan_for(SETTINGS, ANA))
    if os.environ.get("GOLDEN_FILES") == "write":
        GOLDEN.write_text(text)
    assert list(yaml.safe_load_all(text)) == list(yaml.safe_load_all(GOLDEN.read_text()))


@pytest.mark.parametrize(
    "other",
    [
        replace(SETTINGS, dask_workers=(4,)),
        replace(SETTINGS, dask=Dask(dask_address="kubernetes", dask_idle_timeout_s=5.0)),
        # of the run, and of no pod
        replace(SETTINGS, resources=Resources(gpu=1, cpu="3", memory="1Gi")),
        replace(SETTINGS, environment=replace(SETTINGS.environment, secret={"TOKEN": "kubernetes:tokens/hub"})),
    ],
)
def test_what_shapes_no_pod_makes_no_other_cluster(other: Settings):
    """How many workers there are and how long it may be idle can change."""
    assert name_of(other) == name_of(SETTINGS)


@pytest.mark.parametrize(
    "other",
    [
        replace(SETTINGS, environment=replace(SETTINGS.environment, image="registry.example/dask:2")),
        replace(SETTINGS, environment=replace(SETTINGS.environment, env={"TZ": "CET"})),
        replace(SETTINGS, dask_worker_memory="9Gi"),
        replace(SETTINGS, dask_worker_cpu="3"),
        replace(SETTINGS, volumes=()),
        replace(SETTINGS, resources=Resources()),
    ],
)
def test_other_pods_are_another_cluster(other: Settings):
    """By whatever option."""
    assert name_of(other) != name_of(SETTINGS)


def test_nobody_has_the_cluster_of_another(monkeypatch: pytest.MonkeyPatch):
    """Of another user, or of another store; on JupyterHub all pods have one user."""
    others = [Owner(user="bo", home=ANA.home), Owner(user="ana", home=Path("/elsewhere"))]
    assert len({name_of(SETTINGS), *(name_of(SETTINGS, other) for other in others)}) == 3
    monkeypatch.setenv("JUPYTERHUB_USER", "cy")
    assert Owner.of(ANA.home).user == "cy"


@pytest.mark.parametrize("user", ["ana", "Ana Müller-Lüdenscheidt", "ana@example.com", "-", "1"])
def test_the_operator_takes_each_name(user: str):
    """Whoever asks."""
    name = name_of(SETTINGS, Owner(user=user, home=ANA.home))
    assert OPERATORS.match(name)
    assert len(name) <= _LONGEST


def test_without_an_image_there_is_no_cluster():
    """With the option that names one."""
    with pytest.raises(EngineRejected, match="no image") as caught:
        plan_for(replace(SETTINGS, environment=Environment()), ANA)
    assert "--image" in caught.value.hint


def test_a_run_on_it_has_no_cluster_of_its_own():
    """Elsewhere the same option means one."""
    assert SETTINGS.own_workers == ()
    assert replace(SETTINGS, dask=Dask()).own_workers == (1, 8)


def test_a_run_that_is_larger_than_any_worker_is_refused():
    """Dask would wait for ever for a worker that offers so much."""
    check_fits(replace(SETTINGS, resources=Resources(memory="8Gi")))
    with pytest.raises(EngineRejected, match="more than a worker") as caught:
        check_fits(replace(SETTINGS, resources=Resources(memory="9Gi")))
    assert "--dask-worker-memory 9Gi" in caught.value.hint


def test_its_scheduler_understands_our_question():
    """It travels as text, in which the name of the question stands once more."""
    ((_, made),) = [plan_for(SETTINGS, ANA).cluster()]
    (container,) = made["spec"]["scheduler"]["spec"]["containers"]
    assert f'scheduler.handlers["{TASKS}"]' in container["command"][-1]


def test_an_engine_that_knows_no_such_cluster_says_so():
    """The options mean nothing there, and not something else."""
    said = " ".join(notice.text for notice in not_enforced(SETTINGS, enforces=ALL - {"dask-address"}, engine="local"))
    assert "`--dask-address kubernetes` has no effect" in said
    assert "`--dask-workers 1..8` has no effect" in said
    assert not not_enforced(SETTINGS, enforces=ALL, engine="dask")
