"""The values that a parameter takes, as JSON schema: what a form needs to offer the right field."""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb._lib.records import Json
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.parameter_types import Kind, ParameterType, UnknownTypeError, parse_type

_NON_FINITE: Json = ["NaN", "Infinity", "-Infinity"]
_SCHEMAS: Mapping[Kind, Mapping[str, Json]] = {
    "any": {},
    "int": {"type": "integer"},
    "float": {"anyOf": [{"type": "number"}, {"enum": _NON_FINITE}]},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "Path": {"type": "string", "format": "path"},
}


def parameter_schema(parameter: Parameter) -> dict[str, Json]:
    """Return the JSON schema of the values of *parameter*, its default among them where that is a literal."""
    try:
        schema = _schema(parse_type(parameter.type))
    except UnknownTypeError:  # recorded by a release that knows more types
        schema = {}
    if parameter.description:
        schema["description"] = parameter.description
    if not parameter.required and not parameter.default_source:
        schema["default"] = parameter.default
    return schema


def _schema(kind: ParameterType) -> dict[str, Json]:
    schema = _plain(kind)
    return {"anyOf": [schema, {"type": "null"}]} if kind.optional and schema else schema


def _plain(kind: ParameterType) -> dict[str, Json]:
    item = _schema(kind.item) if kind.item else {}
    if kind.kind == "list":
        return {"type": "array", "items": item} if item else {"type": "array"}
    if kind.kind == "dict":
        return {"type": "object", "additionalProperties": item} if item else {"type": "object"}
    if kind.kind == "literal":
        return {"enum": list(kind.members)}
    return dict(_SCHEMAS[kind.kind])
