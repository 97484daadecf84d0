"""What one watch has told so far: the objects, its last sign of life, and what keeps it from telling more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.cache import ObjectCache
from mlrun_nb.kube.objects import JsonObject
from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.kube.snapshot import Seen
from mlrun_nb.kube.transport import Api


class Feed:
    """
    Hears a watch and keeps *cache*, which outlives it, up to date.

    *condition* guards everything here. *is_wanted* says whether to go on; *told* is called after each change, without
    the condition held.
    """

    def __init__(
        self,
        api: Api,
        cache: ObjectCache,
        *,
        condition: threading.Condition,
        is_wanted: Callable[[], bool],
        told: Callable[[], None],
    ) -> None:
        self._api, self._cache, self._condition = api, cache, condition
        self._is_wanted, self._told = is_wanted, told
        self._is_over = False
        self._is_listed = False
        self._problem: ApiProblem | EngineUnavailable | None = None
        self._contact = time.monotonic()

    def is_wanted(self) -> bool:
        """Tell whether to go on."""
        return not self._is_over and self._is_wanted()

    def listed(self, things: Sequence[JsonObject]) -> None:
        """Take *things* for all there are."""
        with self._condition:
            if self._is_over:
                return
            self._cache.replace(things, self._api.now())
            self._is_listed = True
            self._is_alive()
        self._told()

    def changed(self, kind: str, thing: JsonObject) -> None:
        """Take *thing* as ADDED, MODIFIED or DELETED."""
        with self._condition:
            if self._is_over:
                return
            if kind == "DELETED":
                self._cache.remove(thing, self._api.now())
            else:
                self._cache.put(thing)
            self._is_alive()
        self._told()

    def heard(self) -> None:
        """Take note that the server is there, and has nothing new."""
        with self._condition:
            self._is_alive()

    def failed(self, problem: ApiProblem | EngineUnavailable) -> None:
        """Hear that the server refused or was not there."""
        with self._condition:
            self._problem = problem
        self._told()

    def retire(self) -> None:
        """Take in nothing more: another feed has the cache now. The condition is held."""
        self._is_over = True

    def is_settled(self) -> bool:
        """Tell whether there is an answer, be it an error. The condition is held."""
        return self._is_listed or self._problem is not None

    def check(self, *, stale_s: float) -> None:
        """
        Raise ApiProblem where we may not ask, EngineUnavailable where what is known may not be true any more.

        That is before the first list, and *stale_s* seconds after the last sign of life. The condition is held.
        """
        problem = self._problem
        if isinstance(problem, ApiProblem):
            raise ApiProblem(
                problem.status, reason=problem.reason, message=problem.message, details=problem.details
            ) from problem
        if not self._is_listed or self.age_s() > stale_s:
            raise _unavailable(self._api, problem) from problem

    def seen(self) -> Sequence[Seen]:
        """Return what is known. The condition is held."""
        return self._cache.all(self._api.now())

    def age_s(self) -> float:
        """Return the seconds since the last sign of life. The condition is held."""
        return time.monotonic() - self._contact

    def _is_alive(self) -> None:
        self._problem = None
        self._contact = time.monotonic()


def _unavailable(api: Api, problem: EngineUnavailable | None) -> EngineUnavailable:
    if problem is not None:
        return EngineUnavailable(problem.message, hint=problem.hint)
    return EngineUnavailable(
        f"the API server at `{api.server}` does not say what runs there",
        hint=f"See whether this works: `{api.kubectl} --namespace={api.namespace} get jobs`.",
    )
