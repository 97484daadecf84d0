"""
The words after `%%mlrun`: a name and options, as a shell would split them.

Reads the one table in `model.options`; used by `parsing` for cells and by the magics for what they are handed.
"""

from __future__ import annotations

import builtins
import keyword
import re
import shlex
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import OptionError
from mlrun_nb.model.option_values import check_value, merge_repeated
from mlrun_nb.model.options import OPTIONS, Kind, Option, find_option

SHORT = {"-p": "param", "-i": "input", "-o": "output"}
BUILTINS = frozenset(dir(builtins))
"""Names that no function may have: in a kernel it would stand in the place of what every cell calls so."""
_INPUT_URI = re.compile(r"(?P<name>[^\W\d]\w*)=(?P<uri>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLine:
    """What a line says: checked options in their JSON form, and the URIs of `--input NAME=URI` by name."""

    name: str
    options: Mapping[str, Json] = field(default_factory=dict)
    input_uris: Mapping[str, str] = field(default_factory=dict)


def parse_option_line(text: str, where: str) -> OptionLine:
    """
    Return what the words after `%%mlrun` say; *where* names the cell for messages.

    Options are written out in full, `--name value` or `--name=value`. Raises OptionError.
    """
    names: list[str] = []
    given: dict[str, list[object]] = {}
    for option, value in _words(split_words(text, where), where):
        if option is None:
            names.append(value)
        else:
            given.setdefault(option.name, []).append(value)
    if not names:
        raise OptionError(f"{where} gives its function no name", hint="Write `%%mlrun NAME`, as in `%%mlrun train`.")
    if len(names) > 1:
        raise OptionError(
            f"{where} has a word too many: `{names[1]}`",
            hint=f"Write one name, and quote values that hold blanks: `%%mlrun {names[0]} --label 'team=a b'`.",
        )
    options, uris = check_given(given, where)
    return OptionLine(name=function_name(names[0], where), options=options, input_uris=uris)


def check_given(given: Mapping[str, list[object]], where: str) -> tuple[dict[str, Json], dict[str, str]]:
    """Return checked options, and the URIs taken out of the values of `input`; *given* maps each to all its values."""
    options: dict[str, Json] = {}
    uris: dict[str, str] = {}
    for name, values in given.items():
        option = OPTIONS[name]
        if name == "input":
            values = [_without_uri(value, uris) for value in _flat(values)]  # noqa: PLW2901  # the same values, cleaned
        options[name] = _normal(
            option, merge_repeated(option, [check_value(option, item, where=where) for item in values])
        )
    return options, uris


def split_words(text: str, where: str) -> list[str]:
    """Return the words of a line as a shell splits them; raises OptionError for quotes that are not closed."""
    try:
        return shlex.split(text)
    except ValueError as err:
        raise OptionError(
            f"{where} cannot be split into words: {str(err).lower()}",
            hint="Close the quotation mark, or escape it with `\\`.",
        ) from err


def _words(words: Iterable[str], where: str) -> Iterator[tuple[Option | None, str]]:
    """Yield each option with its value, and words that belong to none with None."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            yield None, word
            continue
        flag, equals, value = word.partition("=")
        option = _option(flag, where)
        if equals:
            yield option, value
        elif option.kind is Kind.FLAG:
            yield option, "true"
        else:
            yield option, _value(option, next(rest, None), where)


def _option(flag: str, where: str) -> Option:
    if flag in SHORT:
        return OPTIONS[SHORT[flag]]
    if not flag.startswith("--"):
        raise OptionError(
            f"unknown option `{flag}` in {where}",
            hint="Short options are `-p`, `-i` and `-o`; write others in full, `--memory 4Gi`.",
        )
    return find_option(flag[2:], where=where)


def _value(option: Option, word: str | None, where: str) -> str:
    if word is None or word.startswith("--"):
        raise OptionError(
            f"`{option.flag}` in {where} has no value", hint=f"Write it as in `{option.flag} {quoted(option.example)}`."
        )
    return word


def _flat(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _without_uri(value: object, uris: dict[str, str]) -> object:
    """Return the name in `NAME=URI` and keep the URI in *uris*; anything else comes back as it is."""
    match = _INPUT_URI.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    name = normal_name(match["name"])
    uris[name] = match["uri"]
    return name


def _normal(option: Option, value: Json) -> Json:
    if option.kind is Kind.NAMES and isinstance(value, list):
        return list(dict.fromkeys(normal_name(str(name)) for name in value))
    return value


def normal_name(name: str) -> str:
    """Return an identifier as Python itself sees it. Source: Python reference, section 2.3, NFKC."""
    return unicodedata.normalize("NFKC", name)


def function_name(name: str, where: str) -> str:
    """Return *name*, which stands in *where*, as Python sees it; raises OptionError where no function can have it."""
    normal = normal_name(name)
    if not normal.isidentifier() or keyword.iskeyword(normal):
        near = re.sub(r"\W", "_", normal)
        hint = (
            f"Write `{near}`."
            if near.isidentifier() and not keyword.iskeyword(near)
            else "Write a name such as `train`."
        )
        raise OptionError(f"`{name}` in {where} cannot name a function: it is not a Python name", hint=hint)
    if normal in BUILTINS:
        raise OptionError(
            f"`{name}` in {where} cannot name a function: Python has a builtin of that name",
            hint=f"Write another one, such as `my_{normal.strip('_')}`.",
        )
    return normal
