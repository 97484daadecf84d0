"""
Numbers as people say them: durations, sizes, ages, values.

Pure text; every number has its unit. `1 min 12 s`, `1.5 GiB`, `3 h ago`, `0.962`.
"""

from __future__ import annotations

import json
import math
from datetime import datetime

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.commands.document import clean

MISSING = "—"

_LONG = 10**24
_ENDS = 6
"""Of a whole number from `_LONG` on so many digits of each end are shown."""


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: `12 ms`, `1.1 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`."""
    if seconds < 0.0995:
        return f"{max(0.0, seconds) * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, size, lesser, lesser_size in (("d", 86400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // lesser_size
            return f"{whole // size} {unit} {rest} {lesser}" if rest else f"{whole // size} {unit}"
    return f"{whole} s"


def roughly(seconds: float) -> str:
    """Return a length of time that is only estimated, in one unit: `10 s`, `2 min`, `3 h`."""
    if seconds < 55:
        return f"{max(1, round(seconds)) if seconds < 10 else round(seconds, -1):.0f} s"
    for unit, size in (("min", 60), ("h", 3600), ("d", 86400)):
        if seconds < 90 * size or unit == "d":
            return f"{max(1, round(seconds / size))} {unit}"
    raise AssertionError(seconds)


def clock_time(seconds: float) -> str:
    """Return a running time as a clock shows it: `0:42`, `1:02:03`."""
    hours, rest = divmod(int(max(0.0, seconds)), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def size(number: float) -> str:
    """Return a number of bytes: `512 B`, `1.2 MiB`, `14 GiB`."""
    if number < 1024:
        return f"{number:.0f} B"
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        number /= 1024
        if number < 1023.95 or unit == "TiB":
            return f"{number:.1f} {unit}" if number < 9.95 else f"{number:.0f} {unit}"
    raise AssertionError(number)


def age(then: datetime, now: datetime) -> str:
    """Return how long ago *then* was, in its largest unit: `8 s`, `31 min`, `5 h`, `12 d`."""
    seconds = max(0.0, (now - then).total_seconds())
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds:.0f} s"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return `1 run`, `2 runs`, `1,204 runs`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def exact(value: Json) -> str:
    """Return a parameter's value as it would be typed, on one line; only a whole number of very many digits is cut."""
    if isinstance(value, int) and abs(value) >= _LONG:
        return _cut_digits(value)
    plain = to_json(value)
    return clean(plain) if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def rounded(value: Json) -> str:
    """Return a result to read: whole numbers with commas, others to four significant digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return exact(value)
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < _LONG else _cut_digits(value)
    if not math.isfinite(value):
        return str(to_json(value))
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.4g}"


def _cut_digits(value: int) -> str:
    digits = str(abs(value))
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:_ENDS]}…{digits[-_ENDS:]} ({len(digits)} digits)"
