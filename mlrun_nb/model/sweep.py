"""
What a sweep is: a parent run that explores a parameter space, and what it asks of its children.

The space itself, which may hold thousands of points, lies beside the request, in `sweep.json`; here is what a list of
runs needs to know.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """
    How a parent run goes through its points.

    `engine` and `profile` are the children's; the parent's own driver is a process on the machine that submitted it.
    `selector` is `max.NAME` or `min.NAME`, empty where no child is better than another. `stop` is a condition on a
    child's results. At most `parallel` children are under way at once, 0 for as many as the engine takes. The sweep
    gives up after more than `max_errors` failed children (None: never) and begins no child after `max_time_s`.
    `keep` is `best`, `all` or a number: whose notebook, log and artifacts stay, beside those of the failed.
    """

    strategy: str
    seed: int
    engine: str
    profile: str = ""
    selector: str = ""
    stop: str = ""
    max_runs: int | None = None
    max_errors: int | None = None
    max_time_s: float | None = None
    parallel: int = 0
    keep: str = "best"
    total: int | None = None
    """Points that there will be, where that is known."""
