"""
The table of options as a JSON schema, for forms that are made from one.

Describes an object that has options by name, each in its JSON form. A choice is `oneOf` with a title each, so that
a form can name it. What a schema cannot say, such as that MIN must not exceed MAX, is said when the value is checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.model.option_values import check_value
from mlrun_nb.model.options import OPTIONS, SECTIONS, Kind, Option

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_NUMBER = r"(\d+(\.\d*)?|\.\d+)"
_QUANTITY = rf"^{_NUMBER}([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{{1,2}})?$"
_WHOLE = r"\d+(\.\d+)?"
_DURATION = rf"^(?=.)({_WHOLE}d)?({_WHOLE}h)?({_WHOLE}m)?({_WHOLE}s?)?$"
_NO_LETTER = r"\s!-/:-@\[-\^`{-~"
_NAME = rf"^[^{_NO_LETTER}\d][^{_NO_LETTER}]*$"  # `\w` knows no letters but ASCII's in a browser
_TEXT: Mapping[str, Json] = {"type": "string", "minLength": 1}

_FORMS: Mapping[Kind, Mapping[str, Json]] = {
    Kind.TEXT: _TEXT,
    Kind.CPU: {"type": "string", "pattern": _QUANTITY},
    Kind.BYTES: {"type": "string", "pattern": _QUANTITY},
    Kind.COUNT: {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    Kind.DURATION: {"type": "string", "pattern": _DURATION},
    Kind.FLAG: {"type": "boolean"},
    Kind.NAMES: {"type": "array", "uniqueItems": True, "items": {"type": "string", "pattern": _NAME}},
    Kind.TEXTS: {"type": "array", "uniqueItems": True, "items": _TEXT},
    Kind.PAIRS: {
        "type": "object",
        "propertyNames": {"pattern": r"^[^=]*[^=\s][^=]*$"},
        "additionalProperties": {"type": "string"},
    },
    Kind.RANGE: {"type": "string", "pattern": r"^\d{1,6}(\.\.\d{1,6})?$"},
    Kind.DATA: {"type": ["object", "array", "number", "boolean", "null"]},  # a text would be read as JSON
}


def options_schema(targets: Sequence[str] = ()) -> dict[str, Json]:
    """Return the schema of all options, in the order of help; *targets* are suggested for `on`."""
    ordered = [option for section in SECTIONS for option in OPTIONS.values() if option.section == section]
    properties = {option.name: option_schema(option) for option in ordered}
    properties["on"]["examples"] = list(targets) or properties["on"]["examples"]
    return {
        "$schema": DRAFT,
        "title": "Options",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def option_schema(option: Option) -> dict[str, Json]:
    """Return the schema of the values of *option*."""
    named: dict[str, Json] = {"title": _title(option.name), "description": option.help}
    if option.example:
        named["examples"] = [check_value(option, option.example, where="the table of options")]
    if option.choices:
        choices = [{"const": choice, "title": _title(choice)} for choice in option.choices]
        return {**named, "type": "string", "oneOf": choices}
    return {**named, **_FORMS[option.kind]}


def _title(name: str) -> str:
    words = name.replace("-", " ")
    shown = _ABBREVIATIONS.get(words.partition(" ")[0])
    return f"{shown}{words[len(shown) :]}" if shown else words.capitalize()


_ABBREVIATIONS = {"cpu": "CPU", "gpu": "GPU"}
