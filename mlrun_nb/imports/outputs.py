"""What a handler leaves: the names that MLRun's `returns` give to what it returns, or those of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlrun_nb.imports.document import Document, mapping, sequence, text
from mlrun_nb.imports.handlers import Definition, Handler

RESULT = "result"
"""What the value of a `def` is called."""
_FILES = frozenset({"file", "directory"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One output: its *key* in MLRun, the *type* that a hint asks for; `unpacks` for one that takes values apart."""

    key: str
    type: str = ""
    unpacks: bool = False

    @property
    def is_file(self) -> bool:
        """Whether what is returned is the path of what is to be kept."""
        return self.type in _FILES


def outputs_of(handler: Handler, document: Document) -> tuple[str, list[Output]]:
    """Return where the outputs of *handler* are stated, and the outputs, in the order of what it returns."""
    definition = handler.definition
    for field, hints in _stated(definition, document):
        outputs = [output for hint in sequence(hints) if (output := _output(hint)) is not None]
        if outputs:
            return field, outputs
    return "", [Output(key=name) for name in _returned(definition)]


def _stated(definition: Definition, document: Document) -> Iterator[tuple[str, object]]:
    yield "spec.returns", document.spec.get("returns")
    for decorator in definition.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("handler"):
            for keyword in decorator.keywords:
                if keyword.arg == "outputs":
                    yield "@mlrun.handler(outputs=…)", _literal(keyword.value)
    points = mapping(document.spec.get("entry_points"))
    listed = sequence(mapping(points.get(definition.name)).get("outputs"))
    names = [text(mapping(each).get("name")) for each in listed]
    if names and all(names) and len(names) == max(1, width_of(definition)):
        yield f"spec.entry_points.{definition.name}.outputs", names


def _literal(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        return None


def _output(hint: object) -> Output | None:
    """Return what a hint such as `model: file` says; None for one that says nothing. Source: MLRun, log hints."""
    if isinstance(hint, dict):
        key, kind = text(hint.get("key")), text(hint.get("artifact_type"))
    else:
        key, _, kind = (part.strip() for part in text(hint).partition(":"))
    stars = re.match(r"\**", key)
    assert stars is not None
    bare = key[stars.end() :].strip()
    return Output(key=bare, type=kind, unpacks=bool(stars[0])) if bare else None


def _returned(definition: Definition) -> list[str]:
    """Return the names that all `return` lines agree on; `result` where they do not, none where nothing is returned."""
    values = list(_returns(definition))
    if not values:
        return []
    named = {_names(value) for value in values}
    names = named.pop() if len(named) == 1 else ()
    return list(names) or [RESULT]


def width_of(definition: Definition) -> int:
    """Return how many values all `return` lines have, 0 where they differ or there are none."""
    widths = {len(value.elts) if isinstance(value, ast.Tuple) else 1 for value in _returns(definition)}
    return widths.pop() if len(widths) == 1 else 0


def _names(value: ast.expr) -> tuple[str, ...]:
    parts: Sequence[ast.expr] = value.elts if isinstance(value, ast.Tuple) else [value]
    names = tuple(part.id for part in parts if isinstance(part, ast.Name))
    return names if len(names) == len(parts) == len(set(names)) else ()


def _returns(definition: Definition) -> Iterator[ast.expr]:
    """Yield what the function itself returns, not what functions in it do."""
    waiting: list[ast.AST] = list(definition.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Return) and node.value is not None:
            if not (isinstance(node.value, ast.Constant) and node.value.value is None):
                yield node.value
        elif not isinstance(node, Definition | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
