"""
Kubernetes quantities and human durations, checked on the laptop as a cluster would check them.

Source: Kubernetes `resource.Quantity` (decimal SI, binary SI and exponent forms); durations as in `systemd.time`:
`1h30m`.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mlrun_nb.errors import OptionError

_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_QUANTITY = re.compile(
    r"(?P<number>\d+(?:\.\d*)?|\.\d+)(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?\d{1,2}))?"
)
_DURATION = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)d)?(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s?)?"
)
_CENTURY_S = 36_525 * 86_400
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def parse_quantity(text: str) -> Decimal:
    """
    Return the number that a Kubernetes quantity such as `16Gi`, `500m` or `1e3` stands for.

    Raises OptionError for anything else, with the form that was probably meant.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise OptionError(f"`{text}` is not a Kubernetes quantity", hint=_quantity_hint(text))
    number = Decimal(match["number"])
    if match["exponent"]:
        return number.scaleb(int(match["exponent"]))
    suffix = match["suffix"] or ""
    if suffix in _BINARY:
        return number * (1 << _BINARY[suffix])
    return number.scaleb(_DECIMAL[suffix])


def _quantity_hint(text: str) -> str:
    near = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kKmMgGtTpPeE])(i?)[bB]?\s*", text)
    if near is None:
        return "Write a number with one of the suffixes m k M G T Ki Mi Gi Ti, such as `500m` or `16Gi`."
    number, prefix, binary = near.groups()
    suffix = f"{prefix.upper()}i" if binary else prefix.lower() if prefix in "kK" else prefix.upper()
    return f"Write `{number}{suffix}`."


def memory_bytes(text: str) -> int:
    """Return a memory quantity in whole bytes, rounded up as Kubernetes does; raises OptionError below one byte."""
    amount = parse_quantity(text)
    if amount < 1:
        raise OptionError(
            f"`{text}` is less than one byte of memory", hint="Write it with a suffix, such as `512Mi` or `16Gi`."
        )
    return int(amount.to_integral_value(rounding="ROUND_CEILING"))


def more_memory(limit: str, *, held_bytes: int = 0) -> str:
    """
    Return what to try where *limit*, a memory quantity, was not enough: twice as much.

    Where *held_bytes* had been taken by then, it is half as much again as that at least. Raises OptionError for a limit
    that is no quantity.
    """
    wanted = Decimal(held_bytes) * 3 / 2
    if 2 * parse_quantity(limit) < wanted:
        mebibytes = int((wanted / (1 << 20)).to_integral_value(rounding="ROUND_CEILING"))
        return f"{mebibytes}Mi" if mebibytes < 1024 else f"{-(-mebibytes // 1024)}Gi"
    match = _QUANTITY.fullmatch(limit)
    assert match is not None  # it was parsed
    number = (2 * Decimal(match["number"])).normalize()
    return f"{number:f}{limit[match.end('number') :]}"


def cpu_cores(text: str) -> Decimal:
    """Return a CPU quantity in cores; raises OptionError below one millicore, the least that Kubernetes knows."""
    amount = parse_quantity(text)
    if amount < Decimal("0.001"):
        raise OptionError(
            f"`{text}` is less than a thousandth of a CPU", hint="Write `1` for one core, `500m` for half of one."
        )
    return amount


def parse_duration_s(text: str) -> float:
    """Return a duration such as `90`, `1h30m`, `2d` or `1.5m` in seconds; raises OptionError for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not text.strip():
        raise OptionError(
            f"`{text}` is not a duration", hint="Write seconds or a sum of units, such as `90`, `15m`, `1h30m` or `2d`."
        )
    seconds = sum(float(match[unit]) * factor for unit, factor in _SECONDS.items() if match[unit])
    if seconds > _CENTURY_S:
        raise OptionError(f"`{text}` is longer than a century", hint="Write a shorter one, such as `90d`.")
    return seconds
