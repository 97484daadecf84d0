"""The clusters that one engine speaks with: each connection is made once, a cluster of this machine when wanted."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

from mlrun_nb.engines.dask import own_cluster
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.kubernetes.place import Place
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.engines.dask.target import IDLE_TIMEOUT_S, Target
from mlrun_nb.errors import EngineUnavailable

_TRIES_EACH_S = 5.0
"""How long after a scheduler could not be reached it is tried again: each time takes seconds."""


class Clusters:
    """Connections by target; the cluster of this machine is that of *home*."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._connections: dict[tuple[Target, str], Connection] = {}
        self._failed: dict[tuple[Target, str], tuple[float, EngineUnavailable]] = {}
        self._places: dict[tuple[str, str], Place] = {}
        self._lock = threading.Lock()

    def reached(self, target: Target) -> Connection | None:
        """Return the connection to a cluster; None where it is ours and not there, or not yet."""
        if target.is_operated:
            return self._operated(target)
        if not target.is_own:
            return self._to(target, target.address)
        about = own_cluster.find(self._home)
        return None if about is None else self._to(target, about.address)

    def started(self, target: Target, *, idle_timeout_s: float | None = None) -> Connection:
        """Return the connection to a cluster, which is started where it is of this machine and not there."""
        found = self.reached(target)
        if found is not None:
            return found
        wish = Wish.usual(idle_timeout_s=idle_timeout_s or IDLE_TIMEOUT_S)
        return self._to(target, own_cluster.start(self._home, wish).address)

    def connected(self, target: Target) -> Connection:
        """Return the connection to a cluster that was there; raises EngineUnavailable while it is not."""
        found = self.reached(target)
        if found is None:
            raise EngineUnavailable(
                "the Dask cluster is not there any more",
                hint="Cancel what waits for it, and begin it again: `mlrun-nb dask up`.",
            )
        return found

    def place(self, target: Target) -> Place:
        """Return the namespace of a cluster on Kubernetes."""
        with self._lock:
            place = (target.context, target.namespace)
            if place not in self._places:
                self._places[place] = Place(*place)
            return self._places[place]

    def close(self) -> None:
        """Let go of the schedulers; what they have goes on."""
        with self._lock:
            connections, self._connections = self._connections, {}
            places, self._places = self._places, {}
        for connection in connections.values():
            connection.close()
        for place in places.values():
            place.close()

    def _operated(self, target: Target) -> Connection | None:
        place = self.place(target)
        address = place.address(target.cluster)
        if address is None:
            return None
        try:
            return self._to(target, address)
        except EngineUnavailable as err:
            if why := place.way_trouble(target.cluster):
                raise EngineUnavailable(f"{err.message} ({why})", hint=err.hint) from err
            raise

    def _to(self, target: Target, address: str) -> Connection:
        place = (target, address)
        with self._lock:
            since, error = self._failed.get(place, (0.0, None))
            if error is not None and monotonic() - since < _TRIES_EACH_S:
                raise error
            known = self._connections.get(place)
            if known is not None and known.is_open:
                return known
            if known is not None:
                known.close()
            try:
                self._connections[place] = Connection(target, address)
            except EngineUnavailable as err:
                self._connections.pop(place, None)
                self._failed[place] = monotonic(), err
                raise
            return self._connections[place]
