"""
What both ways of executing share: the request read, the places made, the result written last.

Everything that is found out on the way is kept in an `Attempt`, so that a failure at any point leaves a result record
with all that was known by then.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.errors import ArtifactError, MlrunNbError, NotebookError
from mlrun_nb.model.run import CellReport, RunError, RunRequest, RunResult
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.source_map import original_cell, original_count
from mlrun_nb.runner import faults, layout, secrets
from mlrun_nb.runner.cell_metadata import cell_name, cell_role
from mlrun_nb.runner.distributions import Interpreter, digest_of
from mlrun_nb.runner.masking import Mask
from mlrun_nb.runner.notebook_file import Node
from mlrun_nb.runner.recorder import Recorder
from mlrun_nb.runner.source import Places, unpack

_FORMATS = (1,)
"""Forms of request that this runner reads: the present one and, from the second on, the one before."""


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One try of a request. `reports` and `distributions` are filled in while it goes on."""

    request: RunRequest
    folder: Folder
    number: int
    scratch: Path
    places: Places
    secrets: dict[str, str]
    mask: Mask
    recorder: Recorder
    reports: tuple[CellReport, ...] = ()
    distributions: str = ""
    is_durable: bool = True
    """Whether what it leaves has to survive a power cut, and not only the death of its processes."""

    def announce(self, kernel: str, interpreter: Interpreter, cells: Sequence[Node]) -> None:
        """Write what is about to be executed, with which distributions of *interpreter*, unless that is known."""
        if not self.distributions:
            text = interpreter.distributions()
            self.distributions = digest_of(text)
            self.folder.write(layout.DISTRIBUTIONS, text.encode())
        data: dict[str, Json] = {
            "kernel": kernel,
            "python": interpreter.version,
            "host": socket.gethostname(),
            "distributions": self.distributions,
            "cells": [cell_name(cell) for cell in cells],
            "roles": [cell_role(cell) for cell in cells],
            "origins": [original_cell(cell) for cell in cells],
            "counts": [original_count(cell) for cell in cells],
        }
        self.recorder.event("run_started", data)


def read_request(folder: Folder) -> RunRequest:
    """Return the request in a run directory; raises NotebookError when it cannot be understood."""
    try:
        plain = json.loads(folder.read(layout.REQUEST))
        if plain.get("format", 1) not in _FORMATS:
            raise NotebookError(
                f"`{folder.url}/{layout.REQUEST}` has format {plain['format']}; this runner reads {_FORMATS[-1]}",
                hint="Run it with the release of mlrun-nb that wrote it, or submit it again.",
            )
        return from_json(RunRequest, plain)
    except (ValueError, AttributeError) as err:
        raise NotebookError(
            f"`{folder.url}/{layout.REQUEST}` is not a request: {err}",
            hint="Submit the run again; a request is written by `mlrun-nb run`, not by hand.",
        ) from err


def open_attempt(
    request: RunRequest, folder: Folder, scratch: Path, *, number: int, origin: float
) -> tuple[Attempt, RunError | None]:
    """Return the attempt that began at the monotonic time *origin*, and why it cannot go on, if so."""
    error: RunError | None = None
    values: dict[str, str] = {}
    places = Places(spool=scratch / layout.SPOOL, source=None, work=scratch / layout.WORK)
    try:
        values = secrets.resolve(request.settings.environment.secret, os.environ)
        places = unpack(request, folder, scratch)
    except MlrunNbError as err:
        error = faults.of_error(err)
    mask = Mask(values.values())
    recorder = Recorder(folder, attempt=number, spool=places.spool, mask=mask, origin=origin)
    attempt = Attempt(
        request=request, folder=folder, number=number, scratch=scratch, places=places, secrets=values, mask=mask,
        recorder=recorder,
    )  # fmt: skip
    return attempt, error


def finish(attempt: Attempt, error: RunError | None) -> RunResult:
    """Write the result and return it; one that cannot be written is at least told to whoever reads our stderr."""
    recorder = attempt.recorder
    try:
        recorder.collect()
    except ArtifactError as err:
        error = error or faults.of_error(err)
    result = _result(attempt, error)
    try:
        recorder.finish(result, durable=attempt.is_durable)
    except ArtifactError as err:
        tell(err)
        return _result(attempt, error or faults.of_error(err))
    return result


def tell(error: MlrunNbError) -> None:
    """Write *error* to stderr: the last resort of a process without a terminal."""
    sys.stderr.write(f"{error.message}\nhint: {error.hint}\n")


def _result(attempt: Attempt, error: RunError | None) -> RunResult:
    recorder, reports = attempt.recorder, attempt.reports
    return RunResult(
        id=attempt.request.id,
        attempt=attempt.number,
        state=_state(error),
        error=error,
        results=dict(recorder.results),
        artifacts=tuple(recorder.artifacts[name] for name in sorted(recorder.artifacts)),
        cells=reports,
        started=recorder.started,
        ended=recorder.ended(),
        duration_s=round(recorder.elapsed_s, 6),
        cpu_s=round(sum(report.cpu_s for report in reports), 4),
        peak_memory_bytes=max((report.peak_memory_bytes for report in reports), default=0),
        distributions=attempt.distributions,
        notices=tuple(recorder.notices),
    )


def _state(error: RunError | None) -> Literal[RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED]:
    if error is None:
        return RunState.SUCCEEDED
    return RunState.CANCELLED if error.fault == "cancelled" else RunState.FAILED
