"""Where this package lies, for processes that have to find it; the package itself is above every layer."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).absolute().parents[1]
"""The folder `mlrun_nb`."""
