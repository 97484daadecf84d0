"""Hand a run over to a cluster as a task: to workers that can execute it, with our package where they lack it."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from mlrun_nb._lib.archive import unpack
from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb.engines.dask import away
from mlrun_nb.engines.dask.connection import Connection
from mlrun_nb.engines.dask.order import Order
from mlrun_nb.engines.dask.survey import Survey, survey
from mlrun_nb.engines.supervisor import files
from mlrun_nb.engines.travelling import package
from mlrun_nb.model.run import RunId, RunRequest
from mlrun_nb.runner import layout

_KEEPS_S = 30.0
"""How long workers are remembered: those that come and go are heard of after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A survey and when it was made, on the monotonic clock."""

    survey: Survey
    since: float

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be relied on; one without workers never."""
        return bool(self.survey.fit) and time.monotonic() - self.since < _KEEPS_S


class Hand:
    """Hands runs over whose directories lie below one home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._known: dict[tuple[str, Path, str, bool], Known] = {}

    def survey(self, connection: Connection, request: RunRequest) -> Survey:
        """Return what is known of the workers for *request*, asked anew where that is old."""
        return self._survey(connection, Path(request.run_directory), away.url_of(request.artifacts))

    def _survey(self, connection: Connection, folder: Path, url: str) -> Survey:
        above = url and url.removesuffix("/.run").rpartition("/")[0]  # where all runs of its kind are
        request = folder / layout.REQUEST
        seen = request if request.exists() else folder.parent  # of a file that was just written there is one
        place = (connection.scheduler, folder.parent, above, seen == request)
        known = self._known.get(place)
        if known is None or not known.is_fresh:
            asked = survey(connection, seen, above)
            known = self._known[place] = Known(survey=asked, since=time.monotonic())
        return known.survey

    def give(self, connection: Connection, order: Order, run: RunId, folder: Path) -> None:
        """Submit the task of *run*; raises EngineRejected where no worker can execute it, and ArtifactError."""
        known = self._survey(connection, folder, order.url)
        known.refuse()
        if order.url:
            turn, attempts = away.turn_of(folder)
            function, arguments = "carry_away", [run, order.url, turn, attempts]
            is_there = partial(away.has_begun, order.url, turn)
        else:
            function, arguments = "carry", [run, str(folder), *self._release_for(known)]
            is_there = partial(_has_state, folder)
        connection.submit(
            order.key, function, arguments, resources=order.resources, workers=known.only, is_there=is_there
        )

    def _release_for(self, known: Survey) -> tuple[str, str]:
        """Return our release, and where it lies for workers that have another one."""
        release = version("mlrun-nb")
        needs_package = not known.fit or any(worker.release != release for worker in known.fit)
        return release, str(self._package(release)) if needs_package else ""

    def _package(self, release: str) -> Path:
        """Return the folder with our package for workers that have another release of it, or none."""
        data = package(needs_all=True)
        folder = self._home / "dask" / f"package-{release}-{digest_bytes(data).rpartition(':')[2][:12]}"
        if not folder.exists():
            near = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
            unpack(data, near)
            try:
                near.rename(folder)
            except OSError:  # somebody else was quicker
                shutil.rmtree(near)
        return folder


def _has_state(folder: Path) -> bool:
    return files.read_state(str(folder)) is not None
