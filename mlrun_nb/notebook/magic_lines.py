"""
A cell's text line by line, and beside it the same lines as Python, where magics and `!` lines are calls.

Both have the same number of lines, so what is found in the tree can be cut out of the text as it stands. IPython is
imported only for cells that plain Python cannot read. Capture and digests read cells through here.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

PYTHON_CELL_MAGICS = frozenset({"time", "capture", "prun", "pyinstrument", "snakeviz"})
"""Cell magics that run what stands below them as Python in the notebook's own namespace."""

AUTOMAGIC = frozenset({
    "alias", "cat", "cd", "conda", "config", "cp", "env", "history", "ldir", "less", "load_ext", "logstart",
    "ls", "lsmagic", "magic", "man", "matplotlib", "mkdir", "more", "mv", "pdb", "pinfo", "pip", "prun",
    "psource", "pwd", "pycat", "pylab", "quickref", "reload_ext", "reset", "rm", "rmdir", "run", "store",
    "time", "timeit", "who", "who_ls", "whos", "xmode",
})  # fmt: skip
"""Magics that IPython takes without `%` where a cell is a single line. Source: `PrefilterManager`, `%lsmagic`."""

_CELL_MAGIC = re.compile(r"%%(?P<name>[^\W\d][\w.]*)(?:[ \t]+(?P<line>.*))?")
_AUTOMAGIC_LINE = re.compile(r"(?P<name>[a-z_]+)(?:[ \t]+(?![=.,(\[:+*/%<>!&|^]|-[ \t]|(?:in|is|and|or|if|not)\b).*)?")
UNREADABLE = (SyntaxError, ValueError, TypeError, LookupError, AssertionError, RuntimeError, MemoryError)
"""What Python's and IPython's readers raise over text that is neither; a recursion error is a RuntimeError."""


class Unreadable(Exception):
    """Text that cannot be read as a cell of Python; `line` counts from 1. Never leaves this package."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMagic:
    """The `%%name line` that a cell begins with; `number` is its line in the cell, from 1."""

    name: str
    line: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellText:
    """
    One cell. `lines` are its own, without prompts and common indentation; lines of cell magics are blank.

    `python` is the tree of the same lines as Python, empty under a cell magic whose text is not Python;
    `magics` numbers the lines, from 1, that stand for calls of IPython.
    """

    lines: tuple[str, ...]
    tree: ast.Module
    magics: frozenset[int] = frozenset()
    cell_magics: tuple[CellMagic, ...] = field(default=())

    @property
    def foreign(self) -> bool:
        """Whether the text below the cell magic is not run as Python in this namespace."""
        return any(magic.name not in PYTHON_CELL_MAGICS for magic in self.cell_magics)


def read_cell(source: str) -> CellText:
    """Return *source* as lines and tree; raises Unreadable."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cell_magics = _take_cell_magics(lines)
    if any(magic.name not in PYTHON_CELL_MAGICS for magic in cell_magics):
        return CellText(lines=tuple(lines), tree=ast.Module(body=[], type_ignores=[]), cell_magics=cell_magics)
    try:
        tree = parse_python("\n".join(lines))
    except UNREADABLE:
        return _read_magics(lines, cell_magics)
    if (called := _automagic(lines)) is not None and _is_expression(tree):
        return _read_magics(called, cell_magics)
    return CellText(lines=tuple(lines), tree=tree, cell_magics=cell_magics)


def compiled_lines(source: str) -> list[int]:
    """
    Return for each line of the Python that IPython makes of a cell the number of the line that it stands for, from 1.

    It drops blank lines at the top, joins a magic over several lines, and makes one line of all below a cell magic.
    """
    lines = source.split("\n")
    blank = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if lines[blank].startswith("%%"):
        return [blank + 1]
    joined: set[int] = set()
    if "\\\n" in source:  # IPython's reader is slow to import
        for changed in _magics_translated(lines[blank:]):
            joined.update(range(changed.first + 1, changed.first + changed.joined + 1))
    return [blank + 1 + index for index in range(len(lines) - blank) if index not in joined]


