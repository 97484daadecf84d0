"""
One cell of Python as statements: what each binds, needs and changes, and the lines that it is made of.

Looks at one cell alone and is remembered by its text. `history` puts the statements of all cells in order, `capture`
picks from them.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

from mlrun_nb.notebook.changes import InPlace, block, read_changes, stored_names
from mlrun_nb.notebook.desugar import PlainCode, desugar, shell_names
from mlrun_nb.notebook.magic_lines import CellMagic, CellText, Unreadable, read_cell
from mlrun_nb.notebook.names import Names, called_names, first_line, read_flow, with_calls

BindingKind = Literal["import", "definition", "value", "other"]
"""How a name comes to be: `value` is an assignment that may be a constant, `other` is never captured."""


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: `names` is worked out when it is asked for
class Statement:
    """
    One top-level statement of a cell.

    `lines` are (number in the cell from 1, text), with decorators and the comments directly above; `line` is
    where the statement itself begins. `plain` is the node as plain Python, which stands in `text`; `flow` are
    its names without those that its functions read later. `changes` are those of values in place. `runs_magic`:
    it is one itself; `shell` are the names in its shell lines.
    """

    node: ast.stmt
    line: int
    lines: tuple[tuple[int, str], ...]
    plain: ast.stmt
    text: str
    flow: Names
    binds: Mapping[str, frozenset[BindingKind]] = field(default_factory=dict)
    changes: tuple[InPlace, ...] = ()
    runs_magic: bool = False
    shell: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> Names:
        """What it does with names, its functions included."""
        return with_calls(self.flow, [self.plain], self.text)

    @cached_property
    def called(self) -> frozenset[str]:
        """Names of what may be called while it runs: in calls, their arguments, and decorators."""
        return frozenset(called_names(self.plain))

    @property
    def has_star(self) -> bool:
        """Whether it imports names that only the module knows."""
        return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in block(self.node))

    @property
    def is_future(self) -> bool:
        """Whether it is a `from __future__ import …`."""
        return isinstance(self.node, ast.ImportFrom) and self.node.module == "__future__"

    @property
    def magic_name(self) -> str:
        """The name of the magic that the statement is, empty for Python and `!` lines."""
        match = re.match(r"%?([a-zA-Z_]\w*)", self.heading) if self.runs_magic else None
        return match[1] if match else ""

    @property
    def heading(self) -> str:
        """The statement's first line as messages quote it."""
        first = next(text for number, text in self.lines if number >= self.line).strip()
        return first if len(first) <= 60 else f"{first[:57]}…"


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots, as above
class CellCode:
    """The statements of one cell; none under a cell magic whose text is no Python."""

    statements: tuple[Statement, ...]
    plain: PlainCode
    eager: bool
    cell_magics: tuple[CellMagic, ...] = ()
    foreign: bool = False

    @cached_property
    def names(self) -> Names:
        """What the cell as a whole does with names."""
        body = self.plain.body
        whole = with_calls(read_flow(body, eager=self.eager), body, self.plain.text)
        shell = frozenset(name for statement in self.statements for name in statement.shell)
        return _with_shell(whole, shell - whole.bound)


@lru_cache(maxsize=2048)
def read_statements(source: str, *, eager: bool = True) -> CellCode:
    """
    Return the code of the cell *source*; *eager* says whether annotations are evaluated.

    Raises Unreadable for text that is no Python.
    """
    cell = read_cell(source)
    try:
        plain = desugar(cell)
        return _read(cell, plain, eager=eager and not plain.is_future)
    except SyntaxError as err:
        raise Unreadable(err.msg, err.lineno or 1) from err
    except (RecursionError, ValueError) as err:
        raise Unreadable("it is nested too deeply" if isinstance(err, RecursionError) else str(err), 1) from err


def _read(cell: CellText, code: PlainCode, *, eager: bool) -> CellCode:
    statements = []
    for node, plain, lines in zip(cell.tree.body, code.body, _statement_lines(cell), strict=True):
        shell = shell_names(cell, node) if cell.magics else frozenset()
        flow = _with_shell(read_flow([plain], eager=eager), shell)
        runs_magic = node.lineno in cell.magics
        statements.append(
            Statement(
                node=node,
                line=first_line(node),
                lines=lines,
                plain=plain,
                text=code.text,
                flow=flow,
                binds=_bindings(node, flow, runs_magic=runs_magic),
                changes=read_changes(plain),
                runs_magic=runs_magic,
                shell=shell,
            )
        )
    return CellCode(
        statements=tuple(statements), plain=code, eager=eager, cell_magics=cell.cell_magics, foreign=cell.foreign
    )


