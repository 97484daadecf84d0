"""
The words for what cannot be captured: one error that names all such names, where each was made, and what to do.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.notebook.parsing import cell_name

_NUMBERS = frozenset({"abs", "float", "int", "len", "max", "min", "round", "sum"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """
    A name that cannot travel. Without a `cell` and `made` it is defined nowhere.

    `made` says how it came to be, `reason` why that is data, `user` who needs it (empty for the cell itself);
    `output` tells that it is an output of another function, `givable` that it can be an input at all. `changed_in` is
    another cell that changed it in place, `parameter` a line that would make it a parameter. `in_kernel` tells that
    only cells which ran could define it; `unrun` is a cell of the `notebook` that would, and did not run.
    """

    name: str
    cell: Cell | None = None
    made: str = ""
    reason: str = ""
    user: str = ""
    output: bool = False
    givable: bool = True
    changed_in: Cell | None = None
    parameter: str = ""
    in_kernel: bool = False
    unrun: Cell | None = None
    notebook: str = ""

    @property
    def undefined(self) -> bool:
        """Whether no cell above defines it."""
        return self.cell is None and not self.made

    @property
    def can_be_setup(self) -> bool:
        """Whether taking its cell whole would bring it."""
        return self.cell is not None and not self.output


def capture_error(where: str, problems: Sequence[Problem], *, known: Collection[str]) -> CaptureError:
    """Return the error that names all of *problems*; *known* are the names that a typing error may have meant."""
    data = [problem for problem in problems if not problem.undefined]
    missing = [problem for problem in problems if problem.undefined]
    lines = []
    if len(problems) == 1:
        lines.append(f"{where} needs {_sentence(problems[0])}")
    else:
        lines.append(f"{where} needs {len(problems)} names that cannot be captured with it:")
        lines.extend(f"  {_sentence(problem)}" for problem in [*data, *missing])
    return CaptureError("\n".join(lines), hint=" ".join(_hints(data, missing, known)))


def names_to_give(problems: Sequence[Problem], *, known: Collection[str]) -> Iterator[str]:
    """Yield the names for which the error of `capture_error` tells to add `--input NAME`."""
    for problem in problems:
        if problem.givable and not (problem.undefined and nearest(problem.name, sorted(known))):
            yield problem.name


def _sentence(problem: Problem) -> str:
    user = f" (needed by {problem.user})" if problem.user else ""
    if problem.undefined:
        return f"`{problem.name}`{user}, {_why_undefined(problem)}"
    place = f"of {cell_name(problem.cell)}" if problem.cell is not None else ""
    text = f"`{problem.name}`{user}, which is data {place}".rstrip()
    if problem.made:
        text = f"`{problem.name}`{user}, {problem.made}" if not place else f"{text} ({problem.made})"
    return f"{text}: {problem.reason}" if problem.reason else text


def _why_undefined(problem: Problem) -> str:
    if problem.unrun is None:
        ran = "no cell that ran in this kernel defines"
        return f"which {ran if problem.in_kernel else 'is not defined in any cell above'}"
    if problem.unrun.count is None:
        return f"which {_unrun_name(problem)} defines, but that has not run in this kernel"
    return f"which {_unrun_name(problem)} defines, but that did not run to its end as it stands there"


def _unrun_name(problem: Problem) -> str:
    assert problem.unrun is not None  # its callers look first
    return f"{cell_name(problem.unrun)} of `{problem.notebook}`"


def _hints(data: Sequence[Problem], missing: Sequence[Problem], known: Collection[str]) -> Iterable[str]:
    remedies = []
    inputs = [problem.name for problem in data if problem.givable]
    if inputs:
        remedies.append("add `" + " ".join(f"--input {name}" for name in inputs) + "` to its `%%mlrun` line")
    makers = [cell for problem in data if problem.can_be_setup for cell in (problem.cell, problem.changed_in)]
    cells = {cell.index: cell for cell in makers if cell is not None}
    if cells:
        whole = "it" if len(cells) == 1 else "them"
        how = " (first line `#| tags: [mlrun-setup]`)" if any(cell.place is None for cell in cells.values()) else ""
        named = _and([cell_name(cells[index]) for index in sorted(cells)])
        remedies.append(f"tag {named} `mlrun-setup`{how} to take {whole} whole")
    plain = next((problem for problem in data if problem.parameter and problem.givable), None)
    if plain is not None:
        remedies.append(f"make `{plain.name}` a parameter, a first line such as `{plain.parameter}`")
    if remedies:
        yield f"{_upper(', or '.join(remedies))}."
    for problem in data:
        if not problem.givable:
            yield f"Keep `{problem.name}` in a variable of its own, `value = {problem.name}`, and use that."
    for cell in dict.fromkeys(_unrun_name(problem) for problem in missing if problem.unrun is not None):
        yield f"Run {cell}, then this one again."
    for problem in (problem for problem in missing if problem.unrun is None):
        near = nearest(problem.name, sorted(known))
        if near:
            yield f"For `{problem.name}`, did you mean `{near}`?"
        else:
            verb = "Run the cell that defines" if problem.in_kernel else "Define"
            where = "" if problem.in_kernel else " in a cell above"
            yield f"{verb} `{problem.name}`{where}, or add `--input {problem.name}` to its `%%mlrun` line."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def parameter_line(name: str, statement: ast.stmt) -> str:
    """Return a line that declares *name* as a parameter; empty where *statement* gives it no such plain value."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant) and isinstance(value.value, bool | int | float | str):
        text = ast.unparse(value)
        return f"{name}: {type(value.value).__name__} = {text if len(text) <= 20 else repr('text')}"
    computed = isinstance(value, ast.BinOp | ast.UnaryOp | ast.Subscript | ast.AugAssign)
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _NUMBERS
    return f"{name}: float = 0.1" if computed or called else ""
