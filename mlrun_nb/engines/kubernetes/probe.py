"""
A pod that looks around where a run would be: the same image, node, account, variables and volumes, and no run.

Its Job is deleted whatever comes of it; should we be killed before that, it ends by itself and is removed.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.remote import driver_of
from mlrun_nb.engines.kubernetes import manifest, volumes
from mlrun_nb.engines.kubernetes.order import Order
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.kube.diagnose import diagnose, wants_events
from mlrun_nb.kube.diagnosis import Diagnosis, Grace, JobState
from mlrun_nb.kube.events import events_of
from mlrun_nb.kube.logs import PodLog
from mlrun_nb.kube.objects import JOBS, name_of
from mlrun_nb.kube.pods import MAIN, has_ended
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal
from mlrun_nb.kube.snapshot import Seen, take
from mlrun_nb.kube.transport import Api
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import RunRequest

PATIENCE_S = 300.0
"""How long an image may take to be there, unless the run's `pending-timeout` says otherwise."""
LABEL = "mlrun-nb/probe"
URL_VARIABLE = "MLRUN_NB_PROBE_URL"
OLDEST = (3, 11)
NEEDED = ("papermill", "ipykernel")
_KEPT_S = 60
_BEAT_S = 0.5


def probed(api: Api, request: RunRequest, order: Order) -> Iterator[Finding]:
    """Yield what a pod found of its image and of the store; never raises for what it found."""
    if not order.image:
        return  # said already
    wanted = job(request, order)
    try:
        try:
            api.post(JOBS, wanted, repeat=True)
            yield from _told(api, request, order, name_of(wanted))
        finally:
            api.delete(JOBS, name_of(wanted))
    except ApiProblem as err:
        said = refusal(err, what=f"Job `{name_of(wanted)}`", namespace=api.namespace)
        yield Finding(name="image", ok=False, text=said.summary, hint=said.hint)
    except MlrunNbError as err:
        yield Finding(name="image", ok=False, text=err.message, hint=err.hint)


def job(request: RunRequest, order: Order) -> dict[str, Any]:
    """Return the Job of a probe: that of *request*, but alone, tried once, and with our script in place of a run."""
    settings = replace(request.settings, placement=replace(request.settings.placement, replicas=None))
    alone = replace(request, settings=settings)
    sent = manifest.job(alone, name=order.job, image=order.image, nonce=order.nonce, way=order.way)
    labels = {**sent["metadata"]["labels"], LABEL: request.id}
    pod = sent["spec"]["template"]["spec"]
    main = next(each for each in pod["containers"] if each["name"] == MAIN)
    delivered = {each["name"] for each in main["volumeMounts"] if each["mountPath"] == volumes.DELIVERED}
    main["command"] = ["python3", "-c", manifest.literal(_script())]
    main["env"] = [*main.get("env", ()), {"name": URL_VARIABLE, "value": manifest.literal(_url(request, order))}]
    main["volumeMounts"] = [each for each in main["volumeMounts"] if each["name"] not in delivered]
    pod["volumes"] = [each for each in pod["volumes"] if each["name"] not in delivered]
    template = {"metadata": {"labels": labels}, "spec": pod}
    spec = {"backoffLimit": 0, "ttlSecondsAfterFinished": _KEPT_S, "activeDeadlineSeconds": int(2 * PATIENCE_S)}
    return {
        "apiVersion": sent["apiVersion"],
        "kind": sent["kind"],
        "metadata": {"name": f"mlrun-probe-{request.id}", "labels": labels},
        "spec": {**spec, "template": template},
    }


def findings(request: RunRequest, order: Order, said: Mapping[str, Json]) -> Iterator[Finding]:
    """Yield what the probe *said* of its image, and of the store where it tried one."""
    lacking = [name for name in NEEDED if not said.get(name) and name not in _required(request)]
    is_old = tuple(map(int, str(said["python"]).split(".")[:2])) < OLDEST
    has = ", ".join([f"Python {said['python']}", *(f"{name} {said[name]}" for name in NEEDED if said.get(name))])
    text = f"`{order.image}` has {has}" + (f", and lacks {' and '.join(lacking)}" if lacking and not is_old else "")
    hint = ""
    if is_old:
        hint = "Use an image with Python 3.11 or later: `FROM python:3.12-slim`."
    elif lacking:
        hint = f"Add a line to its Dockerfile: `RUN pip install {' '.join(lacking)}`."
    yield Finding(name="image", ok=not hint, text=text, hint=hint)
    if "store" in said:
        yield _store(request, order, str(said["store"]))


def _store(request: RunRequest, order: Order, said: str) -> Finding:
    if said == "ok":
        return Finding(name="artifacts", ok=True, text=f"{order.url}, written, read and removed from the pod")
    driver = driver_of(order.url) if "No module named" in said or "ImportError" in said else ""
    if driver and driver in _required(request):
        return Finding(name="artifacts", ok=None, text=f"not tried from the pod: {driver} comes when a run starts")
    return Finding(
        name="artifacts",
        ok=False,
        text=f"{order.url} cannot be used from the pod: {said}",
        hint=f"Add a line to the image's Dockerfile, `RUN pip install {driver}`, or set `requirement: [{driver}]`."
        if driver
        else "Give the pod the endpoint and the keys: `env` and `secret` of the profile.",
    )


def _told(api: Api, request: RunRequest, order: Order, name: str) -> Iterator[Finding]:
    """Wait for the pod of the Job *name*, and yield what it said or why it said nothing."""
    told, pod = _ended(api, request, name)
    said = _answer(PodLog(api, name_of(pod.thing), MAIN).read().data) if pod is not None else None
    if said is not None:
        yield from findings(request, order, said)
    else:
        text = told.summary or f"the pod of `{order.image}` did not say what it has within {PATIENCE_S:g} s"
        yield Finding(name="image", ok=False, text=text, hint=told.hint or "Try again once the cluster has room.")


def _ended(api: Api, request: RunRequest, name: str) -> tuple[Diagnosis, Seen | None]:
    """Return what became of the probe, and its pod where that has ended."""
    limit_s = request.settings.policy.pending_timeout_s or PATIENCE_S
    grace = Grace(unschedulable_s=limit_s, image_s=limit_s, config_s=limit_s, mount_s=limit_s, no_pod_s=limit_s)
    deadline = time.monotonic() + limit_s
    while True:
        found, pods = take(api, f"{LABEL}={request.id}").of(name)
        now = api.now()
        things = [each.thing for each in (*([found] if found else []), *pods)]
        events = events_of(api, things) if wants_events(found, pods, now=now) else ()
        told = diagnose(found, pods, events, now=now, grace=grace)
        pod = next((each for each in pods if has_ended(each.thing)), None)
        is_over = told.is_overdue or told.state not in {JobState.PENDING, JobState.RUNNING}
        if pod is not None or is_over or time.monotonic() > deadline:
            return told, pod
        time.sleep(_BEAT_S)


def _answer(log: bytes) -> Mapping[str, Json] | None:
    for line in reversed(log.splitlines()):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and "python" in said:
            return said
    return None


def _script() -> str:
    return Path(__file__).with_name("probe_script.py").read_text(encoding="utf-8")


def _url(request: RunRequest, order: Order) -> str:
    return f"{order.url}/doctor-{request.id}" if order.url else ""


def _required(request: RunRequest) -> set[str]:
    """Return the names of the distributions that are installed when a run starts."""
    texts = request.settings.environment.requirement
    return {re.split(r"[\s\[<>=!~;@]", text, maxsplit=1)[0].lower() for text in texts}
