"""
Dimensions as they are typed: `lr=0.1,0.01 opt="a b",c layers=[64],[64,32]; depth=uniform(2, 12)`.

    dimensions = dimension {(blank | ";") dimension}
    dimension  = NAME "=" (value {"," value} | DISTRIBUTION "(" numbers ")")
    value      = JSON list or object | text in quotes, single or double | characters without blank, comma, semicolon

Values stay text here: only the parameter's type says what `1` or `no` is.
"""

from __future__ import annotations

import json
import re

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.distribution_calls import find_call, parse_distribution
from mlrun_nb.model.domains import DISTRIBUTIONS, FORMS, Domain, Values
from mlrun_nb.model.space import GivenDimension, Space

_NAME = re.compile(r"([^\W\d]\w*)\s*=")
_BLANKS = re.compile(r"\s*")
_GAP = re.compile(r"[\s;]*")
_COMMA = re.compile(r"\s*,\s*")
_QUOTED = re.compile(r""" "((?:[^"\\]|\\.)*)" | '([^']*)' """, re.VERBOSE | re.DOTALL)
_BARE = re.compile(r"[^\s,;]+")
_JSON = json.JSONDecoder()
_EXAMPLE = (
    "Write it as in `lr=0.1,0.01 depth=uniform(2,12)`, with quotes around a value that has blanks or commas in it."
)


def parse_space(text: str, *, where: str) -> tuple[GivenDimension, ...]:
    """
    Return the dimensions in *text*, at least one, in its order.

    Raises OptionError, naming *where* the text comes from, for what is none of the above and for a name given twice.
    """
    dimensions: dict[str, GivenDimension] = {}
    position = _skip(_GAP, text, 0)
    while position < len(text) or not dimensions:
        name = _NAME.match(text, position)
        if name is None:
            word = _word(text, position)
            found = f"`{word}` in {where} is not `NAME=VALUES`" if word else f"{where} names no parameter"
            raise OptionError(found, hint=_EXAMPLE)
        if name[1] in dimensions:
            raise OptionError(f"`{name[1]}` is given twice in {where}", hint=f"Write one `{name[1]}=…`.")
        try:
            dimensions[name[1]], end = _dimension(name[1], text, _first_value(text, name.end()))
        except OptionError as err:
            raise OptionError(f"`{name[1]}` in {where}: {err.message}", hint=err.hint) from err
        position = _skip(_GAP, text, end)
        if position == end < len(text):
            raise OptionError(f"`{_word(text, end)}` in {where} follows a value without a comma", hint=_EXAMPLE)
    return tuple(dimensions.values())


def space_text(space: Space) -> str:
    """Return *space* as `parse_space` reads it."""
    return " ".join(f"{each.name}={_domain_text(each.domain)}" for each in space.dimensions)


def _domain_text(domain: Domain) -> str:
    return ",".join(map(_value_text, domain.values)) if isinstance(domain, Values) else domain.text.replace(" ", "")


def _value_text(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(to_json(value), ensure_ascii=False)
    is_plain = _BARE.fullmatch(text) and text[0] not in "\"'[{" and "(" not in text
    if is_plain or not isinstance(value, str):
        return text
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def _first_value(text: str, start: int) -> int:
    """Return where the first value after a `=` stands; what follows a gap and is a name with `=` is none."""
    position = _skip(_BLANKS, text, start)
    return start if position > start and _NAME.match(text, position) else position


def _dimension(name: str, text: str, start: int) -> tuple[GivenDimension, int]:
    """Return the dimension whose values begin at *start*, and where they end."""
    call = find_call(text, start)
    if call is not None:
        if _COMMA.match(text, call.end()):
            raise _beside_others(call[0])
        return GivenDimension(name=name, distribution=parse_distribution(call[0])), call.end()
    values, position = [], start
    while True:
        value, position = _value(text, position)
        values.append(value)
        comma = _COMMA.match(text, position)
        if comma is None:
            return GivenDimension(name=name, values=tuple(values), from_text=True), position
        position = comma.end()


def _value(text: str, start: int) -> tuple[str, int]:
    if text.startswith(("[", "{"), start):
        try:
            _, end = _JSON.raw_decode(text, start)
        except ValueError as err:
            raise OptionError(
                f"`{_word(text, start)}` begins a list or object that is not JSON", hint=_EXAMPLE
            ) from err
        return text[start:end], end
    if quoted := _QUOTED.match(text, start):
        inside = quoted[2] if quoted[1] is None else re.sub(r'\\(["\\])', r"\1", quoted[1])
        return inside, quoted.end()
    bare = _BARE.match(text, start)
    if bare is None:
        raise OptionError("a value is missing", hint=f'{_EXAMPLE} An empty text is `""`.')
    if bare[0].partition("(")[0] in DISTRIBUTIONS and "(" in bare[0]:
        if call := find_call(text, start):
            raise _beside_others(call[0])
        raise OptionError(f"`{text[start:]}` is not a distribution: a bracket is not closed", hint=FORMS)
    if bare[0][0] in {'"', "'"}:
        raise OptionError(f"`{bare[0]}` begins with a quote that is not closed", hint=_EXAMPLE)
    return bare[0], bare.end()


def _beside_others(call: str) -> OptionError:
    return OptionError(f"`{call}` stands beside other values", hint="Give a distribution, or values.")


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()


def _word(text: str, position: int) -> str:
    """Return the word at *position*, for a message."""
    words = text[position:].split(maxsplit=1)
    return words[0] if words else ""
