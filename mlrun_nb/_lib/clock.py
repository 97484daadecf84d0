"""Wall-clock time in one form: aware, UTC, to the microsecond."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present time, aware and in UTC; an argument wherever a test wants to turn the hands."""


def now() -> datetime:
    """Return the present time, aware and in UTC."""
    return datetime.now(UTC)
