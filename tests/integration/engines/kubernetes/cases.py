"""
Runs on a real cluster, each going its own way, and what has to be said of it.

All are submitted at once and each is then waited for by a test of its own, so that the table takes as long as its
longest row.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from mlrun_nb.model.settings import Environment, Kubernetes, Placement, Policy, Resources, Settings, Volume
from mlrun_nb.model.states import RunState

IMAGE = os.environ.get("MLRUN_NB_TEST_IMAGE", "docker.io/local/run:1")
"""An image with Python, papermill and ipykernel, which the cluster has."""

ABSENT = "localhost:9/absent:1"
BARE = "docker.io/local/pause:1"
"""An image without Python, which the cluster has."""
QUOTA = {"requests.nvidia.com/gpu": "0"}
"""What the namespace may use of the cluster: nothing of what only one case asks for."""
_PATIENT = Policy(pending_timeout_s=20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """
    A notebook's `cells`, the settings that make it go wrong, and how it has to end.

    `summary` and `hint` are parts of what is said; `kept` is what must have come home in the log.
    """

    cells: tuple[str, ...] = ("print('begun')",)
    settings: Settings = field(default_factory=Settings)
    image: str = IMAGE
    state: RunState = RunState.FAILED
    cls: str = ""
    summary: str = ""
    hint: str = ""
    kept: bytes = b""
    attempt: int = 1


_EAT = "print('begun', flush=True)\nhog = []\nwhile True:\n    hog.append(bytearray(b'x') * (16 << 20))"
_CHILD = (
    f"import subprocess, sys\nprint('begun', flush=True)\nsubprocess.run([sys.executable, '-c', {_EAT!r}], check=True)"
)
_KILLED = "print('begun', flush=True)\nimport os, signal, time\ntime.sleep(1)\nos.kill(os.getpid(), signal.SIGSEGV)"
_FULL = """
print('begun', flush=True)
import time
with open('hog', 'wb') as file:  # no more than it takes: what fills the node's disk takes its images and logs away
    for _ in range(100):
        file.write(bytes(1 << 20))
time.sleep(240)
"""

CASES: dict[str, Case] = {
    "success": Case(cells=("x = 1", "print('begun')"), state=RunState.SUCCEEDED, kept=b"begun\n"),
    "failing-cell": Case(
        cells=("print('begun')", "1 / 0"), cls="CellFailed", summary="raised `ZeroDivisionError`", kept=b"begun\n"
    ),
    "system-exit": Case(cells=("print('begun')\nimport sys\nsys.exit(3)",), cls="CellFailed", summary="SystemExit"),
    "kernel-killed": Case(cells=(_KILLED,), cls="KernelDied", summary="SIGSEGV", kept=b"begun\n"),
    "out-of-memory": Case(
        cells=("y = 1", _EAT),
        settings=Settings(resources=Resources(memory="300Mi")),
        cls="OutOfMemory",
        summary="its memory limit is `300Mi`",
        hint="--memory 600Mi",
        kept=b"begun\n",
    ),
    "out-of-memory-in-a-child": Case(
        cells=(_CHILD,),
        settings=Settings(resources=Resources(memory="300Mi")),
        cls="CellFailed",
        summary="CalledProcessError",
        hint="--memory 600Mi",
        kept=b"begun\n",
    ),
    "timeout": Case(
        cells=("print('begun', flush=True)\nimport time\ntime.sleep(600)",),
        settings=Settings(policy=Policy(timeout_s=40.0)),  # all kernels of the table start at once
        cls="Timeout",
        summary="after 40 s",
        hint="--timeout ",
        kept=b"begun\n",
    ),
    "image-that-does-not-exist": Case(
        image=ABSENT, settings=Settings(policy=_PATIENT), cls="ImagePull", summary=ABSENT, hint="registry"
    ),
    "no-image-name": Case(image="docker.io/Not A Name", cls="ImageInvalid", summary="Not A Name"),
    "image-without-python": Case(image=BARE, cls="NotStarted", summary="python3", hint="--image NAME"),
    "no-node-with-memory": Case(
        settings=Settings(resources=Resources(memory="1Ti"), policy=_PATIENT),
        cls="Unschedulable.Resources",
        summary="memory",
        hint="--memory",
    ),
    "no-node-with-label": Case(
        settings=Settings(placement=Placement(node_selector={"disk": "none"}), policy=_PATIENT),
        cls="Unschedulable.Affinity",
    ),
    "no-claim": Case(
        settings=Settings(volumes=(Volume(kind="pvc", source="nope", path="/data"),), policy=_PATIENT),
        cls="Unschedulable.Volume",
        summary="nope",
    ),
    "no-config-map": Case(
        settings=Settings(volumes=(Volume(kind="configmap", source="nope", path="/data"),), policy=_PATIENT),
        cls="VolumeNotMounted",
        summary="nope",
    ),
    "no-secret": Case(
        settings=Settings(environment=Environment(secret={"TOKEN": "kubernetes:nope/key"}), policy=_PATIENT),
        cls="ConfigError",
        summary="nope",
    ),
    "quota": Case(
        settings=Settings(resources=Resources(gpu=1), policy=_PATIENT),
        cls="QuotaExceeded",
        summary="exceeded quota: limits",
        hint="describe quota limits",
    ),
    "rejected-by-pod-security": Case(
        settings=Settings(kubernetes=Kubernetes(pod_patch={"spec": {"hostNetwork": True}}), policy=_PATIENT),
        cls="PodSecurity",
        summary="hostNetwork",
    ),
    "full-disk": Case(
        cells=(_FULL,),
        settings=Settings(resources=Resources(ephemeral_storage="60Mi")),
        cls="Evicted",
        summary='exceeds the limit "60Mi"',
        hint="--ephemeral-storage",
    ),
    "retried": Case(
        cells=("print('begun', flush=True)", "import mlrun_nb\nassert mlrun_nb.current_run() is None, 'again'"),
        settings=Settings(policy=Policy(retries=1)),
        cls="CellFailed",
        summary="again",
        kept=b"begun\n",
        attempt=2,
    ),
}
