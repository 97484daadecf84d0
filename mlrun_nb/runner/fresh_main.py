"""
The surroundings of a run in this process, put in place for a block and taken away again.

They are `__main__`, the modules that travel with the function, the environment and the working directory. Used by
`in_process`, which runs one request at a time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from mlrun_nb.runner.cell_code import shell
from mlrun_nb.runner.source import Places


@contextmanager
def fresh_main() -> Iterator[dict[str, Any]]:
    """Give the namespace of an empty `__main__`: classes of the cells are found there by name, as in a kernel."""
    before = sys.modules["__main__"]
    main = ModuleType("__main__")
    here = shell()
    if here is not None:
        main.__dict__["get_ipython"] = lambda: here
    sys.modules["__main__"] = main
    try:
        yield main.__dict__
    finally:
        sys.modules["__main__"] = before


@contextmanager
def project_modules(source: Path | None) -> Iterator[None]:
    """Import from *source* first, and none of its modules from what this process has loaded from elsewhere."""
    if source is None:
        yield
        return
    names = {entry.stem for entry in source.iterdir() if entry.is_dir() or entry.suffix == ".py"}
    before, path = _without(names), sys.path[:]
    sys.path.insert(0, str(source))
    try:
        yield
    finally:
        _without(names)
        sys.modules.update(before)
        sys.path[:] = path


def _without(names: set[str]) -> dict[str, ModuleType]:
    loaded = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in loaded}


@contextmanager
def environment_of(variables: Mapping[str, str], places: Places) -> Iterator[None]:
    """Set *variables* and the working directory."""
    environment, folder = dict(os.environ), Path.cwd()
    os.environ.update(variables)
    os.chdir(places.work)
    try:
        yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
