"""
`python -m mlrun_nb.services.sweep RUN_DIRECTORY [--attempt N]`: the driver of one sweep, as its supervisor starts it.

To its engine it is what a runner is: it writes events, log and the result last, takes SIGTERM as a cancel, and its
exit status says whose move it is.
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.streams import flush
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import EngineError, MlrunNbError
from mlrun_nb.model.condition import parse_condition
from mlrun_nb.model.run import RunError
from mlrun_nb.model.search import memory_beside
from mlrun_nb.model.selection import Ranking
from mlrun_nb.plugins import make_strategy
from mlrun_nb.project import Project, open_project
from mlrun_nb.protocols.pool import Pool, Pooling
from mlrun_nb.runner import faults
from mlrun_nb.runner.attempt import Attempt, finish, open_attempt, read_request, tell
from mlrun_nb.runner.exit_codes import EXIT_CODES, exit_code
from mlrun_nb.services.sweep import files
from mlrun_nb.services.sweep.children import Children
from mlrun_nb.services.sweep.driver import Driver
from mlrun_nb.services.sweep.keeping import Keeper
from mlrun_nb.services.sweep.outcome import conclude
from mlrun_nb.services.sweep.progress import Progress
from mlrun_nb.services.sweep.pruning import Pruner
from mlrun_nb.services.sweep.recovery import recover
from mlrun_nb.services.sweep.single import SinglePool

_BESIDE_EACH_OTHER = 10
"""Children under way at once on an engine that says nothing of how many fit."""


class _Cancel:
    """The wish to end, which may come before there is a driver."""

    def __init__(self) -> None:
        self._is_wished = False
        self._driver: Driver | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def watch(self, driver: Driver) -> None:
        """Hand the wish to *driver*, now if it came before."""
        self._driver = driver
        driver.cancelled = driver.cancelled or self._is_wished

    def _on_signal(self, _number: int, _frame: object) -> None:
        self._is_wished = True
        if self._driver is not None:
            self._driver.cancel()


def main(arguments: list[str]) -> int:
    """Return the exit status; see `runner.exit_codes`."""
    cancel, origin = _Cancel(), monotonic()
    parser = argparse.ArgumentParser(prog="python -m mlrun_nb.services.sweep", description="Drive one sweep.")
    parser.add_argument("run_directory", help="path of a folder with request.json and sweep.json")
    parser.add_argument("--attempt", type=int, default=1, help="number of this attempt, from 1")
    options = parser.parse_args(arguments)
    try:
        folder = open_folder(options.run_directory)
        request = read_request(folder)
        attempt, error = open_attempt(
            request, folder, Path(options.run_directory), number=options.attempt, origin=origin
        )
    except MlrunNbError as err:
        tell(err)
        return EXIT_CODES[faults.of_error(err).fault]
    return exit_code(finish(attempt, error or _driven(attempt, cancel)))


def _driven(attempt: Attempt, cancel: _Cancel) -> RunError | None:
    try:
        plan = files.read_plan(attempt.scratch)
        with open_project(Path(plan.start)) as project, ExitStack() as opened:
            attempt.recorder.event("run_started", _announcement())
            driver = _driver(attempt, plan, project, opened)
            recover(driver)
            cancel.watch(driver)
            try:
                driver.execute()
            except EngineError as err:
                driver.gave_up, driver.why_stopped = True, err.message
                with suppress(MlrunNbError):
                    driver.children.write(at_once=True)
                return faults.of_error(err)
            return conclude(attempt, project, driver)
    except MlrunNbError as err:
        return faults.of_error(err)
    except Exception as err:  # noqa: BLE001  # the outermost renderer of this process
        return faults.our_bug(err)


def _announcement() -> dict[str, Json]:
    return {"kernel": "sweep", "python": platform.python_version(), "host": socket.gethostname(), "cells": []}


def _driver(attempt: Attempt, plan: files.SweepFile, project: Project, opened: ExitStack) -> Driver:
    request = attempt.request
    sweep = request.sweep
    assert sweep is not None  # it is what makes the request a sweep's
    parent = project.store.get_run(request.id)
    memory = memory_beside(project.config.store, home=project.config.home, name=parent.id)
    strategy = make_strategy(plan.search, memory)
    opened.callback(strategy.close)
    pool = _pool(project, attempt, is_adaptive=strategy.adaptive)
    opened.callback(pool.close)
    goal = plan.search.goal
    return Driver(
        request=request,
        folder=attempt.scratch,
        strategy=strategy,
        pool=pool,
        children=Children(project, parent),
        keeper=Keeper(sweep.keep, goal),
        progress=Progress(recorder=attempt.recorder, total=strategy.total),
        stop=parse_condition(sweep.stop, where="--stop") if sweep.stop else None,
        retries=0 if pool.traits.retries else request.settings.policy.retries,
        ranking=Ranking(goal=goal) if goal is not None else None,
        pruner=Pruner(strategy=strategy, goal=goal),
    )


def _pool(project: Project, attempt: Attempt, *, is_adaptive: bool) -> Pool:
    """Return where children are executed."""
    request, sweep = attempt.request, attempt.request.sweep
    assert sweep is not None
    engine = project.engine(sweep.engine)
    slots = sweep.parallel
    if isinstance(engine, Pooling):
        slots = slots or engine.slots(request)
        pool = engine.pool(request, slots=slots, is_adaptive=is_adaptive)
        if not isinstance(pool, str):
            return pool
        if not engine.traits.remote:  # elsewhere children share nothing either way
            attempt.recorder.notice(f"each child starts anew, and shares nothing with the others: {pool}")
    return SinglePool(project, engine, slots=slots or _BESIDE_EACH_OTHER)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    flush()
    os._exit(code)
