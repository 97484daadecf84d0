"""
What an attempt needs once its kernel is booting: papermill and all that stands on it.

Imported at that moment, and by a helper long before; without papermill's drivers in both cases.
"""

from __future__ import annotations

from mlrun_nb.runner.lean_import import without_drivers

with without_drivers():
    from mlrun_nb.runner.cells import RecordedCells
    from mlrun_nb.runner.preparation import prepare
    from mlrun_nb.runner.progress import Progress

__all__ = ["Progress", "RecordedCells", "prepare"]
