"""
Frozen dataclasses to plain JSON values and back, with nothing but the standard library.

The runner must read a request in any image that has papermill, so no serialisation library can be asked for. Fields
that hold their default are left out when writing, and unknown fields are passed over when reading: a record of one
release can be read by the release before it and after it.
"""

from __future__ import annotations

import dataclasses
import math
import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Literal, NewType, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Json: TypeAlias = Union[bool, int, float, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007  # recursive
"""Any value that JSON can hold, and the non-finite numbers, which travel as strings."""

Scalar: TypeAlias = bool | int | float | str | None
"""A single value. Read back, the strings that stand for non-finite numbers are numbers again."""

T = TypeVar("T")

_ALWAYS = "always"
ALWAYS_WRITTEN: Mapping[str, bool] = {_ALWAYS: True}
"""Metadata of a field that is written even when it holds its default, because readers go by it."""

_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def to_json(value: object) -> Json:
    """
    Return *value*, a record or a container of records, as JSON values.

    NaN and the infinities become the strings "NaN", "Infinity" and "-Infinity"; times become ISO 8601 text.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Enum):
        return to_json(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record_to_json(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _record_to_json(record: object) -> dict[str, Json]:
    plain: dict[str, Json] = {}
    for field in dataclasses.fields(record):  # type: ignore[arg-type]  # is_dataclass was checked by the caller
        value = getattr(record, field.name)
        if value != _default(field) or field.metadata.get(_ALWAYS):
            plain[field.name] = to_json(value)
    return plain


def _default(field: dataclasses.Field[object]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def from_json(kind: type[T], value: object) -> T:
    """
    Build a *kind*, a frozen dataclass, from JSON values as `to_json` writes them.

    Raises ValueError, naming the field, when a required field is missing or a value is of another type.
    """
    return cast("T", _build(kind, value, kind.__name__))


def number_from_json(value: Json) -> Json:
    """Return *value* with the three strings that stand for non-finite numbers turned back into numbers."""
    return _NON_FINITE.get(value, value) if isinstance(value, str) else value


def finite(value: Json) -> float | None:
    """Return *value* as a number that has a place on an axis; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond all floats
        return None
    return number if math.isfinite(number) else None


def scalar_from_json(value: Json) -> Scalar:
    """Return the single value that *value* stands for; raises ValueError for a list or an object."""
    number = number_from_json(value)
    if number is None or isinstance(number, bool | int | float | str):
        return number
    raise ValueError(f"a single value is needed, not a {type(value).__name__}")


def _build(kind: object, value: object, where: str) -> object:
    if isinstance(kind, NewType):
        kind = kind.__supertype__
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _build_union(arguments, value, where)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _build_record(kind, value, where)
    if origin in {tuple, frozenset}:
        if not isinstance(value, list | tuple):
            raise _mismatch(where, "a list", value)
        items = (_build(arguments[0], item, f"{where}[{index}]") for index, item in enumerate(value))
        return tuple(items) if origin is tuple else frozenset(items)
    if origin is Mapping:
        if not isinstance(value, dict):
            raise _mismatch(where, "an object", value)
        return {key: _build(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    return _build_scalar(kind, value, where)


def _build_record(kind: type, value: object, where: str) -> object:
    if not isinstance(value, dict):
        raise _mismatch(where, "an object", value)
    hints = _hints(kind)
    missing = [name for name in _required(kind) if name not in value]
    if missing:
        raise ValueError(f"{where} lacks `{missing[0]}`")
    known = {name: _build(hints[name], value[name], f"{where}.{name}") for name in hints if name in value}
    return kind(**known)


def _build_union(choices: tuple[object, ...], value: object, where: str) -> object:
    if value is None and type(None) in choices:
        return None
    if str in choices and bool in choices:
        if Sequence not in map(get_origin, choices):
            return scalar_from_json(cast("Json", value))
        return value  # any JSON value
    failures = []
    for choice in choices:
        try:
            return _build(choice, value, where)
        except ValueError as err:
            failures.append(err)
    raise failures[-1]


def _build_scalar(kind: object, value: object, where: str) -> object:
    if get_origin(kind) is Literal:
        for choice in get_args(kind):
            if value == choice:
                return choice  # an enum's member, where its value was written
        raise _mismatch(where, f"one of {', '.join(map(str, get_args(kind)))}", value)
    if kind is float and isinstance(value, int | float | str) and not isinstance(value, bool):
        number = number_from_json(value)
        if isinstance(number, int | float):
            return float(number)
    if kind is datetime and isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if isinstance(kind, type) and isinstance(value, kind) and (kind is not int or not isinstance(value, bool)):
        return value
    raise _mismatch(where, getattr(kind, "__name__", str(kind)), value)


def _mismatch(where: str, wanted: str, value: object) -> ValueError:
    return ValueError(f"{where} must be {wanted}, not {type(value).__name__}")


@cache
def _hints(kind: type) -> dict[str, object]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@cache
def _required(kind: type) -> tuple[str, ...]:
    fields = dataclasses.fields(kind)
    missing = dataclasses.MISSING
    return tuple(field.name for field in fields if field.default is missing and field.default_factory is missing)
