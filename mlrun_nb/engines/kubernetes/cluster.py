"""
One namespace of one cluster, as a process sees it: its API, and what is known there of our Jobs.

Who looks once gets one list of each kind. Who keeps looking gets an informer, two watches for any number of runs, which
ends by itself when nobody looks any more.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Sequence
from functools import cached_property
from time import monotonic

from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kube.access import Access
from mlrun_nb.kube.informer import Informer
from mlrun_nb.kube.objects import EVENTS, JOBS, JsonObject, part
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.refusals import refusal
from mlrun_nb.kube.snapshot import Seen, Snapshot, take
from mlrun_nb.kube.transport import Api

_AGAIN_S = 5.0
"""Two looks within so many seconds are a watch."""
_WARNINGS_S = 3.0
_PER_INDEX = 29
"""The first minor version with `backoffLimitPerIndex`. Source: Kubernetes, `Feature Gates`."""


class Cluster:
    """The namespace that *context* and *namespace* mean; may be used by any thread."""

    def __init__(self, context: str, namespace: str) -> None:
        self.api = Api(Access(context=context, namespace=namespace))
        self._lock = threading.Lock()
        self._looked_at = -_AGAIN_S
        self._informer: Informer | None = None
        self._warned_at = -_WARNINGS_S
        self._warnings: Sequence[JsonObject] = ()

    @cached_property
    def reach(self) -> dict[str, str]:
        """What a handle has to say so that it can be judged from here."""
        return {"cluster": self.api.authority(), "namespace": self.api.namespace}

    def look(self) -> Snapshot:
        """Return the Jobs and pods of ours; raises EngineUnavailable."""
        with self._lock:
            is_again = monotonic() - self._looked_at < _AGAIN_S
            self._looked_at = monotonic()
            if is_again and self._informer is None:
                self._informer = Informer(self.api)
            informer = self._informer
        try:
            return informer.snapshot() if informer is not None else take(self.api)
        except ApiProblem as err:
            raise rejected(err, what="a look at Jobs and pods", namespace=self.api.namespace) from err

    def of(self, snapshot: Snapshot, job: str) -> tuple[Seen | None, tuple[Seen, ...]]:
        """Return the Job named *job* and its pods; that it is not there is only said after asking for it by name."""
        found, pods = snapshot.of(job)
        if found is not None and found.gone is None:
            return found, pods
        try:
            return Seen(thing=self.api.get(JOBS, job)), pods
        except ApiProblem as err:
            if err.status == 404:
                return None, pods
            raise rejected(err, what=f"a look at Job `{job}`", namespace=self.api.namespace) from err

    def knows_indexes(self) -> bool:
        """Tell whether the server counts the failures of each index of a Job apart; of one that is away it is hoped."""
        try:
            version = self.api.request("GET", "/version").body
        except (ApiProblem, EngineUnavailable):
            return True
        minor = re.match(r"\d+", str(version.get("minor")))
        return minor is None or str(version.get("major")) != "1" or int(minor[0]) >= _PER_INDEX

    def warnings_about(self, names: Collection[str]) -> Sequence[JsonObject]:
        """Return the warnings that name one of the objects *names*, some seconds old at most: one list for all runs."""
        with self._lock:
            if monotonic() - self._warned_at > _WARNINGS_S:
                try:
                    self._warnings = self.api.list(EVENTS, fields="type=Warning").items
                except ApiProblem:
                    self._warnings = ()  # without the right to read events there is less to say
                self._warned_at = monotonic()
            found = self._warnings
        return [event for event in found if part(event, "involvedObject").get("name") in names]

    def close(self) -> None:
        """Stop watching."""
        with self._lock:
            informer, self._informer = self._informer, None
        if informer is not None:
            informer.close()
        self.api.close()


def rejected(problem: ApiProblem, *, what: str, namespace: str) -> EngineRejected:
    """Return what the refusal of *what*, such as "Job `mlrun-train-...`", comes to: whose move it is, what to do."""
    said = refusal(problem, what=what, namespace=namespace)
    return EngineRejected(said.summary, hint=said.hint, cls=said.cls)
