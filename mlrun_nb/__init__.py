"""
Notebook cells as versioned functions that run anywhere and leave a record.

    import mlrun_nb as mn

The public names of the package, at most 25, and nothing else. They are looked up when first used, so that the import
costs milliseconds and pulls in no library that a caller may not need.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what type checkers take for true; `typing` itself would cost 10 ms
if TYPE_CHECKING:
    from mlrun_nb.runner.inside import current_run, log_artifact, log_metric, log_result

    __version__: str

__all__ = ["__version__", "current_run", "log_artifact", "log_metric", "log_result"]

_INSIDE = frozenset({"current_run", "log_artifact", "log_metric", "log_result"})


def __getattr__(name: str) -> object:
    if name in _INSIDE:
        from mlrun_nb.runner import inside

        return getattr(inside, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("mlrun-nb")
    message = f"module `{__name__}` has no attribute `{name}`"
    raise AttributeError(message)
