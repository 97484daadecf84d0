"""Each argument of a handler as a line at the top of the cell or as an input, and as what is passed to the handler."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mlrun_nb.errors import NotebookError, ParameterError
from mlrun_nb.imports.arguments import Argument, is_literal
from mlrun_nb.imports.finding import Finding
from mlrun_nb.imports.naming import Names
from mlrun_nb.notebook.declarations import is_json, parse_parameters

_LONGEST_COMMENT = 100
_CONVERSIONS = {"tuple", "set", "frozenset"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """
    An argument in the notebook: called *name*, declared by *line* or, where that is empty, an input.

    *value* is what the handler is passed, empty where the default of the handler stays.
    """

    argument: Argument
    name: str = ""
    line: str = ""
    value: str = ""
    finding: Finding

    @property
    def is_input(self) -> bool:
        """Whether it is an input of the cell."""
        return bool(self.name) and not self.line


def declare(argument: Argument, names: Names, stated: Mapping[str, Any]) -> Declared:
    """Return what *argument* is in the notebook; *stated*, of `spec.parameters`, are defaults that win."""
    if argument.name in stated and (default := _source_of(stated[argument.name])):
        argument = replace(argument, default=default)
    if argument.asked.role in {"item", "value"}:
        return _declare_optional(argument, names) if argument.is_optional_input else _declare_input(argument, names)
    name = names.take("body" if argument.is_event else argument.name)
    line = _line(name, argument)
    return Declared(
        argument=argument,
        name=name,
        line=line,
        value=_converted(name, argument),
        finding=_found(argument, f"parameter `{name}`", _why_renamed(argument, name)),
    )


def _declare_input(argument: Argument, names: Names) -> Declared:
    name = names.take(argument.name)
    value = f'mlrun_item({name}, "{name}")' if argument.asked.role == "item" else name
    finding = _found(argument, f"--input {name}", _why_renamed(argument, name))
    return Declared(argument=argument, name=name, value=value, finding=finding)


def _declare_optional(argument: Argument, names: Names) -> Declared:
    """Declare an input that may be left out as the text of a path or URL."""
    if argument.asked.role == "value" and argument.default != "None":
        why = f"a value of its type cannot be given as text; it keeps its default, `{argument.default}`"
        finding = _found(argument, "", why, "Pass it in the cell where it has to be another.")
        return Declared(argument=argument, finding=finding)
    name = names.take(argument.name)
    default = argument.default if _is_text(argument.default) else None
    kind = "str" if default else "str | None"
    line = _with_comment(f"{name}: {kind} = {default}", f"path or URL; {argument.words}".rstrip("; "))
    value = f"mlrun_item({name})" if argument.asked.role == "item" else f"mlrun_value({name})"
    why = "an input may not be left out; its path or URL may"
    return Declared(
        argument=argument, name=name, line=line, value=value, finding=_found(argument, f"parameter `{name}`", why)
    )


def _is_text(source: str | None) -> bool:
    try:
        return isinstance(ast.literal_eval(source or ""), str)
    except (ValueError, SyntaxError):
        return False


def _source_of(value: object) -> str:
    """Return *value* as it is written in Python, empty for what no default of ours can be."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    source = repr(value)
    return source if is_json(value) and is_literal(source) else ""


def _line(name: str, argument: Argument) -> str:
    """Return the declaration: with its type if the default fits it, else of any type."""
    for kind in dict.fromkeys([argument.asked.type or _kind_of(argument.default), "object"]):
        default = _default(argument, kind)
        text = _with_comment(f"{name}: {kind}" + (f" = {default}" if default is not None else ""), argument.words)
        try:
            parse_parameters(text)
        except (ParameterError, NotebookError):
            continue
        return text
    return f"{name}: object"


def _default(argument: Argument, kind: str) -> str | None:
    if argument.is_event:
        return "None"
    if argument.default is None or argument.asked.convert not in _CONVERSIONS or kind == "object":
        return argument.default
    try:
        return repr(list(ast.literal_eval(argument.default)))
    except (ValueError, TypeError, SyntaxError):
        return "None" if argument.default == "None" else f"list({argument.default})"


def _kind_of(default: str | None) -> str:
    try:
        value = ast.literal_eval(default) if default is not None else None
    except (ValueError, TypeError, SyntaxError):
        return "object"
    return type(value).__name__ if type(value) in {bool, int, float, str, list, dict} else "object"


def _with_comment(line: str, words: str) -> str:
    comment = " ".join(words.split())
    if len(comment) > _LONGEST_COMMENT:
        comment = f"{comment[:_LONGEST_COMMENT].rsplit(' ', 1)[0]} …"
    if not comment.isprintable() or comment.startswith(("type:", "%")):
        comment = ""
    return f"{line}  # {comment}" if comment else line


def _converted(name: str, argument: Argument) -> str:
    if argument.is_event:
        return f"mlrun_event({name})"
    if argument.asked.convert in _CONVERSIONS:
        made = f"{argument.asked.convert}({name})"
        return f"None if {name} is None else {made}" if argument.default == "None" else made
    return name


def _why_renamed(argument: Argument, name: str) -> str:
    if argument.is_event:
        return "a run has one event, made of its body"
    return why_renamed(argument.name, name)


def why_renamed(wanted: str, name: str) -> str:
    """Return why *wanted* is called *name* in the notebook, empty where it is not called otherwise."""
    if name == wanted:
        return ""
    return (
        "the code, or Python itself, has that name for something else"
        if wanted.isidentifier()
        else "it is no Python name"
    )


def _found(argument: Argument, became: str, why: str = "", todo: str = "") -> Finding:
    what = "asked of the context" if argument.is_asked else "argument"
    return Finding(field=f"{what} `{argument.name}`", became=became, why=why, todo=todo)
