"""What a cluster does not take at all: known at once, with the class of the refusal, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.config import Config
from mlrun_nb.engines.kubernetes.engine import KubernetesEngine
from mlrun_nb.errors import EngineRejected
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.objects import CONFIG_MAPS, JOBS, SECRETS, name_of
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.settings import Kubernetes, Settings
from mlrun_nb.testing.requests import wait_for
from tests.integration.engines.kubernetes.conftest import Bench
from tests.integration.kube.cluster import SERVICE_ACCOUNTS, being
from tests.integration.kube.scenarios import QUOTAS

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]


def left(bench: Bench) -> list[str]:
    """Return what lies in the namespace of ours."""
    found = [each for kind in (JOBS, CONFIG_MAPS) for each in bench.space.api.list(kind).items]
    return [name_of(each) for each in found if name_of(each).startswith("mlrun-")]


def test_these_tests_may_do_no_more_than_the_printed_role(bench: Bench):
    """Not read Secrets, not look elsewhere, not change a Job."""
    api = Api(Access())
    attempts = [
        lambda: api.get(SECRETS, "any"),
        lambda: api.list(JOBS, namespace="default"),
        lambda: api.patch(JOBS, "any", {}),
    ]
    for attempt in attempts:
        with pytest.raises(ApiProblem, match=f"serviceaccount:{bench.space.namespace}:submitter.* cannot "):
            attempt()
    api.close()


def test_somebody_without_rights_is_told_which_role_to_ask_for(bench: Bench, tmp_path: Path):
    """As the API server knows them."""
    bench.space.api.post(SERVICE_ACCOUNTS, {"metadata": {"name": "stranger"}})
    engine = KubernetesEngine(Config(home=tmp_path, store="memory://"))
    with being(bench.space, "stranger", tmp_path), pytest.raises(EngineRejected) as caught:
        engine.submit([bench.request("print('begun')")])
    engine.close()
    assert caught.value.cls == "Forbidden"
    assert f"{bench.space.namespace}:stranger" in caught.value.message
    assert 'cannot create resource "jobs"' in caught.value.message
    assert "mlrun-nb k8s rbac" in caught.value.hint
    assert left(bench) == []


PATCHES = [
    ({"spec": {"colour": "red"}}, 'unknown field "spec.template.spec.colour"', "pod_patch"),
    ({"spec": {"restartPolicy": "Always"}}, "restartPolicy", "`spec.template.spec.restartPolicy`"),
    ({"spec": {"containers": [{"name": "main", "image": ""}]}}, "image", "`spec.template.spec.containers[0].image`"),
]


@pytest.mark.parametrize(("patch", "message", "hint"), PATCHES)
def test_a_pod_patch_that_the_server_cannot_take_is_told_by_its_field(bench: Bench, patch, message, hint):
    """Also one that it would otherwise drop without a word."""
    with pytest.raises(EngineRejected) as caught:
        bench.submit("print('begun')", settings=Settings(kubernetes=Kubernetes(pod_patch=patch)))
    assert caught.value.cls == "InvalidSpec"
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert left(bench) == []


def test_a_quota_on_jobs_is_named(bench: Bench):
    """The namespace has as many as it may have."""
    quota = {"metadata": {"name": "few"}, "spec": {"hard": {"count/jobs.batch": "0"}}}
    bench.space.api.post(QUOTAS, quota)
    container = {"name": "main", "image": "none"}
    job = {
        "metadata": {"name": "one"},
        "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}},
    }

    def is_in_force() -> bool:  # the API server learns of a quota as everybody does, a moment later
        try:
            bench.space.api.post(JOBS, job, dry_run=True)
        except ApiProblem as problem:
            return "exceeded quota" in problem.message
        return False

    try:
        wait_for(is_in_force, what="the quota to be in force")
        with pytest.raises(EngineRejected, match="exceeded quota: few") as caught:
            bench.submit("print('begun')")
    finally:
        bench.space.api.delete(QUOTAS, "few")
    assert caught.value.cls == "QuotaExceeded"
    assert f"kubectl -n {bench.space.namespace} describe quota few" in caught.value.hint
