"""
An option's whole value as one text, as it is typed into a field: `16Gi`, `df, labels`, `TZ=UTC 'NOTE=a b'`, `true`.

Where an option can be given several times, the text is what a line would give it, word by word; otherwise it is the
value itself. Nothing here checks a value: see `option_values`.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import OptionError
from mlrun_nb.model.options import Kind, Option

REPEATED = frozenset({Kind.NAMES, Kind.TEXTS, Kind.PAIRS})
"""Kinds of which an option may be given more than one value."""


def as_typed(option: Option, value: Json, uris: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return *value*, in its JSON form, as it would be typed; *uris* are those of inputs that were given one."""
    if option.kind is Kind.NAMES and isinstance(value, list | tuple):
        words = [f"{name}={uris[str(name)]}" if name in uris else str(name) for name in value]
        return quoted(*words) if uris else ", ".join(words)
    if option.kind is Kind.TEXTS and isinstance(value, list | tuple):
        return quoted(*value)
    if option.kind is Kind.PAIRS and isinstance(value, Mapping):
        return quoted(*(f"{key}={item}" for key, item in value.items()))
    if option.kind in {Kind.FLAG, Kind.DATA}:
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def typed_words(option: Option, text: str, *, where: str) -> list[str]:
    """
    Return the values in *text*, each as a line would give it; none for an empty text.

    Raises OptionError for quotes that are not closed.
    """
    text = text.strip()
    if option.kind not in REPEATED:
        return [text] if text else []
    try:
        words = shlex.split(text)
    except ValueError as err:
        raise OptionError(
            f"`{option.name}` in {where} cannot be split into words: {str(err).lower()}",
            hint="Close the quotation mark, or escape it with `\\`.",
        ) from err
    return list(_names(words)) if option.kind is Kind.NAMES else words


def _names(words: Sequence[str]) -> Iterator[str]:
    """Yield the names in *words*; commas part them as well, but not within a URI."""
    for word in words:
        yield from [word] if "=" in word else filter(None, word.split(","))
