"""
One value into the JSON form of a parameter's type, from text as typed or from what JSON, YAML and Python hold.

Raises plain ValueError, TypeError, OverflowError or RecursionError; `parameters` makes messages of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from mlrun_nb._lib.records import Json, number_from_json, to_json
from mlrun_nb.notebook.parameter_types import ParameterType

_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_PYTHON_TEXTS: dict[str, Json] = {"True": True, "False": False, "None": None}
_NONE_TEXTS = frozenset({"None", "null"})
_MAX_DIGITS = 4000
"""Python itself makes no int of longer text."""


class Unfit(ValueError):
    """Why a value does not fit, where that says more than the type's name; internal."""


def json_from_text(kind: ParameterType, text: str) -> Json:
    """Return what *text*, as typed after `-p name=`, means for *kind*; `None` and `null` are None where allowed."""
    if kind.optional and text in _NONE_TEXTS:
        return None
    if kind.kind in {"list", "dict"}:
        return _container_from_text(kind, text)
    if kind.kind == "literal":
        return _member_from_text(kind, text)
    return _TEXT_READERS[kind.kind](text)


def json_from_value(kind: ParameterType, value: object) -> Json:
    """Return *value*, from JSON, YAML or Python, in the JSON form of *kind*. Text is not converted to numbers."""
    if kind.kind == "any":
        return to_json(value)
    if value is None and kind.optional:
        return None
    if kind.kind in {"list", "dict"}:
        return _container(kind, value, json_from_value)
    if kind.kind == "literal":
        return _member(kind, value)
    return _VALUE_READERS[kind.kind](value)


def _any_from_text(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except ValueError:
        return _PYTHON_TEXTS.get(text, text)
    return to_json(value)


def _bool_from_text(text: str) -> Json:
    if text.strip().lower() not in _BOOLEANS:
        raise Unfit("write true or false")
    return _BOOLEANS[text.strip().lower()]


def _int_from_text(text: str) -> Json:
    try:
        number = Decimal(text.strip())  # knows `1_000` and `1e3`
    except InvalidOperation as err:
        raise Unfit("it is not a number") from err
    if number.is_finite() and number.adjusted() > _MAX_DIGITS:
        raise Unfit(f"it has more than {_MAX_DIGITS} digits")
    if not number.is_finite() or number != number.to_integral_value():
        raise Unfit("it is not a whole number")
    return int(number)


def _float_from_text(text: str) -> Json:
    number = float(text)
    if math.isinf(number) and "inf" not in text.lower():
        raise Unfit("it is too large")
    return to_json(number)


def _datetime_from_text(text: str) -> Json:
    return datetime.fromisoformat(text.strip()).isoformat()


def _path_from_text(text: str) -> Json:
    if not text or "\0" in text:
        raise Unfit("it is not a path")
    return text


_TEXT_READERS: Mapping[str, Callable[[str], Json]] = {
    "any": _any_from_text,
    "int": _int_from_text,
    "float": _float_from_text,
    "str": str,
    "bool": _bool_from_text,
    "datetime": _datetime_from_text,
    "Path": _path_from_text,
}


def _member_from_text(kind: ParameterType, text: str) -> Json:
    by_text: dict[str, str | int | bool] = {}
    for member in kind.members:
        for name in (str(member), str(member).lower()) if isinstance(member, bool) else (str(member),):
            if name not in by_text or isinstance(member, str):
                by_text[name] = member
    if text not in by_text:
        raise Unfit("it is none of the choices")
    return by_text[text]


def _container_from_text(kind: ParameterType, text: str) -> Json:
    import yaml

    typed = kind.item is not None and kind.item.kind != "any"
    try:
        if typed:  # the text of each item is kept and converted: YAML would make a bool of `no` and a number of `1`
            return _container(kind, yaml.load(text, Loader=yaml.BaseLoader), _typed_item)  # noqa: S506  # builds text only
        return json_from_value(kind, _plain_data(text))
    except yaml.YAMLError as err:
        raise Unfit("it is neither JSON nor YAML") from err


def _plain_data(text: str) -> object:
    import yaml

    try:
        return json.loads(text)  # first, because YAML 1.1 takes `1e-3` for text
    except ValueError:
        return yaml.safe_load(text)


def _typed_item(kind: ParameterType, part: object) -> Json:
    if isinstance(part, str):
        return json_from_text(kind, part)
    if kind.kind == "any":
        kind = ParameterType(kind="list" if isinstance(part, list) else "dict")
    return _container(kind, part, _typed_item)


def _container(kind: ParameterType, value: object, convert_item: Callable[[ParameterType, object], Json]) -> Json:
    item = kind.item or ParameterType()
    if kind.kind == "list" and isinstance(value, list | tuple):
        return [convert_item(item, part) for part in value]
    if kind.kind == "dict" and isinstance(value, Mapping):
        return {str(key): convert_item(item, part) for key, part in value.items()}
    raise Unfit(f"a {kind.kind} is needed" if kind.kind in {"list", "dict"} else "it holds too much")


def _member(kind: ParameterType, value: object) -> Json:
    for member in kind.members:
        if type(member) is type(value) and member == value:
            return member
    raise Unfit("it is none of the choices")


def _bool_from_value(value: object) -> Json:
    return value if isinstance(value, bool) else _refuse(value)


def _int_from_value(value: object) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else _refuse(value)


def _float_from_value(value: object) -> Json:
    number = number_from_json(value) if isinstance(value, str) else value
    return (
        to_json(float(number)) if isinstance(number, int | float) and not isinstance(number, bool) else _refuse(value)
    )


def _text_from_value(value: object) -> Json:
    return value if isinstance(value, str) else _refuse(value)


def _datetime_from_value(value: object) -> Json:
    if isinstance(value, date):  # YAML makes dates of what looks like one; a datetime is a date
        return _datetime_from_text(value.isoformat())
    return _datetime_from_text(value) if isinstance(value, str) else _refuse(value)


def _path_from_value(value: object) -> Json:
    text = value.__fspath__() if hasattr(value, "__fspath__") else value
    return _path_from_text(text) if isinstance(text, str) else _refuse(value)


def _refuse(value: object) -> Json:
    raise Unfit(f"it is a value of type {type(value).__name__}")


_VALUE_READERS: Mapping[str, Callable[[object], Json]] = {
    "int": _int_from_value,
    "float": _float_from_value,
    "str": _text_from_value,
    "bool": _bool_from_value,
    "datetime": _datetime_from_value,
    "Path": _path_from_value,
}
