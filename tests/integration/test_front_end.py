"""The pure half of the front end, tested in its own language, and what a page has to load of it."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

from tests.parts import require

ROOT = Path(__file__).parents[2]
BUNDLE_KB = 150


def test_the_specs_of_the_front_end_pass():
    """`jlpm test`: models and what they are made of; nothing that needs a page."""
    require("node")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = ["jlpm", "test", "--ci"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nhint: `make panel` installs what the specs need"


def test_the_bundle_stays_within_its_budget():
    """Libraries are the host's; what a page loads is our own code."""
    chunks = Path(require("panel"), "static").glob("*.js")
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in chunks}
    assert sum(sizes.values()) <= BUNDLE_KB * 1000, sizes