def parse_python(text: str | bytes) -> ast.Module:
    """Return the tree of plain Python, without the warnings that are its author's matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _take_cell_magics(lines: list[str]) -> tuple[CellMagic, ...]:
    """Blank the lines of cell magics; they may be stacked, `%%capture` over `%%time`."""
    taken: list[CellMagic] = []
    for index, line in enumerate(lines):
        match = _CELL_MAGIC.fullmatch(line.strip())
        if match is not None:
            taken.append(CellMagic(name=match["name"], line=(match["line"] or "").strip(), number=index + 1))
            if match["name"] not in PYTHON_CELL_MAGICS:
                break
            lines[index] = ""
        elif line.strip():
            break
    return tuple(taken)


def _automagic(lines: list[str]) -> list[str] | None:
    """Return the lines with `%` before the word where IPython would supply it."""
    written = [index for index, line in enumerate(lines) if line.strip()]
    if len(written) != 1:
        return None
    match = _AUTOMAGIC_LINE.fullmatch(lines[written[0]].strip())
    if match is None or match["name"] not in AUTOMAGIC:
        return None
    return [f"%{line.strip()}" if index == written[0] else line for index, line in enumerate(lines)]


def _is_expression(tree: ast.Module) -> bool:
    """Whether the cell is an expression, but not a bare name: that may as well be a variable, called `history`."""
    return isinstance(tree.body[0], ast.Expr) and not isinstance(tree.body[0].value, ast.Name)


def _read_magics(lines: list[str], cell_magics: tuple[CellMagic, ...]) -> CellText:
    try:
        text = _without_prompts(_automagic(lines) or lines)
        calls, magics = _magics_to_calls(text)
        tree = parse_python("\n".join(calls))
    except UNREADABLE as err:
        line = err.lineno if isinstance(err, SyntaxError) and err.lineno else 1
        raise Unreadable(err.msg if isinstance(err, SyntaxError) else str(err), line) from err
    return CellText(lines=tuple(text), tree=tree, magics=frozenset(magics), cell_magics=cell_magics)


def _without_prompts(lines: list[str]) -> list[str]:
    """Return the lines without `In [1]:`, `>>>` and common indentation, as IPython reads a pasted cell."""
    from IPython.core.inputtransformer2 import classic_prompt, ipython_prompt, leading_indent

    blank = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    rest = [f"{line}\n" for line in lines[blank:]]
    if rest:
        for clean in (leading_indent, classic_prompt, ipython_prompt):
            rest = clean(rest)  # type: ignore[no-untyped-call]  # IPython leaves some of them untyped
    return lines[:blank] + [line.removesuffix("\n") for line in rest]


def _magics_to_calls(lines: list[str]) -> tuple[list[str], set[int]]:
    """Return the lines as Python and the numbers of those that changed; a magic over several lines is padded."""
    text, magics = lines, set[int]()
    for changed in _magics_translated(lines):
        magics.update(range(changed.first + 1, changed.first + changed.joined + 2))
        text = changed.text
    return text, magics


class _Translated(NamedTuple):
    """One magic as a call, on line *first*, from 0; *joined* lines below it belonged to it and are blank."""

    text: list[str]
    first: int
    joined: int


def _magics_translated(lines: list[str]) -> Iterator[_Translated]:
    from IPython.core.inputtransformer2 import TRANSFORM_LOOP_LIMIT, TransformerManager

    manager = TransformerManager()
    text = [f"{line}\n" for line in lines]
    for _ in range(TRANSFORM_LOOP_LIMIT):
        is_changed, after = manager.do_one_token_transform(text)
        if not is_changed:
            return
        first = next((index for index, pair in enumerate(zip(text, after, strict=False)) if pair[0] != pair[1]), 0)
        joined = len(text) - len(after)
        text = after[: first + 1] + ["\n"] * joined + after[first + 1 :]
        yield _Translated([line.removesuffix("\n") for line in text], first, joined)
