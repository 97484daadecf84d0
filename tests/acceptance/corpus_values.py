"""Whether two values that two processes made are the same, as a person would say: numbers nearly, frames by cells."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from typing import Any

_PLAIN = (str, bytes, bool, type(None))
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def difference(one: Any, other: Any, where: str = "value") -> str:  # values of users
    """Return where and how *one* and *other* differ, empty where they do not."""
    import numpy as np

    if isinstance(one, bool | np.bool) or isinstance(other, bool | np.bool):
        return "" if bool(one) == bool(other) else f"{where}: {one!r} is not {other!r}"
    if isinstance(one, int | float | complex | np.number):
        near = np.isclose(one, _NOT_FINITE.get(other, other), rtol=1e-7, equal_nan=True)
        return "" if near else f"{where}: {one!r} is not {other!r}"
    if type(one).__qualname__ != type(other).__qualname__:
        return f"{where}: a `{type(one).__qualname__}` is not a `{type(other).__qualname__}`"
    if isinstance(one, _PLAIN):
        return "" if one == other else f"{where}: {one!r} is not {other!r}"
    return _inside(one, other, where)


def _inside(one: Any, other: Any, where: str) -> str:
    import numpy as np
    import pandas as pd

    if isinstance(one, pd.DataFrame | pd.Series):
        return "" if _frames_equal(one, other) else f"{where}: the tables differ"
    if isinstance(one, np.ndarray):
        if one.dtype.kind not in "biufc":
            return difference(one.tolist(), other.tolist(), where)
        same = one.shape == other.shape and np.allclose(one, other, equal_nan=one.dtype.kind in "fc")
        return "" if same else f"{where}: the arrays differ"
    if isinstance(one, Mapping):
        if list(map(str, one)) != list(map(str, other)):
            return f"{where}: keys {list(one)} are not {list(other)}"
        pairs = zip(one.values(), other.values(), strict=True)
        return _first(difference(a, b, f"{where}[{key!r}]") for key, (a, b) in zip(one, pairs, strict=True))
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return f"{where}: {len(one)} items are not {len(other)}"
        return _first(
            difference(a, b, f"{where}[{number}]") for number, (a, b) in enumerate(zip(one, other, strict=True))
        )
    if isinstance(one, set | frozenset):
        return difference(sorted(one, key=repr), sorted(other, key=repr), where)
    if isinstance(one, types.FunctionType):
        return "" if one.__code__.co_code == other.__code__.co_code else f"{where}: the functions differ"
    if hasattr(one, "__dict__") and one.__dict__:
        return difference(_state(one), _state(other), where)
    return "" if repr(one) == repr(other) else f"{where}: {one!r} is not {other!r}"


def _state(value: Any) -> dict[str, Any]:
    return {name: item for name, item in sorted(vars(value).items()) if not name.startswith("__")}


def _frames_equal(one: Any, other: Any) -> bool:
    import pandas as pd

    check = pd.testing.assert_frame_equal if isinstance(one, pd.DataFrame) else pd.testing.assert_series_equal
    try:
        check(one, other)
    except AssertionError:
        return False
    return True


def _first(found: Any) -> str:
    return next(filter(None, found), "")
