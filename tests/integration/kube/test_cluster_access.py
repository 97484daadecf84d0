"""As whom we ask a real API server, and what it says to a rehearsal."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
import yaml

from mlrun_nb.kube.events import events_of
from mlrun_nb.kube.objects import (
    ACCESS_REVIEWS,
    CONFIG_MAPS,
    DASK_AUTOSCALERS,
    DASK_CLUSTERS,
    JOBS,
    NAMESPACES,
    SECRETS,
    Resource,
    time_of,
    uid_of,
)
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal
from mlrun_nb.kube.snapshot import take
from tests.integration.kube.cluster import SERVICE_ACCOUNTS
from tests.integration.kube.dask_operator import install_operator
from tests.integration.kube.scenarios import job

pytestmark = pytest.mark.cluster

ROLES = Resource(group="rbac.authorization.k8s.io", version="v1", plural="roles")
BINDINGS = Resource(group="rbac.authorization.k8s.io", version="v1", plural="rolebindings")
GOLDEN = sorted(Path(__file__).parents[2].glob("unit/engines/kubernetes/golden/*.yaml"))
KINDS = {
    "Job": JOBS,
    "DaskCluster": DASK_CLUSTERS,
    "DaskAutoscaler": DASK_AUTOSCALERS,
    "Role": ROLES,
    "RoleBinding": BINDINGS,
    "ServiceAccount": SERVICE_ACCOUNTS,
}
RULES = [
    {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create", "get", "list", "watch", "patch", "delete"]},
    {"apiGroups": [""], "resources": ["pods", "events"], "verbs": ["get", "list", "watch"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
]


@pytest.fixture
def least(place, proxy, make_api):
    """Return a client that is a service account with no more than it needs."""
    name = f"least-{secrets.token_hex(3)}"
    place.api.post(SERVICE_ACCOUNTS, {"metadata": {"name": name}})
    place.api.post(ROLES, {"metadata": {"name": name}, "rules": RULES})
    subject = {"kind": "ServiceAccount", "name": name, "namespace": place.namespace}
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
    place.api.post(BINDINGS, {"metadata": {"name": name}, "subjects": [subject], "roleRef": reference})
    path = SERVICE_ACCOUNTS.path(place.namespace, name, subresource="token")
    token = place.api.request("POST", path, body={"spec": {"expirationSeconds": 600}}).body["status"]["token"]
    return make_api(proxy.url, namespace=place.namespace, token=token)


def test_the_least_that_a_service_account_may_is_enough(least, place):
    """To see what there is, and why; not to read secrets, nor what is elsewhere."""
    made = least.post(JOBS, job("modest", "pass")).body
    assert take(least).of("modest")[0] is not None
    assert list(events_of(least, [made])) == list(events_of(place.api, [made]))
    with pytest.raises(ApiProblem) as caught:
        least.get(SECRETS, "any")
    assert refusal(caught.value, what="Secret `any`").cls == "Forbidden"
    with pytest.raises(ApiProblem, match="forbidden"):
        least.list(JOBS, namespace="kube-system")
    review = {"spec": {"resourceAttributes": {"namespace": place.namespace, "verb": "get", "resource": "secrets"}}}
    assert least.post(ACCESS_REVIEWS, review).body["status"]["allowed"] is False


def test_whoever_may_not_see_the_cluster_still_knows_it(least, place):
    """By another name than an administrator, and always by the same."""
    assert place.api.cluster_uid() == uid_of(place.api.get(NAMESPACES, "kube-system"))
    assert least.cluster_uid().startswith("sha256:")
    assert least.cluster_uid() == least.cluster_uid()


def test_a_rehearsal_keeps_nothing_and_says_what_pods_would_be_refused(place):
    """The API server's own warning, before anything is there."""
    bare = job("bare", container={"securityContext": {"privileged": True}})
    answer = place.api.post(JOBS, bare, dry_run=True)
    assert answer.body["spec"]["template"]["spec"]["containers"][0]["name"] == "main"
    with pytest.raises(ApiProblem) as caught:
        place.api.get(JOBS, "bare")
    assert (caught.value.status, caught.value.reason) == (404, "NotFound")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_what_the_engine_sends_has_no_field_that_a_server_does_not_know(place, path):
    """The Jobs and Dask clusters that somebody has read, and the Role: checked and defaulted by a server, strictly."""
    if path.stem.startswith("dask"):
        install_operator()
    for thing in yaml.safe_load_all(path.read_text()):
        answer = place.api.post(KINDS[thing["kind"]], _in(place.namespace, thing), dry_run=True)
        assert answer.body["kind"] == thing["kind"]
        assert answer.warnings == ()


def _in(namespace, thing):
    """Return *thing* as somebody of that namespace would send it."""
    return {**thing, "metadata": {**thing["metadata"], "namespace": namespace}}


def test_an_unknown_field_is_refused_unless_one_says_otherwise(place):
    """The server would drop it without a word; without strictness it warns."""
    wrong = {"metadata": {"name": "typo"}, "dat": {}}
    with pytest.raises(ApiProblem, match='unknown field "dat"') as caught:
        place.api.post(CONFIG_MAPS, wrong)
    assert refusal(caught.value, what="ConfigMap `typo`").cls == "InvalidSpec"
    assert place.api.post(CONFIG_MAPS, wrong, strict=False, dry_run=True).warnings == ('unknown field "dat"',)


def test_what_is_not_valid_is_named_field_by_field(place):
    """A GPU that is only requested."""
    wrong = job("gpu-request", container={"resources": {"requests": {"nvidia.com/gpu": "1"}}})
    with pytest.raises(ApiProblem) as caught:
        place.api.post(JOBS, wrong)
    finding = refusal(caught.value, what="Job `gpu-request`")
    assert (finding.cls, finding.fault) == ("InvalidSpec", "request")
    assert "`spec.template.spec.containers[0].resources.limits" in finding.hint


def test_the_servers_clock_is_that_of_its_objects(place):
    """Within two seconds, one of them for the rounding of each."""
    made = place.api.post(CONFIG_MAPS, {"metadata": {"name": "clock"}}).body
    made_at = time_of(made["metadata"]["creationTimestamp"])
    assert abs((place.api.now() - made_at).total_seconds()) < 5
