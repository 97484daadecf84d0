"""The cell that runs the handler: its `%%mlrun` line, options, parameters, and the call."""

from __future__ import annotations

import ast
import json
import keyword
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.imports.declaring import Declared
from mlrun_nb.imports.handlers import Handler
from mlrun_nb.imports.outputs import Output
from mlrun_nb.imports.source import Source

_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """All that the cell of a handler is made of. `before` are lines ahead of the call, `key` is the name in MLRun."""

    name: str
    key: str
    declared: Sequence[Declared]
    outputs: Sequence[tuple[str, Output]]
    options: Mapping[str, Json]
    has_context: bool = False
    has_events: bool = False
    has_rest: bool = False
    before: Sequence[str] = ()


def handler_cell(call: Call, handler: Handler) -> str:
    """Return the cell that calls *handler*."""
    wait = "await " if isinstance(handler.definition, ast.AsyncFunctionDef) else ""
    made = f"{wait}{_broken(handler.name, _passed(call))}"
    if call.has_events:
        made = f"mlrun_answer({made})"
    names = ", ".join(name for name, _ in call.outputs) + (", *_" if call.has_rest else "")
    lines = [*call.before, f"{names} = {made}" if names else made]
    if call.has_context:
        inner = textwrap.indent("\n".join(lines), "    ")
        lines = [f"with {_broken('mlrun_context', _context(call))} as context:", inner]
    lines += [f"{name} = mlrun_file({name})" for name, output in call.outputs if output.is_file]
    return _head(call) + "\n".join(lines) + "\n"


def script_cell(call: Call, source: Source, arguments: Sequence[str]) -> str:
    """Return the cell that is the file itself, with *arguments* as those of its command line."""
    code = source.text.split("\n")
    futures = [node for node in source.tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    above = [ast.unparse(node) for node in futures]
    for node in futures:
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            code[number - 1] = ""
    lines = [_broken("mlrun_begin", _context(call))] if call.has_context else []
    if arguments:
        lines += [f"import sys\n\nsys.argv = {json.dumps([source.file, *arguments])}"]
    lines += ["\n".join(code).strip("\n")]
    lines += ["mlrun_end()"] if call.has_context else []
    return _head(call, above) + "\n\n".join(lines) + "\n"


def _head(call: Call, above: Sequence[str] = ()) -> str:
    words = [f"%%mlrun {call.name}"]
    words += [f"--input {each.name}" for each in call.declared if each.is_input]
    words += [f"--output {name}" for name, _ in call.outputs]
    lines = [" ".join(words), *(option_line(name, value) for name, value in call.options.items())]
    declared = [each.line for each in call.declared if each.line]
    return "\n".join([*lines, *above, *declared]) + "\n" + ("\n" if declared or above or call.options else "")


def option_line(name: str, value: Json) -> str:
    """Return the line that states the option *name* below a `%%mlrun` line."""
    return f"#| mlrun.{name}: {_yaml(value)}"


def _yaml(value: Json) -> str:
    """Return *value* on one line: JSON, which is YAML, and what is plain to the eye without quotes."""
    text = json.dumps(value, ensure_ascii=False)
    is_plain = isinstance(value, str) and value.replace("/", "").replace("-", "").replace("_", "").isalpha()
    return str(value) if is_plain and value not in {"true", "false", "null", "yes", "no", "on", "off"} else text


def _context(call: Call) -> list[str]:
    parameters = {each.argument.name: each.name for each in call.declared if each.argument.asked.role == "parameter"}
    events = {each.argument.name for each in call.declared if each.argument.is_event}
    inputs = {
        each.argument.name: each.value for each in call.declared if each.argument.asked.role == "item" and each.name
    }
    words = [json.dumps(call.key)]
    parameters = {key: name for key, name in parameters.items() if name and key not in events}
    if parameters:
        words.append(f"parameters={_mapping(parameters)}")
    if inputs:
        words.append(f"inputs={_mapping(inputs)}")
    return [*words, "events=True"] if call.has_events else words


def _mapping(values: Mapping[str, str]) -> str:
    words = [f"{json.dumps(key)}: {value}" for key, value in values.items()]
    line = "{" + ", ".join(words) + "}"
    return line if len(line) <= _WIDTH - 20 else "{\n" + "".join(f"    {word},\n" for word in words) + "}"


def _passed(call: Call) -> list[str]:
    words: list[str] = []
    odd: dict[str, str] = {}
    is_next = True  # nothing before was left out or passed by name, so that a position is the right one
    for each in call.declared:
        argument = each.argument
        if argument.is_asked:
            continue
        value = "context" if argument.asked.role == "context" else _from_context(call, each)
        by_position = is_next and (value == "context" or argument.is_event)
        is_next = is_next and bool(value) and (by_position or not argument.is_keyword)
        if not value:
            continue
        if not argument.is_keyword or by_position:
            words.append(value)
        elif argument.name.isidentifier() and not keyword.iskeyword(argument.name):
            words.append(f"{argument.name}={value}")
        else:  # taken by `**kwargs`, where any text is a name
            odd[argument.name] = value
    return [*words, f"**{_mapping(odd)}"] if odd else words


def _from_context(call: Call, each: Declared) -> str:
    if not call.has_context or each.argument.asked.role != "item":
        return each.value
    key = json.dumps(each.argument.name)
    return f"context.inputs[{key}]" if each.is_input else f"context.inputs.get({key})"


def _broken(function: str, words: Sequence[str]) -> str:
    """Return a call, on a line for each word where one line is too long."""
    line = f"{function}({', '.join(words)})"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    inner = textwrap.indent("".join(f"{word},\n" for word in words), "    ")
    return f"{function}(\n{inner})"


def typed(call: Call, path: str) -> str:
    """Return the command that runs the function of the notebook *path*, with all that it cannot be without."""
    words = [f"mlrun-nb run {quoted(f'{path}::{call.name}')}"]
    words += [f"--input {each.name}=PATH" for each in call.declared if each.is_input]
    words += [f"-p {each.name}=…" for each in call.declared if each.line and "=" not in each.line.split("#")[0]]
    return " ".join(words)
