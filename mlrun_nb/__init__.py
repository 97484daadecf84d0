"""
Notebook cells as versioned functions that run anywhere and leave a record.

    import mlrun_nb as mn

The public names of the package, at most 25, and nothing else. They are looked up when first used, so that the import
costs milliseconds and pulls in no library that a caller may not need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str

__all__ = ["__version__"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("mlrun-nb")
    message = f"module `{__name__}` has no attribute `{name}`"
    raise AttributeError(message)
