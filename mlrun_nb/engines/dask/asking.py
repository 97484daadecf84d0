"""What is known of a run that has not ended by its files: what its scheduler says of its task, and who acts on that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mlrun_nb.engines.dask import away
from mlrun_nb.engines.dask.homecoming import Homecoming
from mlrun_nb.engines.dask.order import Order
from mlrun_nb.engines.dask.sight import Sight
from mlrun_nb.model.run import Observation
from mlrun_nb.model.states import RunState

_WITH_SCHEDULER = frozenset({"processing", "waiting", "no-worker", "queued"})
"""States of a task that waits or is executed."""


class Asked:
    """A run by the *state* of its task, None where the scheduler knows none; its *turn* was read before that."""

    def __init__(self, sight: Sight, order: Order, *, state: str | None, turn: int) -> None:
        self._sight, self._order, self._state, self._turn = sight, order, state, turn

    def observation(
        self,
        homecoming: Homecoming,
        *,
        is_same: bool,
        resubmit: Callable[[Sight, Order, int], None],
        said: Callable[[str], str],
    ) -> Observation:
        """Return what is known, after *homecoming* has brought what a lost worker left; see `Sight.by_task`."""
        sight, order, turn = self._sight, self._order, self._turn
        is_lost = bool(order.url) and self._state not in _WITH_SCHEDULER
        if is_lost and (trouble := homecoming.look(sight.run, sight.folder, order.url, at_once=True)):
            return Observation(state=RunState.RUNNING, reason=trouble)
        again = partial(resubmit, sight, order, turn)
        leave = partial(away.leave, sight.folder, turn)
        return sight.by_task(self._state, is_same=is_same, resubmit=again, said=said, leave=leave)
