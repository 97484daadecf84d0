"""
What the runner's exit status says: whose move it is. Engines decide by it whether another attempt makes sense.

The result record says the same in `RunError.fault`; the status is for those who cannot read it.
"""

from __future__ import annotations

from mlrun_nb.model.run import Fault, RunResult

SUCCEEDED = 0
EXIT_CODES: dict[Fault, int] = {
    "user": 1,  # a cell failed
    "request": 2,  # the request cannot be executed: bad parameter, broken notebook, secret that is not there
    "product": 3,  # our bug
    "environment": 4,  # kernel not installed, no ipykernel, disk full
    "resources": 5,  # the kernel died, out of memory
    "timeout": 6,
    "cancelled": 7,  # SIGTERM, SIGINT
}
RETRIED = frozenset({1, 4, 5, 6})
"""Exit codes after which another attempt may end better."""


def exit_code(result: RunResult) -> int:
    """Return the exit status that goes with *result*."""
    return SUCCEEDED if result.error is None else EXIT_CODES[result.error.fault]
