"""The arguments of a handler: what each is in a run of ours, what it is called there, and its default."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mlrun_nb.imports.annotations import Asked, asked_by
from mlrun_nb.imports.docstrings import Words, words_of
from mlrun_nb.imports.document import EVENTS, Document, mapping, sequence, text
from mlrun_nb.imports.handlers import Handler
from mlrun_nb.imports.source import Source

_READS = frozenset({"as_df", "local", "download", "show", "url"})
"""What only an item is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """
    One argument of a handler, or a parameter that its code asks the context for (`is_asked`).

    `default` is source text, None where there is none. `stated` is where type and words came from.
    """

    name: str
    asked: Asked
    default: str | None = None
    words: str = ""
    is_event: bool = False
    is_keyword: bool = False
    is_asked: bool = False

    @property
    def is_optional_input(self) -> bool:
        """Whether it is an input that may be left out, which inputs of ours may not: it is a path or URL then."""
        return self.asked.role in {"item", "value"} and self.default is not None


def arguments_of(handler: Handler, document: Document, source: Source) -> list[Argument]:
    """Return the arguments of *handler* in their order, without `self`."""
    definition = handler.definition
    entry = _entry(document, definition.name)
    words = words_of(ast.get_docstring(definition) or "")
    spec = definition.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
    pairs = list(zip(positional, defaults, strict=True))[1 if handler.owner else 0 :]
    pairs += list(zip(spec.kwonlyargs, spec.kw_defaults, strict=True))
    keywords = {each.arg for each in [*spec.kwonlyargs, *spec.args]}
    found = [
        _argument(arg, _text_of(default, source), entry.get(arg.arg, Words()), words.get(arg.arg, Words()))
        for arg, default in pairs
    ]
    found = [replace(each, is_keyword=each.name in keywords) for each in found]
    return _injected(_used_as_items(found, definition), document)


def _argument(arg: ast.arg, default: str | None, entry: Words, words: Words) -> Argument:
    asked = asked_by(ast.unparse(arg.annotation)) if arg.annotation else Asked("parameter")
    if arg.annotation is None:
        asked = next((it for it in map(asked_by, (entry.type, words.type)) if it != Asked("parameter")), asked)
    return Argument(name=arg.arg, asked=asked, default=default, words=words.text or entry.text)


def _text_of(default: ast.expr | None, source: Source) -> str | None:
    """Return a default as it was written, on one line."""
    if default is None:
        return None
    written = ast.get_source_segment(source.text, default) or ""
    return written if written and "\n" not in written and "#" not in written else ast.unparse(default)


def _entry(document: Document, name: str) -> Mapping[str, Words]:
    """Return what `spec.entry_points` says of the arguments of the handler *name*."""
    points = document.spec.get("entry_points")
    point = mapping(mapping(points).get(name)) if isinstance(points, dict) else {}
    listed = [mapping(each) for each in sequence(point.get("parameters"))]
    return {text(each.get("name")): Words(text(each.get("type")), text(each.get("doc"))) for each in listed}


def _used_as_items(found: list[Argument], definition: ast.AST) -> list[Argument]:
    """Take those for items that are not annotated and of which the code asks what only an item can answer."""
    used = {
        node.value.id
        for node in ast.walk(definition)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _READS
    }
    used |= {each.name for each in asked_of_context(definition, set()) if each.asked.role == "item"}
    return [
        replace(each, asked=Asked("item")) if each.name in used and each.asked == Asked("parameter") else each
        for each in found
    ]


def _injected(found: list[Argument], document: Document) -> list[Argument]:
    """Take `context` for the context, and the argument behind it for the event where the kind has events."""
    named = [
        replace(each, asked=Asked("context")) if each.name == "context" and each.default is None else each
        for each in found
    ]
    if document.kind in EVENTS and len(named) >= 2 and named[1].name == "event":
        named[0] = replace(named[0], asked=Asked("context"))
        named[1] = replace(named[1], is_event=True, asked=Asked("parameter"))
    return named


def asked_of_context(tree: ast.AST, known: set[str]) -> list[Argument]:
    """
    Return what the code in *tree* asks a context for by a literal name: `get_param("lr", 0.1)`, `get_input("data")`.

    What is *known* already is left out.
    """
    found: dict[str, Argument] = {}
    for node in ast.walk(tree):
        argument = _asked(node)
        if argument is not None and argument.name not in known:
            found.setdefault(argument.name, argument)
    return list(found.values())


def _asked(node: ast.AST) -> Argument | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return None
    first = node.args[0]
    if node.func.attr not in {"get_param", "get_input"} or not isinstance(node.func.value, ast.Name):
        return None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str) or not first.value:
        return None
    rest = [*node.args[1:], *(each.value for each in node.keywords if each.arg in {"default", "url"})]
    is_input = node.func.attr == "get_input"
    default = ast.unparse(rest[0]) if rest and isinstance(rest[0], ast.Constant) and rest[0].value != "" else None
    if not is_input and default is None:
        default = ast.unparse(rest[0]) if rest and is_literal(rest[0]) else "None"
    return Argument(name=first.value, asked=Asked("item" if is_input else "parameter"), default=default, is_asked=True)


def is_literal(node: ast.expr | str) -> bool:
    """Tell whether *node*, or source text, is a value that is written out."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return True
