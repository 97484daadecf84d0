"""When what runs have written elsewhere is brought home: at each look, but not more often than it changes."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic

from mlrun_nb.engines.dask import away
from mlrun_nb.errors import ArtifactError
from mlrun_nb.model.run import RunId

_BEAT_S = 1.0


class Homecoming:
    """Brings home what runs write that have their files behind a URL; used by any thread."""

    def __init__(self) -> None:
        self._last: dict[RunId, float] = {}
        self._lock = threading.Lock()

    def look(self, run: RunId, folder: Path, url: str, *, at_once: bool = False) -> str:
        """
        Bring home what is new, each second at most unless *at_once*; returns why that cannot be done now.

        A run whose files come home by themselves has no *url*.
        """
        if not url or not (at_once or self._is_due(run)):
            return ""
        try:
            away.bring(folder, url)
        except ArtifactError as err:
            return f"what it wrote cannot be read now: {err.message}"
        return ""

    def _is_due(self, run: RunId) -> bool:
        with self._lock:
            is_due = monotonic() - self._last.get(run, -_BEAT_S) >= _BEAT_S
            if is_due:
                self._last[run] = monotonic()
            return is_due
