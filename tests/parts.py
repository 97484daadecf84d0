"""
The parts of a machine that some tests need, and the only place that leaves a test out.

A test or fixture calls `require("postgresql")` and gets where that part is. Where it is missing the test is
left out and the summary says so; with `MLRUN_NB_REQUIRE=all` (CI) it fails. Nothing else in tests/ skips.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

LEFT_OUT = "left out: "


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


PARTS = {
    "postgresql": Part(find=_postgresql, remedy="apt-get install postgresql"),
    "git": Part(find=lambda: shutil.which("git"), remedy="apt-get install git"),
    "node": Part(find=lambda: shutil.which("node"), remedy="apt-get install nodejs"),
    "chromium": Part(find=lambda: shutil.which("chromium"), remedy="apt-get install chromium"),
    "s3": Part(find=lambda: os.environ.get("AWS_ENDPOINT_URL"), remedy="set AWS_ENDPOINT_URL and its keys"),
    "cluster": Part(find=lambda: os.environ.get("KUBECONFIG"), remedy="set KUBECONFIG"),
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
