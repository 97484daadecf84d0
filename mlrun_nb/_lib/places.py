"""Where the product keeps what belongs to a user. Imports nothing but `os`."""

from __future__ import annotations

import os
from collections.abc import Mapping


def home(environment: Mapping[str, str]) -> str:
    """Return the folder of store, runs and environments, which need not exist yet."""
    if environment.get("MLRUN_NB_HOME"):
        return os.path.abspath(os.path.expanduser(environment["MLRUN_NB_HOME"]))
    base = environment.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
    return os.path.join(base, "mlrun-nb")
