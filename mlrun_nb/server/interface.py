"""What answers requests: the table of routes, the projects, what is kept meanwhile; made by the first request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from logging import Logger
from typing import Any
from urllib.parse import unquote

from mlrun_nb.server.dashboards import DashboardLinks
from mlrun_nb.server.held import Held
from mlrun_nb.server.projects import Projects
from mlrun_nb.server.route import Asked, Call, Route, Where
from mlrun_nb.server.table import ROUTES
from mlrun_nb.server.watcher import EVENT, Watcher


class Interface:
    """
    The routes over the projects below *root*; *dashboards* are the links that this server can give.

    *emit* is told of changes, with the schema of their event.
    To import this module is to import most of the product, 0.3 s.
    """

    def __init__(
        self, root: str, emit: Callable[[str, dict[str, str]], None], log: Logger, *, dashboards: DashboardLinks
    ) -> None:
        self._projects, self._held, self._dashboards = Projects(root), Held(), dashboards
        refresh = self._held.freshness.refresh
        self._watcher = Watcher(self._projects, lambda change: emit(EVENT, change), log, refresh=refresh)

    def find(self, path: str) -> tuple[Mapping[str, Route[Any, Any]], Mapping[str, str]] | None:
        """
        Return the routes of *path*, the part of an address behind the base, by method, and what its open parts hold.

        An open part holds no `/`, but may hold one that is written as `%2F`. None for a path that leads nowhere.
        """
        for pattern, routes in _patterns():
            match = pattern.fullmatch(path)
            if match:
                return routes, {name: unquote(part) for name, part in match.groupdict().items()}
        return None

    def looked(self) -> None:
        """Somebody asks; called in the server's loop."""
        self._watcher.looked()

    def call(self, route: Route[Any, Any], query: Where, body: Asked, places: Mapping[str, str]) -> object:
        """Return what the function of *route* answers; called in a thread."""
        return route.call(
            Call(
                project=self._projects.at(query.folder),
                held=self._held,
                dashboards=self._dashboards,
                query=query,
                body=body,
                root=self._projects.root,
                places=places,
            )
        )

    async def close(self) -> None:
        """Stop to watch and let go of the stores; runs go on."""
        await self._watcher.stop()
        self._projects.close()


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], Mapping[str, Route[Any, Any]]]]:
    paths = dict.fromkeys(route.path for route in ROUTES)
    return [
        (
            re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))),
            {route.method: route for route in ROUTES if route.path == path},
        )
        for path in paths
    ]
