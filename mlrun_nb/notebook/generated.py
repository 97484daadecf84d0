"""
The code that a composed notebook has beside the user's own: parameters of a `def`, typing, inputs, the call, outputs.

Plain Python text that a person can read in the executed notebook; names that it needs begin with an underscore.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from mlrun_nb._lib.records import Json
from mlrun_nb.model.function import FunctionSpec
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.magic_lines import read_cell
from mlrun_nb.notebook.parameter_types import ParameterType, parse_type

_NON_FINITE = {"NaN": "float('nan')", "Infinity": "float('inf')", "-Infinity": "float('-inf')"}


def parameters_source(parameters: Sequence[Parameter]) -> str:
    """Return the text of a `parameters` cell: each annotated, with its default where it has one."""
    return "\n".join(_declaration(parameter) for parameter in parameters)


def _declaration(parameter: Parameter) -> str:
    kind = parse_type(parameter.type)
    builtin = not any(kind.mentions(name) for name in ("datetime", "Path", "literal"))
    # in quotes an annotation is not evaluated, so the cell needs no import for it
    annotation = "" if not kind.text else f": {kind.text}" if builtin else f': "{kind.text}"'
    if parameter.required:
        return f"{parameter.name}{annotation or ': object'}"
    value = parameter.default_source or _literal(kind, parameter.default)
    comment = f"  # {parameter.description}" if parameter.description else ""
    return f"{parameter.name}{annotation} = {value}{comment}"


def _literal(kind: ParameterType, value: Json) -> str:
    """Return *value*, in its JSON form, as Python; the strings of non-finite numbers become numbers again."""
    if kind.kind == "float" and isinstance(value, str):
        return _NON_FINITE[value]
    if kind.item is not None and isinstance(value, list):
        return f"[{', '.join(_literal(kind.item, item) for item in value)}]"
    if kind.item is not None and isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_literal(kind.item, item)}' for key, item in value.items())}}}"
    return repr(value)


def prepare_source(parameters: Sequence[Parameter], inputs: Sequence[str]) -> str:
    """Return what follows the injected values: JSON back into the types declared, then the inputs; may be empty."""
    kinds = {parameter.name: parse_type(parameter.type) for parameter in parameters}
    typed = [f"{name} = {expression}" for name, kind in kinds.items() if (expression := _typed(kind, name)) != name]
    lines = []
    if any(kind.mentions("datetime") for kind in kinds.values()):
        lines.append("from datetime import datetime as _datetime")
    if any(kind.mentions("Path") for kind in kinds.values()):
        lines.append("from pathlib import Path as _Path")
    lines += typed
    if inputs:
        names = ", ".join(inputs) if len(inputs) > 1 else f"{inputs[0]},"
        lines.append("from mlrun_nb.runner.inside import load_inputs as _load_inputs")
        lines.append(f"{names} = _load_inputs({', '.join(map(_quoted, inputs))}, given=globals())")
    return "\n".join(lines)


def _typed(kind: ParameterType, name: str) -> str:
    """Return an expression that gives *name* its type; it leaves a value that has it already as it is."""
    if kind.kind == "float":
        expression = f"float({name})"
    elif kind.kind == "datetime":
        expression = f"_datetime.fromisoformat(str({name}))"
    elif kind.kind == "Path":
        expression = f"_Path({name})"
    elif kind.item is None or (inner := _typed(kind.item, "_item")) == "_item":
        return name
    elif kind.kind == "list":
        expression = f"[{inner} for _item in {name}]"
    else:
        expression = f"{{_key: {inner} for _key, _item in {name}.items()}}"
    return f"None if {name} is None else {expression}" if kind.optional else expression


def call_source(source: str, spec: FunctionSpec) -> str:
    """Return the call of the `def` in *source* with its parameters and inputs, binding the outputs."""
    definition = next(
        node for node in read_cell(source).tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    arguments = definition.args
    given = [*(parameter.name for parameter in spec.parameters), *spec.inputs]
    words = [arg.arg for arg in arguments.posonlyargs]
    words += [f"{arg.arg}={arg.arg}" for arg in (*arguments.args, *arguments.kwonlyargs) if arg.arg in given]
    call = f"{definition.name}({', '.join(words)})"
    waiting = "await " if isinstance(definition, ast.AsyncFunctionDef) else ""
    return f"{', '.join(spec.outputs)} = {waiting}{call}"


def save_source(outputs: Sequence[str]) -> str:
    """Return what keeps the outputs of a run, and does nothing where there is no run."""
    return "\n".join((
        "import os as _os",
        'if "MLRUN_NB_RUN" in _os.environ:',
        "    from mlrun_nb.runner.inside import save_outputs as _save_outputs",
        f"    _save_outputs({', '.join(map(_quoted, outputs))}, namespace=globals())",
    ))  # fmt: skip


def _quoted(name: str) -> str:
    return f'"{name}"'
