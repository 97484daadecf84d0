"""
The server's own look at its projects: what becomes of open runs is recorded, and who listens hears of each change.

It sleeps where nothing is open and nobody looks, so that an idle server costs nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from logging import Logger
from typing import Protocol

from mlrun_nb.commands.runs import refresh
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.project import Project

EVENT = "https://mlrun-nb.github.io/events/changes/v1"

Emit = Callable[[dict[str, str]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """
    How often to look: every `quick_s` while somebody does, which is for `looked_for_s` after each request.

    That is twice as long as a panel waits between two of them. Every `slow_s` while only runs are open.
    """

    looked_for_s: float = 60.0
    quick_s: float = 0.25
    slow_s: float = 5.0


USUAL = Pace()


class Opened(Protocol):
    """Whatever has projects that somebody asked for."""

    def opened(self) -> tuple[Project, ...]:
        """Return them."""
        ...


class Watcher:
    """
    Looks at all opened projects, tells *emit* which stores have changed, and sleeps as long as it can.

    *refresh* brings the open runs of a project up to date.
    """

    def __init__(
        self,
        projects: Opened,
        emit: Emit,
        log: Logger,
        *,
        refresh: Callable[[Project], object] = refresh,
        pace: Pace = USUAL,
    ) -> None:
        self._projects, self._emit, self._log, self._refresh, self._pace = projects, emit, log, refresh, pace
        self._revisions: dict[str, str] = {}
        self._last_request = -pace.looked_for_s
        self._wake = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    def looked(self) -> None:
        """Somebody looks: be quick for a while. The first one starts the watch."""
        self._last_request = time.monotonic()
        self._wake.set()
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End the watch."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def _watch(self) -> None:
        while True:
            has_open = await asyncio.to_thread(self._look)
            await self._rest(has_open=has_open)

    async def _rest(self, *, has_open: bool) -> None:
        self._wake.clear()
        if time.monotonic() - self._last_request < self._pace.looked_for_s:
            await asyncio.sleep(self._pace.quick_s)
            return
        try:
            await asyncio.wait_for(self._wake.wait(), self._pace.slow_s if has_open else None)
        except TimeoutError:
            return

    def _look(self) -> bool:
        """Bring every project up to date and tell of changes; returns whether any run is open."""
        has_open = False
        for project in self._projects.opened():
            try:
                has_open = self._look_at(project) or has_open
            except MlrunNbError as err:  # a store that is away for a while; whoever asks for it hears why
                self._log.debug("mlrun_nb: %s", err.message)
            except Exception:  # noqa: BLE001  # what ails one project must not end the watch over all
                self._log.exception("mlrun_nb: a look at project %s", project.config.project)
        return has_open

    def _look_at(self, project: Project) -> bool:
        store = project.store
        runs = store.open_runs(project.config.project)
        if runs:
            self._refresh(project)
        revision = store.revision()
        if self._revisions.get(store.location) != revision:  # told once unasked: a client may have read before us
            self._revisions[store.location] = revision
            self._emit({"store": store.location, "revision": revision})
        return bool(runs)
