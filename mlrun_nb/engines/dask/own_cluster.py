"""
The cluster of this machine: found by the file that it keeps, started where there is none, and told to end.

It is a process of its own that outlives whoever started it; see `own_process`. One per user's home folder.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from mlrun_nb._lib import processes
from mlrun_nb._lib.files import make_private
from mlrun_nb._lib.records import Json, from_json
from mlrun_nb.engines.dask.own_process import Wish
from mlrun_nb.errors import EngineUnavailable

FOLDER = "dask"
ABOUT = "cluster.json"
LOG = "cluster.log"
_START_S = 60.0
_LET_GO = ["/bin/sh", "-c", '"$0" "$@" &']
"""A shell in between, which ends at once, so that the cluster is nobody's child."""
_NOT_INHERITED = ("MLRUN_NB_RUN", "MLRUN_NB_CONTEXT", "MLRUN_NB_SUPERVISES")
"""Variables of a run that starts another: a cluster belongs to none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a cluster of this machine says of itself. `process` is its identity, `started` in seconds since 1970."""

    address: str
    dashboard: str = ""
    process: Mapping[str, Json]
    owner: str
    threads: int
    idle_timeout_s: float
    started: float


def find(home: Path) -> About | None:
    """Return the living cluster of *home*, None where there is none."""
    try:
        plain: Mapping[str, Json] = json.loads((home / FOLDER / ABOUT).read_bytes())
        about = from_json(About, plain)
    except (OSError, ValueError):
        return None
    return about if processes.is_same_process(about.process) else None


def find_or_start(home: Path, wish: Wish) -> About:
    """Return the cluster of *home*, started as *wish* says where there is none; raises EngineUnavailable."""
    return find(home) or start(home, wish)


def start(home: Path, wish: Wish) -> About:
    """Start a cluster, or find the one that somebody else has started meanwhile; raises EngineUnavailable."""
    if find_spec("distributed") is None:
        raise EngineUnavailable(
            "a Dask cluster needs the library `distributed`, which is not installed",
            hint="Run `pip install 'mlrun-nb[dask]'`.",
        )
    folder = home / FOLDER
    make_private(folder)
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    command = [sys.executable, "-P", "-m", "mlrun_nb.engines.dask.own_process", str(folder), *wish.words()]
    answer, theirs = os.pipe()
    try:
        with (folder / LOG).open("wb") as log:
            subprocess.run(
                _LET_GO + command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=theirs,
                stderr=log,
                start_new_session=True,
                check=True,
            )
    except OSError as err:
        raise EngineUnavailable(f"`{command[0]}` cannot be started: {err}", hint="Run `mlrun-nb doctor`.") from err
    finally:
        os.close(theirs)
    with os.fdopen(answer, "rb") as file:
        select.select([file], [], [], _START_S)  # a line when it stands, or the end of the file
    about = find(home)
    if about is None:
        raise EngineUnavailable(
            f"the Dask cluster of this machine did not start{_last_words(folder)}",
            hint=f"Read `{folder / LOG}`; `mlrun-nb doctor --on dask` looks further.",
        )
    return about


def end(about: About) -> bool:
    """Tell the cluster to end; returns whether it lived."""
    return processes.signal_process(about.process, signal.SIGTERM)


def _last_words(folder: Path) -> str:
    try:
        said = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return f": {said[-1]}" if said else ""
