"""
What of a plain cell could be its parameters: assignments of literals at its beginning, written as declarations.

The beginning is what imports, draws nothing and computes nothing: a docstring, imports, magics, and assignments of
literals. Only text is moved and annotated; what it does stays.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from mlrun_nb.errors import UsageError
from mlrun_nb.notebook.declarations import is_json, parse_parameters
from mlrun_nb.notebook.history import binds_unknown
from mlrun_nb.notebook.magic_lines import read_cell
from mlrun_nb.notebook.statements import Statement, read_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The text of a cell with its parameters at its top, and their names."""

    text: str
    names: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Part:
    """Statements that share lines, with the comments above: `first` to `last`, and how they are written now."""

    first: int
    last: int
    statements: list[Statement] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    stays_first: bool = False


def declare_literals(source: str, *, data: Collection[str], taken: Collection[str]) -> Declared:
    """
    Return the cell *source*, which is valid Python, with literals at its beginning as parameters.

    *data* are the names that it gets as inputs, *taken* those that the notebook binds, among them perhaps `list`.
    """
    lines = list(read_cell(source).lines)
    statements = read_statements(source).statements
    parts = list(_parts(statements, lines))
    changed = _changed(statements)
    beginning: list[_Part] = []
    for part in parts:
        beginning.append(part)
        _judge(part, lines, fixed=all(each.stays_first for each in beginning[:-1]), changed=changed, taken=taken)
        if not (part.stays_first or part.names or all(map(_is_harmless, part.statements))):
            break
    _undeclare(beginning, lines, data)
    return Declared(
        text="\n".join(_composed(beginning, lines)), names=tuple(name for part in beginning for name in part.names)
    )


def _parts(statements: Sequence[Statement], lines: Sequence[str]) -> Iterator[_Part]:
    part: _Part | None = None
    for statement in statements:
        first, last = statement.lines[0][0], statement.lines[-1][0]
        if part is not None and first <= part.last:
            part.last = last
        else:
            if part is not None:
                part.written = list(lines[part.first - 1 : part.last])
                yield part
            part = _Part(first=first, last=last)
        part.statements.append(statement)
    if part is not None:
        part.written = list(lines[part.first - 1 : part.last])
        yield part


def _changed(statements: Sequence[Statement]) -> frozenset[str]:
    """Return the names that are bound more than once, or whose values are changed."""
    seen: set[str] = set()
    changed = {change.name for statement in statements for change in statement.changes}
    for statement in statements:
        changed |= seen & set(statement.binds)
        seen |= set(statement.binds)
    return frozenset(changed)


def _judge(part: _Part, lines: Sequence[str], *, fixed: bool, changed: Collection[str], taken: Collection[str]) -> None:
    """Say of *part* whether it stays at the top, or declares parameters, and write it as declarations."""
    if fixed and all(_is_prologue(statement) for statement in part.statements):
        part.stays_first = True
        return
    if fixed and all(_declares(statement) for statement in part.statements):
        part.names, part.stays_first = [_target(statement) for statement in part.statements], True
        return
    found = [_declaration(statement, lines, changed, taken) for statement in part.statements]
    if not all(found):
        return
    part.names, part.stays_first = [_target(statement) for statement in part.statements], fixed
    comments = lines[part.first - 1 : part.statements[0].line - 1]
    *others, last = (text for text in found if text)
    behind = _behind(part.statements[-1].node, lines[part.last - 1])
    part.written = [*comments, *others, last + behind]


def _is_prologue(statement: Statement) -> bool:
    """Whether *statement* has to stay where it is, or may: a docstring, `from __future__`."""
    value = statement.node.value if isinstance(statement.node, ast.Expr) else None
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return statement.is_future or (is_text and not statement.runs_magic)


def _is_harmless(statement: Statement) -> bool:
    node = statement.node
    if statement.has_star or binds_unknown(statement):
        return False  # it may bind what is assigned below it
    if statement.runs_magic or isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
        return True
    if isinstance(node, ast.AnnAssign):
        return node.value is None or _is_literal(node.value)
    return isinstance(node, ast.Assign) and _is_literal(node.value)


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _target(statement: Statement) -> str:
    node = statement.node
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def _declares(statement: Statement) -> bool:
    """Whether *statement* is a declaration already: annotated with a known type, its value a literal that fits."""
    node = statement.node
    if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name) or node.value is None:
        return False
    try:
        found = parse_parameters(ast.unparse(node)).parameters
    except UsageError:
        return False
    return not found[0].default_source


