"""
Bind parameters for a run: given text (`-p lr=0.2`) and JSON values against what the function declares.

Where a version's `parameters` came from is the business of `declarations`, how one value is converted that of
`conversion`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import ParameterError
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.conversion import Unfit, json_from_text, json_from_value
from mlrun_nb.notebook.option_line import normal_name
from mlrun_nb.notebook.parameter_types import ParameterType, parse_type

_EXAMPLES = {
    "any": "1",
    "int": "10",
    "float": "0.1",
    "str": "text",
    "bool": "true",
    "list": "[]",
    "dict": "{}",
    "datetime": "2024-05-31T12:00:00",
    "Path": "data/train.csv",
}


def convert(parameter: Parameter, value: object, *, from_text: bool) -> Json:
    """
    Return *value* in the JSON form of the parameter's type; NaN and infinities as `"NaN"`, `"Infinity"`, `"-Infinity"`.

    With *from_text* it is text as typed on a line (lists and dicts as JSON or YAML), else what JSON, YAML or Python
    hold.
    Raises ParameterError naming parameter, type and value, with an example.
    """
    kind = parse_type(parameter.type)
    try:
        return json_from_text(kind, str(value)) if from_text else json_from_value(kind, value)
    except (ValueError, TypeError, OverflowError, RecursionError) as err:
        reason = f": {err}" if isinstance(err, Unfit) else ""
        raise ParameterError(
            f"parameter `{parameter.name}` is `{parameter.type or 'JSON'}` and cannot be `{_shown(value)}`{reason}",
            hint=_example(parameter.name, kind, from_text=from_text),
        ) from err


def bind_parameters(
    parameters: Sequence[Parameter],
    values: Mapping[str, object] = MappingProxyType({}),
    *,
    texts: Mapping[str, str] = MappingProxyType({}),
    function: str = "",
) -> dict[str, Json]:
    """
    Return the value in force of each parameter in JSON form: given ones, and defaults that are literals.

    *values* are JSON values, *texts* are as typed and win. Defaults that are expressions are left out: the cell
    evaluates them. Raises ParameterError for what is unknown, missing, or of another type.
    """
    given: dict[str, tuple[object, bool]] = {normal_name(name): (value, False) for name, value in values.items()}
    given |= {normal_name(name): (text, True) for name, text in texts.items()}
    refuse_unknown(given, parameters, function=function)
    _refuse_missing([item for item in parameters if item.required and item.name not in given], function)
    bound: dict[str, Json] = {}
    for item in parameters:
        if item.name in given:
            value, from_text = given[item.name]
            bound[item.name] = convert(item, value, from_text=from_text)
        elif not item.default_source:
            bound[item.name] = item.default
    return bound


def refuse_unknown(given: Iterable[str], parameters: Sequence[Parameter], *, function: str = "") -> None:
    """Raise ParameterError, with the name that was probably meant, where one of *given* is not a parameter."""
    names = [item.name for item in parameters]
    unknown = next((name for name in given if name not in names), None)
    if unknown is None:
        return
    near = nearest(unknown, names)
    listed = (
        f"Parameters are: {some(names)}."
        if names
        else f"It has none: declare one, `{unknown}: int = 1`, at its top, of a whole notebook in a cell with the tag "
        "`parameters`."
    )
    raise ParameterError(
        f"unknown parameter{_of(function)}: `{unknown}`", hint=f"Did you mean `{near}`? {listed}" if near else listed
    )


def _refuse_missing(missing: Sequence[Parameter], function: str) -> None:
    if not missing:
        return
    names = ", ".join(f"`{item.name}`" for item in missing)
    words = " ".join(_as_typed(item.name, parse_type(item.type)) for item in missing)
    raise ParameterError(
        f"parameters{_of(function)} without a value: {names}", hint=f"Give them a value, as in `{words}`."
    )


def _of(function: str) -> str:
    return f" of `{function}`" if function else ""


def _example_text(kind: ParameterType) -> str:
    return str(kind.members[0]) if kind.members else _EXAMPLES.get(kind.kind, "null")


def _as_typed(name: str, kind: ParameterType) -> str:
    word = f"{name}={_example_text(kind)}"
    return f"-p {quoted(word)}"


def _example(name: str, kind: ParameterType, *, from_text: bool) -> str:
    choices = f" Choices: {', '.join(map(repr, kind.members))}." if kind.members else ""
    if from_text:
        return f"Write it as in `{_as_typed(name, kind)}`.{choices}"
    value = json_from_text(kind, _example_text(kind))
    return f"Write it as in `{name}: {json.dumps(value)}`.{choices}"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
