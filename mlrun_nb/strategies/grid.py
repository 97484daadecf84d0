"""Every combination of values, in the order of nested loops over the parameters as they are written."""

from __future__ import annotations

from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import LogRandInt
from mlrun_nb.model.search import Memory, Search
from mlrun_nb.model.space import refuse_repeated
from mlrun_nb.strategies.foreseen import Foreseen
from mlrun_nb.strategies.refusals import need_space, refuse_options


def grid(search: Search, memory: Memory) -> Foreseen:  # noqa: ARG001  # called as every strategy
    """
    Return the full product: for `a=1,2 b=3,4` the points 1 3, 1 4, 2 3, 2 4.

    A distribution takes part with all its values where it has steps, `randint(1, 3)` as `1,2,3`.
    """
    need_space("grid", search)
    refuse_options("grid", search)
    refuse_repeated(search.space)
    for name, distribution in search.space.distributions.items():
        if distribution.count is None or isinstance(distribution, LogRandInt):
            raise OptionError(
                f"a grid needs the values of `{name}`, and `{distribution.text}` says how they are drawn",
                hint=f"List values, as in `{name}=0.1,0.01`, or choose the strategy `random`.",
            )
    return Foreseen(search.space.point, total=search.capped(search.space.count or 0))
