"""
Values of options: checked once, where they enter, and from then on in their JSON form.

Takes shell words (`--memory 16Gi`) and YAML values (`#| mlrun.memory: 16Gi`, profiles) alike; also lays layers of
values over each other and remembers where each came from.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import OptionError
from mlrun_nb.model.options import Kind, Option, find_option
from mlrun_nb.model.quantities import cpu_cores, memory_bytes, parse_duration_s

_LONGEST_NAME = 40

OptionValues = Mapping[str, Json]
"""Option name → value in its JSON form (see `Kind`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """The value in force for one option, and the layer that it came from."""

    value: Json
    source: str


def check_value(option: Option, value: object, *, where: str) -> Json:
    """
    Return *value* in the JSON form of the option's kind.

    *value* is text from a line, or what YAML made of it. Raises OptionError naming option and *where*.
    """
    try:
        checked = _CHECKS[option.kind](value)
    except UnfitItem as err:
        raise OptionError(
            f"`{option.name}` in {where} cannot be `{_shown(err.item)}`: {err}", hint=_example(option, err.item)
        ) from err
    except (ValueError, TypeError) as err:
        raise OptionError(
            f"`{option.name}` in {where} cannot be `{_shown(value)}`: {err}", hint=_example(option)
        ) from err
    except OptionError as err:
        raise OptionError(f"`{option.name}` in {where}: {err.message}", hint=err.hint) from err
    if option.choices and checked not in option.choices:
        raise OptionError(
            f"`{option.name}` in {where} cannot be `{_shown(value)}`",
            hint=f"Choose one of {', '.join(option.choices)}.",
        )
    return checked


def check_values(values: Mapping[str, object], *, where: str) -> dict[str, Json]:
    """
    Return all of *values*, keyed by the options' own names; raises OptionError for an unknown name or a bad value.
    """
    checked: dict[str, Json] = {}
    for name, value in values.items():
        option = find_option(str(name), where=where)
        checked[option.name] = check_value(option, value, where=where)
    return checked


def lay(layers: Iterable[tuple[str, OptionValues]]) -> dict[str, Sourced]:
    """
    Return the value in force for each option; *layers* are (source, values), strongest first. Values are not merged.
    """
    laid: dict[str, Sourced] = {}
    for source, values in layers:
        for name, value in values.items():
            laid.setdefault(name, Sourced(value=value, source=source))
    return laid


def merge_repeated(option: Option, values: Iterable[Json]) -> Json:
    """
    Return the one value for an option that was given several times on a line; raises OptionError where it may not be.
    """
    given = list(values)
    if option.kind in {Kind.NAMES, Kind.TEXTS}:
        return list(dict.fromkeys(item for value in given if isinstance(value, list) for item in value))
    if option.kind is Kind.PAIRS:
        return {key: item for value in given if isinstance(value, Mapping) for key, item in value.items()}
    if len(given) > 1 and any(value != given[0] for value in given):
        raise OptionError(f"`{option.flag}` is given {len(given)} times", hint=f"Keep one `{option.flag}`.")
    return given[-1]


class UnfitItem(ValueError):
    """One of several values of an option means nothing."""

    def __init__(self, item: object, reason: str) -> None:
        super().__init__(reason)
        self.item = item


def _text(value: object) -> Json:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise TypeError("a text is needed")
    return _storable(str(value))


def _storable(text: str) -> str:
    """Return *text*; raises ValueError where no record, variable or command could hold it."""
    if "\0" in text:
        raise ValueError("it holds a NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds bytes that are not UTF-8")
    return text


def _cpu(value: object) -> Json:
    text = str(_text(value))
    cpu_cores(text)
    return text


def _bytes(value: object) -> Json:
    text = str(_text(value))
    memory_bytes(text)
    return text


def _duration(value: object) -> Json:
    text = str(_text(value))
    parse_duration_s(text)
    return text


def _count(value: object) -> Json:
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", str(value)):
        raise ValueError("a whole number from 0 is needed")
    return int(str(value))


def _flag(value: object) -> Json:
    if value in {True, "true", "yes", ""}:
        return True
    if value in {False, "false", "no"}:
        return False
    raise ValueError("true or false is needed")


def _texts(value: object) -> Json:
    texts: list[Json] = []
    for item in _items(value):
        try:
            texts.append(_text(item))
        except (TypeError, ValueError) as err:
            raise UnfitItem(item, str(err)) from err
    return texts


def _names(value: object) -> Json:
    names = [name.strip() for text in _items(value) for name in str(text).split(",")]
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise UnfitItem(name, "it is not a Python name")
    return list(dict.fromkeys(names))


def _pairs(value: object) -> Json:
    if isinstance(value, Mapping):
        return {_storable(str(key)): "" if item == "" else str(_text(item)) for key, item in value.items()}
    pairs: dict[str, Json] = {}
    for text in _items(value):
        key, equals, item = str(text).partition("=")
        if not key.strip():
            raise UnfitItem(text, "it has no name before the `=`")
        if not equals:
            raise UnfitItem(text, "it has no `=` with a value behind it")
        try:
            pairs[_storable(key.strip())] = _storable(item)
        except ValueError as err:
            raise UnfitItem(text, str(err)) from err
    return pairs


def _items(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else [value]


def _range(value: object) -> Json:
    match = re.fullmatch(r"(\d{1,6})(?:\.\.(\d{1,6}))?", str(value).strip())
    if match is None or isinstance(value, bool):
        raise ValueError("N or MIN..MAX is needed")
    low, high = int(match[1]), int(match[2] or match[1])
    if low > high or high < 1:
        raise ValueError("MIN must not exceed MAX, and MAX must be at least 1")
    return f"{low}..{high}"


def _data(value: object) -> Json:
    try:
        decoded = json.loads(value) if isinstance(value, str) else value
    except ValueError as err:
        raise ValueError("it is not JSON") from err
    return json.loads(json.dumps(decoded))  # type: ignore[no-any-return]  # what JSON decodes is Json


_CHECKS = {
    Kind.TEXT: _text,
    Kind.CPU: _cpu,
    Kind.BYTES: _bytes,
    Kind.COUNT: _count,
    Kind.DURATION: _duration,
    Kind.FLAG: _flag,
    Kind.NAMES: _names,
    Kind.TEXTS: _texts,
    Kind.PAIRS: _pairs,
    Kind.RANGE: _range,
    Kind.DATA: _data,
}


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _example(option: Option, item: object = "") -> str:
    example = f"as in `{option.flag} {quoted(option.example)}`" if option.example else f"as in `{option.flag}`"
    name = str(item).strip()
    if option.kind is Kind.PAIRS and name and "=" not in name and len(name) <= _LONGEST_NAME:
        return f"Write `{option.flag} {quoted(f'{name}=VALUE')}`, {example}."
    return f"Write it {example}."
