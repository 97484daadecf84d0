"""
Kill the command line, or what it started, at random moments, and look whether the history tells the truth.

The whole product as a user has it: `mlrun-nb run` as a process, a SQLite store, real kernels. All chance comes
from a seed.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from tests.soak.kill import Victim, kill_process

Target = Literal["cli"] | Victim

CELL = """
%%mlrun work --output total
import os, time
for i in range(10):
    print(i, flush=True)
    time.sleep(0.03)
total = 45
open(os.path.join(os.environ['WITNESSES'], os.environ['MLRUN_NB_RUN']), 'w').close()
""".strip()
"""A run of about a second and a half; at its end it leaves a witness named by its id."""

ALLOWED: dict[Target | None, set[str]] = {
    None: {"succeeded"},  # the victim was quicker, or not there yet
    "cli": {"succeeded"},  # the run goes on without whoever started it
    "supervisor": {"succeeded"},
    "kernel": {"succeeded", "failed"},
    "runner": {"succeeded", "failed"},
}
"""The states that can be true after a death."""

WHOLE = {"total": 45}
"""The results of a run whose cell came to its end."""

CLI = (sys.executable, "-c", "from mlrun_nb.cli.main import main; main()")


@dataclass(frozen=True)
class Case:
    """One run: who is to die, and how many seconds after the command was typed."""

    number: int
    victim: Target
    moment_s: float


def plan(count: int, seed: int, *, lasts_s: float) -> list[Case]:
    """Return *count* cases, the same for the same *seed* on a machine of the same speed."""
    chance = random.Random(seed)
    victims: list[Target] = ["cli", "kernel", "runner", "supervisor"]
    return [
        Case(number=number, victim=chance.choice(victims), moment_s=chance.uniform(0.1, 1.05) * lasts_s)
        for number in range(1, count + 1)
    ]


class History:
    """A user's folder with a notebook, and the commands typed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.witnesses = folder / "witnesses"
        self.witnesses.mkdir(parents=True)
        nbformat.write(new_notebook(cells=[new_code_cell(CELL)]), folder / "work.ipynb")

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of every command."""
        return {**os.environ, "MLRUN_NB_HOME": str(self.home), "WITNESSES": str(self.witnesses)}

    def start(self, number: int) -> subprocess.Popen[bytes]:
        """Type `mlrun-nb run`; the run can be told by its label."""
        return subprocess.Popen(
            [*CLI, "run", "work.ipynb::work", "--json", "--label", f"case={number}"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def runs(self) -> list[dict[str, Any]]:
        """Type `mlrun-nb runs --json`; an unreadable store fails here."""
        command = [*CLI, "runs", "--json", "--limit", "1000"]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, check=True)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def folders(self) -> dict[str, Path]:
        """Return the run directories whose request is whole, by the label of their run."""
        requests = {path.parent: json.loads(path.read_bytes()) for path in self.home.glob("runs/*/*/request.json")}
        return {request["labels"]["case"]: folder for folder, request in requests.items()}


def kill_commands(folder: Path, *, count: int, seed: int, at_once: int = 2) -> list[str]:
    """Return what is wrong after *count* commands, nothing when the history tells the truth about all."""
    history = History(folder)
    began = time.monotonic()
    history.start(0).wait()
    cases = plan(count, seed, lasts_s=time.monotonic() - began)
    with ThreadPoolExecutor(at_once) as executor:
        died = executor.map(lambda case: _kill(history, case), cases)
        killed = {str(case.number): victim for case, victim in zip(cases, died, strict=True)}
    recorded = _settled(history)
    complaints = [*_missing(history, recorded, killed), *_untrue(history, recorded, killed), *_unreadable(history)]
    return [f"seed {seed}: {complaint}" for complaint in complaints]


def _kill(history: History, case: Case) -> Target | None:
    """Type the command, kill who is to die, and return who really died before the end."""
    command = history.start(case.number)
    time.sleep(case.moment_s)
    died: Target | None = None
    if case.victim == "cli":
        died = "cli" if command.poll() is None else None
        command.kill()
    else:
        folder = history.folders().get(str(case.number))
        died = case.victim if folder is not None and kill_process(folder, case.victim) else None
    command.wait()
    return died


def _settled(history: History) -> dict[str, dict[str, Any]]:
    """Return the recorded runs by id, once all have ended; an interrupted submit is repeated after 15 s."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        runs = history.runs()
        if all(run["state"] not in {"pending", "running"} for run in runs):
            return {run["id"]: run for run in runs}
        time.sleep(0.5)
    raise TimeoutError(f"still open: {[run for run in history.runs() if run['ended'] is None]}")


def _missing(history: History, recorded: Mapping[str, Any], killed: Mapping[str, Target | None]) -> list[str]:
    """Only a command that died before it had recorded anything may leave nothing in the history."""
    folders = history.folders()
    return [
        f"case {number} ({victim} died) has no run"
        for number, victim in killed.items()
        if not (number in folders and folders[number].name in recorded)
        and not _never_began(folders.get(number), victim)
    ]


def _never_began(folder: Path | None, victim: Target | None) -> bool:
    return victim == "cli" and (folder is None or not (folder / "supervisor").exists())


def _untrue(history: History, recorded: Mapping[str, Any], killed: Mapping[str, Target | None]) -> list[str]:
    """What a runner had told before it was killed is kept: results alone do not make a run succeeded."""
    complaints = []
    for number, folder in history.folders().items():
        run = recorded.get(folder.name)
        victim = killed.get(number)
        if run is None:
            continue
        if run["state"] not in ALLOWED[victim]:
            complaints.append(f"{folder.name} is {run['state']} after the death of {victim}: {run['error']}")
        if run["results"] not in ([WHOLE] if run["state"] == "succeeded" else [{}, WHOLE]):
            complaints.append(f"{folder.name} is {run['state']} with the results {run['results']}")
        if run["state"] == "succeeded" and not (history.witnesses / folder.name).exists():
            complaints.append(f"{folder.name} succeeded without having run its last line")
    return complaints


def _unreadable(history: History) -> list[str]:
    complaints = []
    for path in history.home.glob("runs/*/*/output.ipynb"):
        try:
            nbformat.validate(nbformat.read(path, as_version=4))
        except (ValueError, nbformat.ValidationError) as err:
            complaints.append(f"{path}: {err}")
    with sqlite3.connect(history.home / "store.db") as connection:
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    connection.close()
    return [*complaints, *([] if found == "ok" else [f"the store: {found}"])]
