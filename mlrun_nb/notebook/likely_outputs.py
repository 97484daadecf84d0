"""
What of a plain cell could be its outputs: what later cells use of it, else what looks like a result.

Never what would not survive as one: modules, functions, parameters, variables of loops, and names that begin with `_`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mlrun_nb.errors import UsageError
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.changes import block, stored_names
from mlrun_nb.notebook.drafts import names_of
from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.notebook.statements import Statement, read_statements

_RESULT_WORDS = frozenset({
    "accuracy", "auc", "coefficients", "confusion", "error", "errors", "f1", "figure", "forecast", "loss", "mae",
    "matrix", "metric", "metrics", "model", "mse", "precision", "predictions", "r2", "recall", "report", "result",
    "results", "rmse", "score", "scores", "summary", "weights",
})  # fmt: skip
_DRAWING_ROOM = frozenset({"ax", "axes", "axs"})
"""What `plt.subplots()` gives beside the figure."""


def in_order(names: Iterable[str], body: str) -> tuple[str, ...]:
    """Return *names* in the order in which *body* has them first; those that only others have come last, by name."""
    nodes = [node for statement in read_statements(body).statements for node in ast.walk(statement.plain)]
    found = [(node.lineno, node.col_offset, node.id) for node in nodes if isinstance(node, ast.Name)]
    places = {name: (line, column) for line, column, name in sorted(found, reverse=True)}
    return tuple(sorted(sorted(names), key=lambda name: places.get(name, (len(body), 0))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What cells below use of what a cell binds: `outputs`, and `lost`, which no output can give them."""

    outputs: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def used_later(body: str, below: Sequence[Cell], *, parameters: Collection[str]) -> Later:
    """Return what the cells *below* use of what *body*, the text of a cell, binds."""
    statements = read_statements(body).statements
    used = _used(below, frozenset(name for statement in statements for name in statement.binds))
    able = set(_able(body, parameters))
    return Later(outputs=in_order(used & able, body), lost=in_order(used - able, body))


def likely_results(body: str, *, parameters: Collection[str]) -> tuple[str, ...]:
    """Return names that *body* binds and that look like results: by name, shown at its end, or bound last."""
    code = read_statements(body)
    able = set(_able(body, parameters))
    shown = _shown(code.statements[-1].node) if code.statements else ()
    chosen = [name for name in shown if name in able] or _bound_last(code.statements, able)
    worded = {name for name in able if not _RESULT_WORDS.isdisjoint(name.lower().split("_"))}
    return in_order(worded.union(chosen), body)


def _used(below: Sequence[Cell], bound: frozenset[str]) -> set[str]:
    """Return those of *bound* that the cells *below* read before they bind them anew."""
    used, alive = set[str](), set(bound)
    for cell in below:
        reads, binds = _reads_and_binds(cell)
        used |= alive & reads
        alive -= binds
    return used


def _reads_and_binds(cell: Cell) -> tuple[frozenset[str], frozenset[str]]:
    nothing = frozenset[str]()
    if cell.kind != "code":
        return nothing, nothing
    try:
        function = parse_function_cell(cell)
        names = read_statements(cell.source if function is None else function.body).names
    except (Unreadable, UsageError):
        return nothing, nothing
    read = names.needed | names.maybe | names.later
    if function is None:
        return read, names.bound
    return read.union(names_of(function.options, "input")), frozenset(names_of(function.options, "output"))


def _able(body: str, parameters: Collection[str]) -> Iterator[str]:
    """Yield the names that are bound at the end of *body* and can be outputs."""
    code = read_statements(body)
    unable = set(parameters).union(*map(_passing, code.statements))
    for name in code.names.bound - unable:
        kinds = set[str]().union(*(statement.binds.get(name, ()) for statement in code.statements))
        if not kinds & {"import", "definition"} and not name.startswith("_"):
            yield name


def _passing(statement: Statement) -> Iterator[str]:
    """Yield the variables of loops and of `with` in *statement*."""
    for node in block(statement.node):
        if isinstance(node, ast.For | ast.AsyncFor):
            yield from stored_names(node.target)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                yield from stored_names(item.optional_vars) if item.optional_vars is not None else ()


def _shown(node: ast.stmt) -> tuple[str, ...]:
    """Return the names that a last line such as `model` or `model, score` shows."""
    if not isinstance(node, ast.Expr):
        return ()
    parts = node.value.elts if isinstance(node.value, ast.Tuple | ast.List) else [node.value]
    return tuple(part.id for part in parts if isinstance(part, ast.Name))


def _bound_last(statements: Sequence[Statement], able: Collection[str]) -> list[str]:
    """Return the names that the last statement binds which binds any."""
    for statement in reversed(statements):
        found = [name for name in able if name in statement.binds and name not in _DRAWING_ROOM]
        if found:
            return found
    return []
