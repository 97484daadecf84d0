"""
Record what a real cluster says of the Jobs of `scenarios.py`, for the tests of `diagnose`.

    KUBECONFIG=… python -m tests.integration.kube.record [NAME…]

Writes `tests/unit/kube/data/NAME.json`: the Job and its pods in their last state, as an informer saw them, their
events, and the time. The namespaces are its own and are deleted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from mlrun_nb.kube.events import events_of
from mlrun_nb.kube.informer import Informer
from mlrun_nb.kube.objects import condition, part
from mlrun_nb.kube.snapshot import Seen
from tests.integration.kube.cluster import Space, space
from tests.integration.kube.scenarios import SCENARIOS, Scenario, act, start

DATA = Path(__file__).parents[2] / "unit/kube/data"
NOISE = frozenset(
    {"managedFields", "resourceVersion", "generation", "tolerations", "volumes", "volumeMounts", "securityContext"}
    | {"hostIP", "hostIPs", "podIP", "podIPs", "terminationMessagePath", "terminationMessagePolicy", "dnsPolicy"}
    | {"schedulerName", "enableServiceLinks", "preemptionPolicy", "serviceAccount", "reportingComponent", "source"}
    | {"reportingInstance", "qosClass", "allocatedResources", "kind", "apiVersion", "command", "generateName"}
)
"""What makes a record long and is not read."""


def slim(value: Any) -> Any:
    """Return *value* without noise, at any depth."""
    if isinstance(value, dict):
        return {key: slim(item) for key, item in value.items() if key not in NOISE}
    return [slim(item) for item in value] if isinstance(value, list) else value


def main(names: list[str]) -> None:
    """Start all, wait until each has come to its end or has waited long enough, and write what is there then."""
    DATA.mkdir(exist_ok=True)
    chosen = {name: SCENARIOS[name] for name in names or SCENARIOS}
    alone = {name for name, each in chosen.items() if each.needs_space}
    with space() as shared:
        _record(shared, {name: each for name, each in chosen.items() if name not in alone})
    for name in alone:
        with space(labels=chosen[name].labels) as own:
            _record(own, {name: chosen[name]})


def _record(place: Space, scenarios: dict[str, Scenario]) -> None:
    informer = Informer(place.api)
    informer.snapshot()
    began = time.monotonic()
    for scenario in scenarios.values():
        start(place.api, scenario)
    left = dict(scenarios)
    while left:
        time.sleep(0.2)
        taken = informer.snapshot()
        for name, scenario in list(left.items()):
            seen, pods = taken.of(name)
            act(place.api, scenario, pods)
            if _is_done(scenario, seen, pods, waited_s=time.monotonic() - began):
                del left[name]
                _write(place, name, seen, pods)
    informer.close()


def _is_done(scenario: Scenario, seen: Seen | None, pods: tuple[Seen, ...], *, waited_s: float) -> bool:
    if seen is None:
        return False
    if scenario.state == "pending":
        return waited_s > 28
    if scenario.state == "running":
        return any(part(pod.thing, "status").get("phase") == "Running" for pod in pods)
    if seen.gone is not None:
        return all(pod.gone is not None for pod in pods)
    return any(condition(seen.thing, kind) for kind in ("Complete", "Failed"))


def _write(place: Space, name: str, seen: Seen | None, pods: tuple[Seen, ...]) -> None:
    things = [each.thing for each in (seen, *pods) if each is not None]
    record = {
        "now": place.api.now().isoformat(timespec="seconds"),
        "job": seen and _plain(seen),
        "pods": [_plain(pod) for pod in pods],
        "events": [dict(event) for event in events_of(place.api, things)],
    }
    text = json.dumps(slim(record), indent=1)
    (DATA / f"{name}.json").write_text(text.replace(place.api.namespace, "space") + "\n")
    print(name)


def _plain(seen: Seen) -> dict[str, Any]:
    return {"thing": dict(seen.thing), "gone": seen.gone and seen.gone.isoformat(timespec="seconds")}


if __name__ == "__main__":
    main(sys.argv[1:])
