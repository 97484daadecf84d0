"""What a plain cell would be called as a function: after its heading, else after what it calls."""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mlrun_nb.notebook.cell_names import prose_heading
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.changes import block
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.option_line import BUILTINS, normal_name
from mlrun_nb.notebook.statements import Statement, read_statements

_COMMENT = re.compile(r"#+(?![|!])\s*(?P<text>[^\n]*)")
_NUMBERING = re.compile(r"(?:(?:step|part|section|chapter)\s+)?[\d.]+[.:)]?\s+", re.IGNORECASE)
_CODE = re.compile(r"[=(){}\[\]<>]|://|-\*-|^%%|^(?:TODO|FIXME|XXX|noqa|type:)")
_SMALL_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "first", "for", "from", "has", "have", "here",
    "how", "i", "if", "in", "is", "it", "its", "let", "my", "next", "now", "of", "on", "or", "our", "s", "some", "that",
    "the", "their", "then", "this", "to", "us", "was", "we", "well", "were", "what", "which", "will", "with",
})  # fmt: skip
_SHOWING = ("plot", "show", "draw", "display", "print")
_FITTING = frozenset({"fit", "fit_transform", "partial_fit"})
_MOST_WORDS = 6
_KEPT_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Names around a cell: *outputs* are its own, *functions* those there are, *others* have another meaning."""

    outputs: Collection[str]
    functions: Collection[str]
    others: Collection[str]


def likely_name(cell: Cell, above: Sequence[Cell], body: str, around: Around) -> str:
    """
    Return a name for *cell*, whose text is *body*; in the last resort `cell_4`.

    None of the others around. One of the functions gets a number behind it.
    """
    unfit = {*around.others, *BUILTINS}
    guesses = (name for name in _guesses(above, body, around.outputs) if name not in unfit)
    return free_name(next(guesses, f"cell_{cell.index + 1}"), {*around.functions, *around.others})


def free_name(name: str, taken: Collection[str]) -> str:
    """Return *name*, with a number behind it where it is taken."""
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _guesses(above: Sequence[Cell], body: str, outputs: Collection[str]) -> Iterator[str]:
    comment = _COMMENT.match(body.lstrip())
    yield from _from_prose(comment["text"] if comment else "")
    yield from _from_prose(_heading_above(above))
    yield from _called(body, above, outputs)


def _heading_above(above: Sequence[Cell]) -> str:
    """Return the heading right above the cell; not the notebook's title, nor what stands above another code cell."""
    for number, cell in reversed(list(enumerate(above))):
        if cell.kind == "code" and cell.source.strip():
            return ""
        if cell.kind == "markdown" and (heading := prose_heading(cell.source)):
            is_title = number == 0 and not re.search(r"^##", cell.source, re.MULTILINE)
            return "" if is_title else heading
    return ""


def _from_prose(text: str) -> Iterator[str]:
    """Yield the name in a heading such as `2. Train a model`; none in a sentence, or in code that is commented out."""
    text = _NUMBERING.sub("", text.strip(" #*_`-=~"), count=1)
    words = re.findall(r"[^\W_]+", normal_name(text).lower())
    telling = [word for word in words if word not in _SMALL_WORDS]
    name = "_".join(telling[:_KEPT_WORDS])
    if len(words) <= _MOST_WORDS and not _CODE.search(text) and name.isidentifier() and not keyword.iskeyword(name):
        yield name


def _called(body: str, above: Sequence[Cell], outputs: Collection[str]) -> Iterator[str]:
    """Yield what *body* calls: functions that give its outputs, those of the notebook before others; then methods."""
    code = [statement for statement in read_statements(body).statements if not statement.runs_magic]
    giving = [statement for statement in code if not set(statement.binds).isdisjoint(outputs)]
    own, foreign = _defined(above)
    names = list(_functions(giving))
    yield from (name for name in names if name in own and not name.startswith(_SHOWING))
    if any(name in _FITTING for name in _methods(code)):
        yield "fit"
    yield from (name for name in names if name in foreign)
    yield from (name for name in _functions(code) if name in own)
    yield from (name for name in _methods(giving) if "_" in name.strip("_"))


def _defined(above: Sequence[Cell]) -> tuple[set[str], set[str]]:
    """Return the functions that the cells *above* define, and those that they import from packages."""
    own, foreign = set[str](), set[str]()
    for cell in above:
        for node in _plain(cell):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                own.add(node.name)
            elif isinstance(node, ast.ImportFrom):
                is_package = (node.module or "").partition(".")[0] not in sys.stdlib_module_names
                names = {alias.asname or alias.name for alias in node.names}
                foreign |= {name for name in names if is_package and name[0].islower()}  # a capital is a class, no deed
    return own, foreign


def _plain(cell: Cell) -> list[ast.stmt]:
    try:
        code = read_statements(cell.source) if cell.kind == "code" else None
    except Unreadable:
        return []
    return [statement.node for statement in code.statements] if code is not None else []


def _functions(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield `train` of `model = train(x)` and of `train(x).best(3)`."""
    for statement in statements:
        value = getattr(statement.node, "value", None)
        while isinstance(value, ast.Call | ast.Attribute | ast.Await):
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                yield value.func.id
            value = value.func if isinstance(value, ast.Call) else value.value


def _methods(statements: Sequence[Statement]) -> Iterator[str]:
    """Yield `fit` of `Ridge().fit(x)`, also in loops."""
    for statement in statements:
        for node in block(statement.node):
            value = getattr(node, "value", None)
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
                yield value.func.attr
