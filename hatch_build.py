"""
What the build of a wheel does for the JupyterLab panel, beside hatch-jupyter-builder: say what is missing, and install.

An editable installation carries no panel: `make` links the folder that the front end is built into instead. Files that
pip had written through that link would be taken away with the next installation, and with them what was built.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "mlrun_nb/labextension"
PRODUCTION = f"{BUILT}/static/third-party-licenses.json"  # a development build has none
INSTALLED = "share/jupyter/labextensions/mlrun-nb"


class PanelHook(BuildHookInterface[Any]):
    """Stands before hatch-jupyter-builder in pyproject.toml, so that its hint comes before a bundler's traceback."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have a wheel install the panel where every JupyterLab of its environment looks for extensions."""
        if version != "standard":
            return
        if not (Path(self.root, PRODUCTION).exists() or shutil.which("node") or _declined()):
            self.app.abort(
                "The JupyterLab panel is not built, and Node.js is not there to build it.\n"
                "hint: Install Node.js 20 or later, or leave the panel out: `SKIP_JUPYTER_BUILDER=1 pip install .`"
            )
        if self.target_name == "wheel" and not _declined():
            build_data["shared_data"] |= {BUILT: INSTALLED, "labextension/install.json": f"{INSTALLED}/install.json"}


def _declined() -> bool:
    return bool(os.environ.get("SKIP_JUPYTER_BUILDER"))
