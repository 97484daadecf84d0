"""
Whether starts may come from a helper here, and why not.

Asked by the command line before anything else, so it imports nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

VARIABLE = "MLRUN_NB_WARM"
MODES = ("on", "off", "auto")


def why_not(environment: Mapping[str, str], mode: str = "auto") -> str:
    """
    Return why starts with *environment* do not come from a helper, empty when they do.

    *mode* is what the configuration says: `on`, `off` or `auto`; the variable wins over it.
    """
    mode = environment.get(VARIABLE) or mode
    if mode == "off":
        return f"it is switched off (`{VARIABLE}` or `warm:` in the configuration)"
    if sys.platform != "linux":
        return f"a fork of a process with libraries in it is not to be trusted on {sys.platform}"
    if environment.get("MLRUN_NB_RUN"):
        return "this is inside a run, whose limits and end a helper would not share"
    if mode != "on" and environment.get("CI"):
        return f"it is off in CI (`{VARIABLE}=on` switches it on)"
    return ""
