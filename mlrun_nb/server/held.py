"""What the server keeps between two requests, so that a look costs what is new; all of it is bounded, none needed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock, Thread

from mlrun_nb.commands.following import FollowedRuns
from mlrun_nb.commands.runs import FRESHNESS_BUDGET_S, refresh
from mlrun_nb.errors import MlrunNbError
from mlrun_nb.project import Project
from mlrun_nb.server.hub_looks import HubLooks
from mlrun_nb.server.publications import Publications
from mlrun_nb.services.landscape import SpotsOfSweeps
from mlrun_nb.services.log_lines import Logs
from mlrun_nb.services.series import SeriesOfRuns

_FRESH_S = 0.5
"""Many clients ask for the same lists; open runs are looked at so often, not for each of them."""
_LATE = "not every engine has answered yet"


class _Look:
    """The last look at one project's open runs: the thread that looks, when it ended, what was in its way."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._worker: Thread | None = None
        self._ended = -_FRESH_S
        self._doubt = ""
        self._lock = Lock()

    def refresh(self) -> str:
        """Look where that was not done just now, and wait a little for it; a look that hangs is not begun again."""
        with self._lock:
            if self._worker is None or not self._worker.is_alive():
                if time.monotonic() - self._ended < _FRESH_S:
                    return self._doubt
                self._worker = Thread(target=self._work, daemon=True, name="reconcile")
                self._worker.start()
            worker = self._worker
        worker.join(FRESHNESS_BUDGET_S)
        return _LATE if worker.is_alive() else self._doubt

    def _work(self) -> None:
        try:
            self._doubt = refresh(self._project)
        except MlrunNbError as err:
            self._doubt = err.message
        self._ended = time.monotonic()


class Freshness:
    """Brings the open runs of each project up to date, for everybody who asks at the same time."""

    def __init__(self) -> None:
        self._looks: dict[tuple[str, str], _Look] = {}
        self._lock = Lock()

    def refresh(self, project: Project) -> str:
        """Bring open runs up to date as far as that is quick; returns why some could not be, empty when all could."""
        key = (project.store.location, project.config.project)
        with self._lock:
            look = self._looks.setdefault(key, _Look(project))
        return look.refresh()


@dataclass(frozen=True, slots=True)
class Held:
    """Indexes of logs, runs that are followed and what they logged, sweeps, hubs; when lists were made current."""

    logs: Logs = field(default_factory=Logs)
    runs: FollowedRuns = field(default_factory=FollowedRuns)
    series: SeriesOfRuns = field(default_factory=SeriesOfRuns)
    spots: SpotsOfSweeps = field(default_factory=SpotsOfSweeps)
    freshness: Freshness = field(default_factory=Freshness)
    hub: HubLooks = field(default_factory=HubLooks)
    publications: Publications = field(default_factory=Publications)
