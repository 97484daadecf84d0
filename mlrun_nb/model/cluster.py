"""A Dask cluster that is ours: whose it is, what it has, what it costs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """
    A cluster as it is now. `workers` are there, between `least` and `most` of them are asked for.

    `place` says where it is, for people. `runs` are tasks that workers have or that wait, `memory_bytes` is what its
    workers hold. `core_hours` is what its slots come to since its start, at their present number. `trouble` is what
    keeps it, or a worker of it, from being there; nothing is known of runs and memory then.
    """

    name: str
    place: str
    owner: str
    workers: int
    least: int
    most: int
    slots: int
    up_s: float
    idle_timeout_s: float
    core_hours: float
    address: str = ""
    dashboard: str = ""
    runs: int = 0
    memory_bytes: int = 0
    trouble: str = ""
