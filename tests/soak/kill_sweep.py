"""
Kill whatever works at a sweep, at random moments, resume it, and look whether it comes to what it would have come to.

The whole product as a user has it: `mlrun-nb sweep` as a process, a SQLite store, the driver under its supervisor, the
generation and its forks. All chance comes from a seed.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil

from mlrun_nb._lib import processes
from mlrun_nb._lib.records import Json
from mlrun_nb.engines.supervisor import files
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import RunId
from mlrun_nb.project import open_project
from tests.acceptance.session import Session, write_notebook

Victim = Literal["child", "generation", "driver", "supervisor", "reader"]
VICTIMS: tuple[Victim, ...] = ("child", "generation", "driver", "supervisor", "reader")
"""A reader is a command that looks at the history, and brings it up to date on the way."""

CELL = """%%mlrun work --output score
x: float = 1.0
k: int = 1
import time
time.sleep(0.05)
score = -(x - 0.3) ** 2 - k
"""
WORDS = (
    "n.ipynb::work", "--sweep", "x=uniform(0,1) k=1,2,3", "--max-runs", "40", "--seed", "7", "--maximize", "score",
    "--retries", "99",
)  # fmt: skip
"""Forty points; whoever kills a child is no reason to call it failed."""
PATIENCE_S = 180.0


def sweep_under_fire(folder: Path, *, deaths: int, seed: int) -> list[str]:
    """Return what is wrong with a sweep that lived through *deaths*, nothing when it came to what it had to."""
    write_notebook(folder / "n.ipynb", [CELL])
    sweeper = _Sweeper(Session(folder), random.Random(seed))
    wanted = sweeper.sweep(deaths=0)
    found = sweeper.sweep(deaths=deaths)
    print(f"seed {seed}: killed {dict(sweeper.killed)}, resumed {sweeper.resumed} times")
    complaints = [f"{one} instead of {other}" for one, other in zip(found, wanted, strict=False) if one != other]
    if len(found) != len(wanted):
        complaints.append(f"{len(found)} children instead of {len(wanted)}")
    return [f"seed {seed}: {text}" for text in (*complaints, *sweeper.twice())]


@dataclass(slots=True)
class _Sweeper:
    """Somebody who sweeps in a session, and whoever kills meanwhile."""

    session: Session
    chance: random.Random
    run: str = ""
    resumed: int = 0
    killed: Counter[Victim] = field(default_factory=Counter)

    def sweep(self, *, deaths: int) -> list[dict[str, Json]]:
        """Sweep, with *deaths* at random moments; resume after each that ended it. Returns the table without ids."""
        started = self.session.type("sweep", *WORDS, "--detach", "--quiet")
        assert started.code == 0, started.err
        self.run = started.out.strip()
        deadline = time.monotonic() + PATIENCE_S
        while (state := self._state()) != "succeeded":
            if time.monotonic() > deadline:
                raise TimeoutError(f"sweep {self.run} is {state} after {PATIENCE_S:g} s")
            if state in {"failed", "lost", "cancelled"}:
                resumed = self.session.type("sweep", "resume", self.run, "--detach", "--quiet")
                assert resumed.code == 0, resumed.err
                self.resumed += 1
            time.sleep(self.chance.uniform(0.0, 0.4))
            if deaths:
                deaths -= self._kill(self.chance.choice(VICTIMS))
        return self._table()

    def twice(self) -> list[str]:
        """Return the points that were executed to a good end more than once."""
        found = []
        for events in self._folder.glob("children/*/events/*.jsonl"):
            said = [json.loads(line) for line in events.read_text().splitlines()]
            ends = sum(event["type"] == "run_ended" and event["data"]["state"] == "succeeded" for event in said)
            found += [f"{events.parent.parent.name} succeeded {ends} times"] * (ends > 1)
        return found

    @property
    def _folder(self) -> Path:
        return self.session.folder / "home" / "runs" / "default" / self.run

    def _state(self) -> str:
        shown = self.session.type("show", self.run, "--json")
        assert shown.code == 0, shown.err
        return str(shown.json["state"])

    def _table(self) -> list[dict[str, Json]]:
        with open_project(self.session.folder, environment=self.session.environment) as project:
            query = RunQuery(project="default", parent=RunId(self.run), limit=1000)
            children = project.store.list_runs(query).items
        rows = [{"number": run.number, "state": run.state.value, **run.parameters, **run.results} for run in children]
        return sorted(rows, key=lambda row: str(row["number"]).zfill(6))

    def _kill(self, victim: Victim) -> int:
        """Kill one process; returns how many were there to be killed."""
        if victim == "reader":
            return self._kill_reader()
        process = self._find(victim)
        if process is None:
            return 0
        try:
            process.kill()
        except psutil.NoSuchProcess:  # it was quicker
            return 0
        self.killed[victim] += 1
        return 1

    def _kill_reader(self) -> int:
        reader = self.session.start("runs", "--parent", self.run, "--json", stdout=subprocess.DEVNULL)
        time.sleep(self.chance.uniform(0.1, 0.8))
        reader.kill()
        reader.communicate()
        self.killed["reader"] += 1
        return 1

    def _find(self, victim: Victim) -> psutil.Process | None:
        folder = str(self._folder)
        if victim == "supervisor":
            identity = files.read_supervisor(folder)
            alive = identity is not None and processes.is_same_process(identity)
            return _process(int(identity["pid"])) if identity is not None and alive else None
        state = files.read_state(folder)
        driver = _process(int(state["runner"]["pid"])) if state is not None and state["runner"] else None
        if driver is None or victim == "driver":
            return driver
        return _below(driver, 1 if victim == "generation" else 2)


def _process(pid: int) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
        return process if process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def _below(process: psutil.Process, depth: int) -> psutil.Process | None:
    """Return a process *depth* generations below *process*, None where there is none."""
    try:
        children = process.children()
    except psutil.NoSuchProcess:
        return None
    if not children:
        return None
    return children[0] if depth == 1 else _below(children[0], depth - 1)
