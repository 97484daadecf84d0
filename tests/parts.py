"""
The parts of a machine that some tests need, and the only place that leaves a test out.

A test or fixture calls `require("postgresql")` and gets where that part is. Where it is missing the test is
left out and the summary says so; with `MLRUN_NB_REQUIRE=all` (CI) it fails. Nothing else in tests/ skips.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

LEFT_OUT = "left out: "
_GIVEN = {name: value for name, value in os.environ.items() if name.startswith("MLRUN_NB_TEST_")}
"""Read before tests get an environment of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that a machine may lack: how to find it, and what to type to get it."""

    find: Callable[[], str | None]
    remedy: str


def _postgresql() -> str | None:
    """Return the folder of PostgreSQL's programs; Debian keeps them off PATH, in a folder per release."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("postgres") or (str(debian[-1]) if debian else None)
    return found and str(Path(found).parent)


def _mounts() -> str | None:
    """Return the program that gives a process file systems of its own, where this user may use it."""
    unshare = shutil.which("unshare")
    tried = unshare and subprocess.run(
        [unshare, "--map-root-user", "--mount", "true"], capture_output=True, check=False
    )
    return unshare if tried and tried.returncode == 0 else None


def _node() -> str | None:
    """Return Node where it can build the panel; Debian 12 brings an older one."""
    node = shutil.which("node")
    version = node and subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return node if version and int(version.strip("v\n").partition(".")[0]) >= 20 else None


def _panel() -> str | None:
    """Return the folder of the panel, built as it is shipped: only such a build names licences."""
    built = Path(__file__).parents[1] / "mlrun_nb/labextension"
    return str(built) if (built / "static/third-party-licenses.json").exists() else None


PARTS = {
    "postgresql": Part(find=_postgresql, remedy="apt-get install postgresql"),
    "mounts": Part(find=_mounts, remedy="apt-get install util-linux, and allow user namespaces"),
    "git": Part(find=lambda: shutil.which("git"), remedy="apt-get install git"),
    "node": Part(find=_node, remedy="install Node.js 20 or later"),
    "panel": Part(find=_panel, remedy="make panel, with Node.js 20 or later"),
    "chromium": Part(find=lambda: shutil.which("chromium"), remedy="apt-get install chromium fonts-dejavu-core"),
    "s3": Part(find=lambda: os.environ.get("AWS_ENDPOINT_URL"), remedy="set AWS_ENDPOINT_URL and its keys"),
    "base-image": Part(
        find=lambda: _GIVEN.get("MLRUN_NB_TEST_BASE"),
        remedy="set MLRUN_NB_TEST_BASE to an image with Python and papermill that buildah, podman or docker has",
    ),
    "cluster": Part(find=lambda: os.environ.get("KUBECONFIG"), remedy="set KUBECONFIG"),
    "cluster-control": Part(
        find=lambda: _GIVEN.get("MLRUN_NB_TEST_CLUSTER_CONTROL"),
        remedy="set MLRUN_NB_TEST_CLUSTER_CONTROL to what does as .ci/cluster-control to a cluster of yours",
    ),
    "old-python": Part(
        find=lambda: _GIVEN.get("MLRUN_NB_TEST_OLD_IMAGE"),
        remedy="set MLRUN_NB_TEST_OLD_IMAGE to an image that the cluster has, with a `python3` before 3.11",
    ),
}


def require(name: str) -> str:
    """Return where part `name` is (folder, program, URL or file); without it the calling test is left out."""
    part = PARTS[name]
    found = part.find()
    if found:
        return found
    reason = f"{LEFT_OUT}{name} ({part.remedy})"
    if os.environ.get("MLRUN_NB_REQUIRE") == "all":
        pytest.fail(f"{reason}, but MLRUN_NB_REQUIRE=all", pytrace=False)
    pytest.skip(reason)