def check_compiles(code: CellCode) -> None:
    """Raise Unreadable for what only the compiler finds, such as a `return` outside of a function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(code.plain.text, "<cell>", "exec", dont_inherit=True)
        except SyntaxError as err:
            raise Unreadable(err.msg, err.lineno or 1) from err
        except (ValueError, RecursionError, MemoryError) as err:
            raise Unreadable("it is nested too deeply", 1) from err


def _with_shell(names: Names, shell: frozenset[str]) -> Names:
    if not shell:
        return names
    return replace(names, maybe=names.maybe | (shell - names.needed))


def assignments(statement: ast.stmt) -> Iterator[ast.Assign | ast.AnnAssign]:
    """Yield the assignments of values, in *statement* and its blocks."""
    for node in block(statement):
        if isinstance(node, ast.Assign) or (isinstance(node, ast.AnnAssign) and node.value is not None):
            yield node


def _bindings(node: ast.stmt, names: Names, *, runs_magic: bool) -> dict[str, frozenset[BindingKind]]:
    """Return how each name that *node* binds comes to be; branches may do it in different ways."""
    if not names.touched:
        return {}
    found: dict[str, set[BindingKind]] = {}
    if not runs_magic and isinstance(node, _CAPTURABLE):
        for child in block(node):
            for name, kind in _binding(child):
                found.setdefault(name, set()).add(kind)
    return {name: frozenset(found.get(name, {"other"})) for name in names.touched}


_CAPTURABLE = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
    ast.If,
    ast.Try,
    ast.TryStar,
    *((ast.TypeAlias,) if hasattr(ast, "TypeAlias") else ()),
)


def _binding(node: ast.stmt) -> Iterator[tuple[str, BindingKind]]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (((alias.asname or alias.name.partition(".")[0]), "import") for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, "definition"
    elif type(node).__name__ == "TypeAlias":
        yield node.name.id, "definition"  # type: ignore[attr-defined]  # Python 3.12
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        kind: BindingKind = "definition" if isinstance(node.value, ast.Lambda) else "value"
        yield from ((name, kind) for target in targets for name in stored_names(target))
    elif isinstance(node, ast.For | ast.AsyncFor | ast.With | ast.AsyncWith | ast.While | ast.Match):
        yield from ((name, "other") for name in stored_names(node))


def _statement_lines(cell: CellText) -> Iterator[tuple[tuple[int, str], ...]]:
    """Yield the numbered lines of each statement; one that shares a line with another is cut out of it."""
    body = cell.tree.body
    previous_end = 0
    for index, node in enumerate(body):
        first, last = first_line(node), _last_line(node, cell)
        shares_first = index > 0 and previous_end >= first
        shares_last = index + 1 < len(body) and first_line(body[index + 1]) <= last
        lines = [(number, cell.lines[number - 1]) for number in range(first, last + 1)]
        if shares_first or shares_last:
            lines = _cut(lines, node)
        comments = [] if shares_first else list(_comments_above(cell.lines, first, previous_end))
        yield (*comments, *lines)
        previous_end = last


def _last_line(node: ast.stmt, cell: CellText) -> int:
    last = node.end_lineno or node.lineno
    while last in cell.magics and last + 1 in cell.magics and cell.lines[last - 1].endswith("\\"):
        last += 1
    return last


def _cut(lines: list[tuple[int, str]], node: ast.stmt) -> list[tuple[int, str]]:
    """Return *lines* without what stands before and behind *node*; columns of the tree count UTF-8 bytes."""
    number, text = lines[-1]
    lines = [*lines[:-1], (number, text.encode()[: node.end_col_offset].decode())]
    number, text = lines[0]
    return [(number, text.encode()[node.col_offset :].decode()), *lines[1:]]


def _comments_above(lines: Sequence[str], first: int, previous_end: int) -> Iterator[tuple[int, str]]:
    start = first
    while start - 1 > previous_end and lines[start - 2].lstrip().startswith("#"):
        start -= 1
    return ((number, lines[number - 1]) for number in range(start, first))
