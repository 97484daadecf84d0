"""A request's parameters as Python values: the strings that stand for NaN and infinities are numbers again."""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb._lib.records import Json, number_from_json
from mlrun_nb.model.run import RunRequest


def parameter_values(request: RunRequest) -> dict[str, object]:
    """Return name → value; only where the declared type is about floats is a string taken for a number."""
    types = {parameter.name: parameter.type for parameter in request.version.spec.parameters}
    return {name: _value(value, types.get(name, "")) for name, value in request.parameters.items()}


def _value(value: Json, type_name: str) -> object:
    if "float" not in type_name or "str" in type_name:
        return value
    if isinstance(value, Mapping):
        return {key: _value(item, type_name) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item, type_name) for item in value]
    return number_from_json(value)
