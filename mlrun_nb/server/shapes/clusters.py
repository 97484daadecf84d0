"""The Dask clusters that runs start by themselves."""

from __future__ import annotations

from typing import Annotated

import msgspec

from mlrun_nb.server.route import Asked, Shape, Where


class ClusterRow(Shape, frozen=True, kw_only=True):
    """
    A cluster as it is now. `on` is the engine or profile whose runs go there, `place` says where it is, for people.

    `workers` are there, between `least` and `most` of them are asked for. `runs` are tasks that workers have or that
    wait, `memory_bytes` is what its workers hold. `core_hours` is what its slots come to since its start. `dashboard`
    is a link for a browser that reaches this server, empty where there is none. `trouble` is what keeps it, or a worker
    of it, from being there.
    """

    on: str
    name: str
    place: str
    owner: str
    workers: int
    least: int
    most: int
    slots: int
    runs: int
    memory_bytes: int
    up_s: float
    idle_timeout_s: float
    core_hours: float
    address: str
    dashboard: str
    trouble: str


class UnknownCluster(Shape, frozen=True, kw_only=True):
    """An engine or profile whose cluster could not be asked after: why, and what to do."""

    on: str
    error: str
    hint: str


class Clusters(Shape, frozen=True, kw_only=True):
    """
    All clusters of ours that a profile or an engine leads to, and what could not be asked.

    `vacant` tells whether runs on the engine `dask` itself have none, and one could be begun for them.
    """

    clusters: tuple[ClusterRow, ...]
    unknown: tuple[UnknownCluster, ...]
    vacant: bool


Few = Annotated[int, msgspec.Meta(ge=1, le=1024)]


class BeginCluster(Asked, frozen=True, kw_only=True):
    """
    Whose cluster, and what it is to be like: as a profile says, or suits the machine, where something is left out.

    `workers` is `N` or `MIN..MAX`, `threads` the slots of each, `idle_timeout` how long it lives without work: `2h`.
    """

    on: str = "dask"
    workers: str | None = None
    threads: Few | None = None
    idle_timeout: str | None = None


class ScaleCluster(Asked, frozen=True, kw_only=True):
    """
    How many `workers` it is to have, `N` or `MIN..MAX`; with `force` also where runs fail by that.

    `name` means another cluster of ours in the same place.
    """

    workers: str
    name: str = ""
    force: bool = False


class EndAsked(Where, frozen=True, kw_only=True):
    """With `force` also while it has runs, which fail. `name` means another cluster of ours in the same place."""

    name: str = ""
    force: bool = False
