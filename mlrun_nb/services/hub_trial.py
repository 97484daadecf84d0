"""Try a version that is to be published by its example, as somebody who installs it would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from mlrun_nb.errors import HubError, RunFailed
from mlrun_nb.hubs.writing import put
from mlrun_nb.model.hub import Bundle
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.project import open_project
from mlrun_nb.services.targets import HubTarget

PATIENCE_S = 900.0
"""How long an example may take."""
_SOURCE = "published"
"""What the source is called in which a version is tried."""
_LAST_LINES = 12
_ID = 6
"""Digits of an id in words about a run."""


def try_out(bundle: Bundle, *, patience_s: float = PATIENCE_S) -> None:
    """
    Run the example of *bundle* from a source that has nothing else, in a project of its own.

    Raises HubError with why it fails, and for one that goes on for longer than *patience_s*. Nothing of the try is
    kept, and nothing of it goes on.
    """
    item = bundle.item
    with tempfile.TemporaryDirectory(prefix="mlrun-nb-publish-") as text:
        root = Path(text)
        place = put(bundle, root / "source", _SOURCE)
        settings = f"name: try\nhub: {{{_SOURCE}: source}}\nwarm: off\n"  # nobody comes again for a warm kernel
        (root / "project.yaml").write_text(settings)
        try:
            done = _type(root, "run", str(place / item.example), "--on", "local", patience_s=patience_s)
        except subprocess.TimeoutExpired as err:
            raise HubError(
                f"the example of `{item.name}` did not end within {patience_s:g} s",
                hint="Nothing was published. Give one that shows it with less data: `--example NOTEBOOK`.",
            ) from err
        finally:
            _end_runs(root)
        if done.returncode:
            said = "\n".join(_why(root) or _last(done.stderr.replace(f"{place}/", "").splitlines()))
            address = HubTarget(source=_SOURCE, name=item.name, version=item.version).address  # nobody has that either
            raise HubError(
                f"the example of `{item.name}` fails\n{said.replace(address, item.notebook)}",
                hint="Nothing was published. Mend the function or its example and publish again.",
            )


def _why(root: Path) -> Sequence[str]:
    """
    Return why the example failed, with the last lines of the traceback; nothing where it did not get to run.

    Where it stopped at a run of its own that had failed, this is why that one did. No ids: nobody has these runs.
    """
    with open_project(root, environment=_environment(root)) as project:
        query = RunQuery(states=(RunState.FAILED, RunState.LOST), limit=1000)
        failed = sorted(project.store.list_runs(query).items, key=lambda run: run.created)
    if not failed or (error := failed.pop(0).error) is None:
        return ()
    while error.ename == RunFailed.__name__:
        inner = next((run for run in failed if run.error and f"`{run.id[:_ID]}" in error.evalue), None)
        if inner is None or inner.error is None:
            break
        failed.remove(inner)
        error = inner.error
    return [error.summary, *_last(error.traceback.splitlines())]


def _last(lines: Sequence[str]) -> Sequence[str]:
    return lines[-_LAST_LINES:]


def _type(root: Path, *words: str, patience_s: float | None = None) -> subprocess.CompletedProcess[str]:
    """Have the command line perform *words* in the project at *root*; raises TimeoutExpired."""
    command = [sys.executable, "-c", "from mlrun_nb.cli.program import main; main()", *words]
    return subprocess.run(
        command, cwd=root, env=_environment(root), capture_output=True, text=True, check=False, timeout=patience_s
    )


def _end_runs(root: Path) -> None:
    """End the example, and the runs that it has begun; they stand on their own."""
    listed = _type(root, "runs", "--state", "running", "--state", "pending", "--all-projects", "-n", "1000", "--json")
    if runs := [run["id"] for run in json.loads(listed.stdout or "[]")]:
        _type(root, "cancel", "--wait", *runs)


def _environment(root: Path) -> Mapping[str, str]:
    """Return our environment, without what says where runs and settings are kept."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MLRUN_NB_")}
    return {**kept, "MLRUN_NB_HOME": str(root / "home"), "XDG_CONFIG_HOME": str(root / "config"), "NO_COLOR": "1"}
