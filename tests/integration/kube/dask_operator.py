"""The Dask operator on the cluster of the tests, installed once and left there."""

from __future__ import annotations

import os
from functools import cache

from tests.integration.kube.cluster import kubectl

IMAGE = os.environ.get("MLRUN_NB_TEST_DASK_OPERATOR", "docker.io/local/dask-operator:1")
"""An image with dask-kubernetes, which the cluster has."""

_RESOURCES = """
import pathlib, dask_kubernetes
for path in sorted(pathlib.Path(dask_kubernetes.__file__).parent.glob("operator/deployment/helm/*/crds/*.yaml")):
    print("---", path.read_text(), sep="\\n")
"""
_MANIFESTS = f"""
apiVersion: v1
kind: Namespace
metadata: {{name: dask-operator}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: operator, namespace: dask-operator}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: dask-operator}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}}
subjects: [{{kind: ServiceAccount, name: operator, namespace: dask-operator}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: operator, namespace: dask-operator}}
spec:
  selector: {{matchLabels: {{app: operator}}}}
  template:
    metadata: {{labels: {{app: operator}}}}
    spec:
      serviceAccountName: operator
      containers:
      - name: operator
        image: {IMAGE}
        imagePullPolicy: IfNotPresent
        command: [python3, -m, kopf, run, -m, dask_kubernetes.operator.controller, --all-namespaces, --standalone]
        env: [{{name: HOME, value: /tmp}}]
"""


@cache
def install_operator() -> None:
    """Have the operator at work; nothing changes where it is."""
    words = ("--image", IMAGE, "--image-pull-policy", "IfNotPresent", "--restart", "Never", "--namespace", "default")
    kubectl("delete", "pod", "dask-resources", "--namespace", "default", "--ignore-not-found")
    kubectl("run", "dask-resources", *words, "--command", "--", "python3", "-c", _RESOURCES)
    ended = "--for=jsonpath={.status.phase}=Succeeded"
    kubectl("wait", "pod/dask-resources", ended, "--namespace", "default", "--timeout", "120s")
    made = kubectl("logs", "dask-resources", "--namespace", "default")
    kubectl("apply", "--server-side", "--force-conflicts", "--filename", "-", given=made)
    # before the operator: one that starts while they are made may never hear of some of them
    kubectl("wait", "--for=condition=Established", "--timeout", "60s", "--filename", "-", given=made)
    kubectl("apply", "--filename", "-", given=_MANIFESTS)
    kubectl("rollout", "status", "deployment/operator", "--namespace", "dask-operator", "--timeout", "120s")


def what_is_there(namespace: str) -> str:
    """Return, for whoever reads of a test that failed, what *namespace* has of Dask and what the operator said last."""
    kinds = "pods,daskclusters,daskworkergroups,daskautoscalers"
    operator = ("deployment/operator", "--namespace", "dask-operator", "--tail", "20")
    return kubectl("get", kinds, "--namespace", namespace) + kubectl("logs", *operator)
