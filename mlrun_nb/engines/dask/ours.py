"""What a cluster of ours can be told, whichever kind it is; and the one of this machine as such."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from mlrun_nb.engines.dask import own_cluster, own_standing
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.engines.dask.target import IDLE_TIMEOUT_S
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.quantities import cpu_cores
from mlrun_nb.model.settings import Settings


class Ours(Protocol):
    """A cluster of ours, there or not. Each method raises EngineRejected and EngineUnavailable; see `Clustered`."""

    def standing(self) -> Cluster | None:
        """Return how it stands; None where it is not there."""
        ...

    def begin(self) -> Cluster:
        """Begin it, or find it."""
        ...

    def scale(self, *, least: int, most: int, force: bool) -> Cluster:
        """Have it between *least* and *most* workers."""
        ...

    def end(self, *, force: bool) -> bool:
        """End it, and return whether it was there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OfThisMachine:
    """The cluster of this machine for *home*, begun as *settings* say. It has no range."""

    home: Path
    settings: Settings

    def standing(self) -> Cluster | None:
        """Return how it stands; None where it is not there."""
        return own_standing.standing(self.home)

    def begin(self) -> Cluster:
        """Begin it, or find it."""
        settings = self.settings
        wish = Wish.usual(idle_timeout_s=settings.dask.dask_idle_timeout_s or IDLE_TIMEOUT_S)
        if settings.dask_workers:
            wish = replace(wish, workers=settings.dask_workers[-1])
        if settings.dask_worker_cpu:
            wish = replace(wish, threads=math.ceil(cpu_cores(settings.dask_worker_cpu)))
        own_cluster.find_or_start(self.home, wish)
        found = self.standing()
        assert found is not None  # it has just been found
        return found

    def scale(self, *, least: int, most: int, force: bool) -> Cluster:
        """Give it another number of workers."""
        if least != most:
            raise EngineRejected(
                "a cluster of this machine has a fixed number of workers",
                hint=f"Name one number: `mlrun-nb dask scale {most}`.",
            )
        return own_standing.scale(self.home, most, force=force)

    def end(self, *, force: bool) -> bool:
        """End it."""
        return own_standing.down(self.home, force=force)
