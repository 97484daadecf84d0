"""The thread beside the cells: samples memory, takes over what user code logs, and writes segments that are due."""

from __future__ import annotations

import threading
from contextlib import suppress

from mlrun_nb.errors import ArtifactError
from mlrun_nb.runner.measure import Meter
from mlrun_nb.runner.recorder import Recorder

_EVERY_S = 0.25


class Ticker(threading.Thread):
    """Runs from `start` to `stop`."""

    def __init__(self, recorder: Recorder, meter: Meter) -> None:
        super().__init__(name="mlrun-nb-ticker", daemon=True)
        self._recorder, self._meter = recorder, meter
        self._ended = threading.Event()

    def run(self) -> None:
        """Tick."""
        while not self._ended.wait(_EVERY_S):
            with suppress(ArtifactError):  # the loop over the cells writes to the same place and reports it
                self._meter.sample()
                self._recorder.collect()
                self._recorder.flush(due=True)

    def stop(self) -> None:
        """End, after a tick that has begun."""
        self._ended.set()
        self.join()
