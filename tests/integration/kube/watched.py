"""All scenarios at once on a cluster, followed as an engine would: an informer, and events where they are needed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from mlrun_nb.kube.diagnose import diagnose, wants_events
from mlrun_nb.kube.diagnosis import Diagnosis, JobState
from mlrun_nb.kube.events import events_of
from mlrun_nb.kube.informer import Informer
from mlrun_nb.kube.transport import Api
from tests.integration.kube.scenarios import Scenario, act, start

_EVENTS_EVERY_S = 2.0
FINAL = frozenset({JobState.COMPLETE, JobState.FAILED, JobState.LOST})


class Watched:
    """Scenarios under way in one namespace, and what was said of each, in the order in which it was said."""

    def __init__(self, api: Api, scenarios: Mapping[str, Scenario]) -> None:
        self._api, self._scenarios = api, scenarios
        self._informer = Informer(api)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._condition = threading.Condition()
        self.told: dict[str, list[Diagnosis]] = {name: [] for name in scenarios}

    @contextmanager
    def following(self) -> Iterator[Watched]:
        """Start them, and follow until the block is left."""
        self._informer.snapshot()
        for scenario in self._scenarios.values():
            start(self._api, scenario)
        self._thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            self._thread.join()
            self._informer.close()

    def wait_for(self, name: str, *, timeout_s: float = 180) -> list[Diagnosis]:
        """Return all that was said of *name* once it has come to what is expected of it, or as far as it came."""
        scenario = self._scenarios[name]

        def is_there() -> bool:
            said = self.told[name]
            return bool(said) and (said[-1].state, said[-1].cls) == (scenario.state, scenario.cls)

        with self._condition:
            self._condition.wait_for(is_there, timeout_s)
            return list(self.told[name])

    def _follow(self) -> None:
        revision, events_at = 0, 0.0
        while not self._stopped.is_set():
            revision = self._informer.wait(revision, timeout_s=0.5)
            has_events = time.monotonic() > events_at + _EVENTS_EVERY_S
            self._look(has_events=has_events)
            events_at = time.monotonic() if has_events else events_at

    def _look(self, *, has_events: bool) -> None:
        taken = self._informer.snapshot()
        for name, scenario in self._scenarios.items():
            job, pods = taken.of(name)
            if job is None:
                continue
            act(self._api, scenario, pods)
            wanted = wants_events(job, pods, now=self._api.now())
            if wanted and not has_events:
                continue
            events = events_of(self._api, [job.thing, *(pod.thing for pod in pods)]) if wanted else ()
            self._tell(name, diagnose(job, pods, events, now=self._api.now()))

    def _tell(self, name: str, diagnosis: Diagnosis) -> None:
        with self._condition:
            said = self.told[name]
            if not said or (said[-1].state, said[-1].cls) != (diagnosis.state, diagnosis.cls):
                said.append(diagnosis)
                self._condition.notify_all()
