"""
The runs that a search finds: by the store's indexes as far as these know, else among the newest, as far as time allows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.search import Search, known_value
from mlrun_nb.model.function import Function, VersionHash
from mlrun_nb.model.query import RunQuery, begins
from mlrun_nb.model.run import Run, RunId
from mlrun_nb.plugins import engine_names
from mlrun_nb.project import Project
from mlrun_nb.services.versions import all_versions

MOST_LOOKED_AT = 5000
LOOK_S = 0.1
_PAGE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How many runs were looked at one by one, and when the oldest of them was created."""

    runs: int
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRuns:
    """Runs, newest first; `cursor` leads on. `looked` is there where an index alone could not answer."""

    runs: tuple[Run, ...]
    cursor: str | None
    looked: Looked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How to look: at most `limit` runs from `cursor` on, or children of `parent`; `deep` looks inside of texts."""

    limit: int = 50
    cursor: str | None = None
    deep: bool = False
    everywhere: bool = False
    parent: RunId | None = None


Test = Callable[[Run], bool]


def find_runs(project: Project, search: Search, ask: Ask) -> FoundRuns:
    """Return the runs that *search* describes; raises OptionError for a name of something that is not there."""
    query, tests = _question(project, search, ask)
    if query is None:
        return FoundRuns(runs=(), cursor=None)
    if not tests:
        page = project.store.list_runs(replace(query, limit=ask.limit))
        return FoundRuns(runs=page.items, cursor=page.cursor)
    return _walk(project, query, tests, ask)


def _walk(project: Project, query: RunQuery, tests: Sequence[Test], ask: Ask) -> FoundRuns:
    found: list[Run] = []
    looked, last, until = 0, None, time.monotonic() + LOOK_S
    query = replace(query, limit=_PAGE)
    while True:
        page = project.store.list_runs(query)
        for run in page.items:
            looked, last = looked + 1, run
            if all(test(run) for test in tests):
                found.append(run)
                if len(found) == ask.limit:
                    break
        is_over = page.cursor is None and (not page.items or page.items[-1] is last)
        if is_over or len(found) == ask.limit or looked >= MOST_LOOKED_AT or time.monotonic() > until:
            cursor = None if is_over or last is None else str(last.sequence)
            return FoundRuns(
                runs=tuple(found), cursor=cursor, looked=Looked(runs=looked, until=last.created if last else None)
            )
        query = replace(query, cursor=page.cursor)


def _question(project: Project, search: Search, ask: Ask) -> tuple[RunQuery | None, list[Test]]:
    """Return what the store is asked and what is tested of each run that it finds; no question where none can fit."""
    functions = _functions(project, search, ask)
    hashes = _hashes(project, search, functions)
    tests = [*_of_engines(project, search), *_of_words(search, deep=ask.deep)]
    if hashes is not None and len(hashes) != 1:
        tests.append(lambda run: run.version in hashes)
    query = RunQuery(
        project=None if ask.everywhere else project.config.project,
        states=search.states,
        functions=tuple(functions or ()),
        version=next(iter(hashes)) if hashes and len(hashes) == 1 else None,
        labels=search.labels,
        since=search.since,
        until=search.until,
        text=search.words[0] if search.words and not ask.deep else "",
        parent=ask.parent,
        cursor=ask.cursor,
    )
    is_nowhere = hashes is not None and not hashes
    return (None if is_nowhere else query), tests


def _functions(project: Project, search: Search, ask: Ask) -> Collection[str] | None:
    """Return the names of the functions that are meant; None for all."""
    if not search.functions and not search.notebooks:
        return None
    known = {each.name: each for each in project.store.functions(project.config.project)}
    names = search.functions if ask.everywhere else [known_value("fn", name, known) for name in search.functions]
    if not search.notebooks:
        return names
    of_notebooks = [each.name for each in known.values() if any(_lies_in(each, name) for name in search.notebooks)]
    return [name for name in of_notebooks if not names or name in names] or [""]


def _lies_in(function: Function, notebook: str) -> bool:
    return notebook.casefold() in function.notebook.casefold()


def _hashes(project: Project, search: Search, functions: Collection[str] | None) -> set[VersionHash] | None:
    """Return the hashes of the versions that are meant; None for all."""
    if not search.tags and not search.version:
        return None
    name = project.config.project
    names = [each.name for each in project.store.functions(name) if functions is None or each.name in functions]
    infos = [info for function in names for info in all_versions(project, function)]
    if search.tags:
        known = {tag for info in infos for tag in info.tags}
        wanted = {known_value("tag", tag, known) for tag in search.tags}
        infos = [info for info in infos if wanted & set(info.tags)]
    return {info.hash for info in infos if info.hash.startswith(search.version)}


def _of_engines(project: Project, search: Search) -> Iterator[Test]:
    if not search.engines:
        return
    known = {*engine_names(), *project.config.profiles}
    wanted = {known_value("engine", name, known) for name in search.engines}
    yield lambda run: run.engine in wanted or run.profile in wanted


def _of_words(search: Search, *, deep: bool) -> Iterator[Test]:
    if deep:
        wanted = [word.casefold() for word in search.words]
        yield lambda run: all(word in text for text in [_text_of(run)] for word in wanted)
    elif len(search.words) > 1:
        yield lambda run: all(begins(run, word) for word in search.words[1:])


def _text_of(run: Run) -> str:
    """Return all that a deep search looks at, in small letters."""
    parameters = (f"{name}={humane.exact(value)}" for name, value in run.parameters.items())
    labels = (f"{key}={value}" for key, value in run.labels.items())
    texts = (run.id, run.function, run.notebook, *labels, *parameters, states.reason_of(run))
    return "\n".join(texts).casefold()
