"""
Parameters of a notebook in another language than Python, as far as a line tells them.

papermill injects into R, Julia, Scala and others, but infers parameters for Python only; one pattern for assignments
does here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.model.parameters import Parameter

_ASSIGNMENT = re.compile(
    r"(?:(?:let|var|val|const|my|local|set)\s+)?\$?(?P<name>[^\W\d]\w*)\s*(?::=|<-|=)\s*(?P<value>[^=].*?)\s*;?\s*(?P<comment>(?:#|//|--).*)?"
)
_WORDS: dict[str, Json] = {"TRUE": True, "FALSE": False, "True": True, "False": False}


def foreign_parameters(source: str) -> tuple[Parameter, ...]:
    """Return a parameter for each line that assigns; its type is that of a value which JSON knows, else none."""
    return tuple({item.name: item for item in _parameters(source)}.values())


def _parameters(source: str) -> Iterator[Parameter]:
    for line in source.split("\n"):
        match = _ASSIGNMENT.fullmatch(line.strip())
        if match is None:
            continue
        description = (match["comment"] or "").lstrip("#/-").strip()
        try:
            value = to_json(_WORDS[match["value"]] if match["value"] in _WORDS else json.loads(match["value"]))
        except (ValueError, RecursionError):
            yield Parameter(name=match["name"], default_source=match["value"], description=description)
        else:
            kind = "" if value is None else type(value).__name__
            yield Parameter(name=match["name"], type=kind, default=value, description=description)
