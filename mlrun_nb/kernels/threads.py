"""
How many threads BLAS and OpenMP use in a forked child.

Both read their variables once, when they are loaded, which in a helper happened long ago and with one thread, so that
no thread pool stood in the way of a fork. threadpoolctl sets their number afterwards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

WHILE_LOADING = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
"""
Set while a helper imports. OpenBLAS makes its threads when it is loaded, and so does Arrow's jemalloc, whose children
give unused memory back in the thread that frees it. OpenMP makes its threads when they are used.
"""
_VARIABLES = {
    "openblas": ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"),
    "blis": ("BLIS_NUM_THREADS", "OMP_NUM_THREADS"),
    "mkl": ("MKL_NUM_THREADS", "OMP_NUM_THREADS"),
    "openmp": ("OMP_NUM_THREADS",),
}

_found: ThreadpoolController | None = None


def find() -> None:
    """Look, before a fork, which libraries are loaded; their children will know."""
    global _found  # noqa: PLW0603  # one process, one set of loaded libraries
    if "numpy" in sys.modules:
        from threadpoolctl import ThreadpoolController

        _found = ThreadpoolController()


def limit(environment: Mapping[str, str]) -> None:
    """Give each library the number of threads that it would have read from *environment* when it was loaded."""
    if _found is None:
        return
    for library in _found.lib_controllers:
        names = _VARIABLES.get(library.internal_api, _VARIABLES.get(library.user_api, ()))
        wanted = _first_number(environment.get(name, "") for name in names) or len(os.sched_getaffinity(0))
        if library.num_threads != wanted:
            library.set_num_threads(wanted)


def _first_number(texts: object) -> int:
    for text in texts:  # type: ignore[attr-defined]
        if text.isdigit() and int(text) > 0:
            return int(text)
    return 0