def _declaration(
    statement: Statement, lines: Sequence[str], changed: Collection[str], taken: Collection[str]
) -> str | None:
    """Return *statement* as a declaration, without a comment behind it; None where it can be none."""
    node, name = statement.node, _target(statement)
    if not name or name.startswith("_") or name in changed or statement.runs_magic:
        return None
    text = _segment(node, lines)
    if _declares(statement):
        return text
    if not isinstance(node, ast.Assign) or len(node.targets) > 1:
        return None
    kind = _type_of(node.value)
    if kind is None or any(word in taken for word in re.findall(r"\w+", kind)):
        return None
    head, tail = text[: len(name)], text[len(name) :]
    return f"{head}: {kind}{tail}" if tail.lstrip().startswith("=") else None  # not so in `(x) = 1`


def _type_of(node: ast.expr) -> str | None:
    """Return the type of a literal that a parameter can have; None for any other, and for an empty container."""
    if not _is_literal(node):
        return None
    value = ast.literal_eval(node)
    if value is None:
        return "object"
    if isinstance(value, list) and value:
        return _of_items("list", "list[{}]", value)
    if isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
        return _of_items("dict", "dict[str, {}]", list(value.values()))
    return type(value).__name__ if isinstance(value, bool | int | float | str) else None


def _of_items(plain: str, form: str, items: Sequence[object]) -> str | None:
    if not all(map(is_json, items)):
        return None
    kinds = {type(item).__name__ for item in items}
    kind = next(iter(kinds))
    return form.format(kind) if len(kinds) == 1 and kind in {"bool", "int", "float", "str"} else plain


def _segment(node: ast.stmt | ast.expr, lines: Sequence[str]) -> str:
    """Return the text of *node*; columns of the tree count UTF-8 bytes."""
    end = node.end_lineno or node.lineno
    own = [line.encode() for line in lines[node.lineno - 1 : end]]
    own[-1] = own[-1][: node.end_col_offset]
    own[0] = own[0][node.col_offset :]
    return b"\n".join(own).decode()


def _behind(node: ast.stmt, line: str) -> str:
    return line.encode()[node.end_col_offset :].decode()


def _undeclare(parts: Sequence[_Part], lines: Sequence[str], data: Collection[str]) -> None:
    """Take the annotation off what would be read as another parameter because it follows them."""
    for part in (part for part in parts if not part.names and not part.stays_first):
        for statement in part.statements:
            node = statement.node
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.target, ast.Name):
                return
            if node.value is not None:
                text = _segment(node, lines)
                value = text.rindex("=", 0, text.rindex(_segment(node.value, lines)))
                plain = f"{node.target.id} {text[value:]}"
                part.written = "\n".join(part.written).replace(text, plain, 1).split("\n")
                return
            if node.target.id not in data:
                part.written = [f"# {line}" for line in part.written]


def _composed(parts: Sequence[_Part], lines: Sequence[str]) -> list[str]:
    """Return the lines with what stays first, then the parameters, then the rest."""
    top = [part for part in parts if part.stays_first]
    moved = [part for part in parts if part.names and not part.stays_first]
    start = top[-1].last if top else _heading(lines)
    head = _between(lines, 0, start, top)
    rest = _between(lines, start, len(lines), [part for part in parts if not part.stays_first], left=moved)
    new = [line for part in moved for line in part.written]
    gap = [""] if new and rest and rest[0].strip() else []
    return [*head, *new, *gap, *rest]


def _heading(lines: Sequence[str]) -> int:
    """Return how many lines of comments the cell begins with."""
    return next((number for number, line in enumerate(lines) if not line.lstrip().startswith("#")), len(lines))


def _between(
    lines: Sequence[str], start: int, end: int, parts: Sequence[_Part], *, left: Sequence[_Part] = ()
) -> list[str]:
    """Return *lines* from *start* to *end* with *parts* as they are written now, those in *left* left out."""
    found: list[str] = []
    number = start
    for part in parts:
        found += lines[number : part.first - 1]
        if part not in left:
            found += part.written[max(0, start - part.first + 1) :]
        number = max(number, part.last)
        if part in left and not (found and found[-1].strip()):
            number = next((each for each in range(number, end) if lines[each].strip()), end)
    return [*found, *lines[number:end]]
