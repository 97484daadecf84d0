"""
Words that the shell offers after TAB: functions, runs, states, engines and profiles, notebooks.

Completion never fails and never writes: whatever goes wrong, there is nothing to offer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from mlrun_nb.project import Project

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
_MOST = 50


def _completer(offer: Callable[[Project, str], Iterable[tuple[str, str]]]) -> Completer:
    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from mlrun_nb.project import open_project

        with suppress(Exception), open_project() as project:
            found = [item for item in offer(project, incomplete) if item[0].startswith(incomplete)]
            return [CompletionItem(value, help=text or None) for value, text in found]
        return []

    return complete


def _functions(project: Project, _: str) -> Iterable[tuple[str, str]]:
    return [(item.name, item.description) for item in project.store.functions(project.config.project)]


def _runs(project: Project, incomplete: str) -> Iterable[tuple[str, str]]:
    from mlrun_nb.model.query import RunQuery

    page = project.store.list_runs(RunQuery(project=project.config.project, text=incomplete, limit=_MOST))
    return [(run.id, f"{run.function} {run.state}") for run in page.items]


def _runs_and_functions(project: Project, incomplete: str) -> Iterable[tuple[str, str]]:
    return [*_functions(project, incomplete), *_runs(project, incomplete)]


def _targets(project: Project, incomplete: str) -> Iterable[tuple[str, str]]:
    folder = Path(incomplete).parent if "/" in incomplete else Path()
    notebooks = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    return [*((str(path), "notebook") for path in notebooks), *_functions(project, incomplete)]


def _engines(project: Project, _: str) -> Iterable[tuple[str, str]]:
    from mlrun_nb.plugins import engine_names

    return [*((name, "profile") for name in project.config.profiles), *((name, "engine") for name in engine_names())]


def _strategies(_: Project, __: str) -> Iterable[tuple[str, str]]:
    from mlrun_nb.plugins import strategy_names

    return [(name, "") for name in strategy_names()]


def _states(_: Project, __: str) -> Iterable[tuple[str, str]]:
    from mlrun_nb.model.states import RunState

    return [(str(state), "") for state in RunState]


functions = _completer(_functions)
runs = _completer(_runs)
runs_and_functions = _completer(_runs_and_functions)
targets = _completer(_targets)
engines = _completer(_engines)
states = _completer(_states)

BY_OPTION: dict[str, Completer] = {"on": engines, "strategy": _completer(_strategies)}
"""Completers of options that the table generates."""
