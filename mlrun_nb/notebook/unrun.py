"""
Cells that stand in a kernel's notebook and have not run: why a name that they define is not there.

For messages only. The notebook's file may be older than what its front end shows, so nothing is captured from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mlrun_nb.notebook.cells import Notebook
from mlrun_nb.notebook.complaints import Problem
from mlrun_nb.notebook.history import read_history

Unrun = Callable[[], Notebook]
"""Reads the cells above a function in its notebook; those that ran, as they were or in part, have their number."""


def with_unrun(problems: Sequence[Problem], unrun: Unrun) -> tuple[Problem, ...]:
    """Return *problems* in the words of a kernel: of a name that no cell defined, the cell that would define it."""
    if not any(problem.undefined for problem in problems):
        return tuple(problems)
    notebook = unrun()
    history = read_history(notebook.cells)

    def told(problem: Problem) -> Problem:
        event = history.last_binding(problem.name, None)
        return replace(problem, in_kernel=True, unrun=event.cell if event else None, notebook=notebook.name)

    return tuple(told(problem) if problem.undefined else problem for problem in problems)
