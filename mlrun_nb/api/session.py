"""
The notebook that a kernel is running, as capture wants to see it: the cells that ran, in the order in which they ran.

The text of a cell is what the front end sent, never what a file says. A cell that ran twice counts once, at its last
run, by the id that the front end gives it, or else by its text. Of a cell that raised, what ran before counts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.notebook.cells import Cell, FunctionCell, Notebook
from mlrun_nb.notebook.comment_tags import comment_tags
from mlrun_nb.notebook.partly import part_that_ran
from mlrun_nb.services.sources import load_notebook
from mlrun_nb.services.targets import CellTarget

_RESET = re.compile(r"^%reset(?![_\w])", re.MULTILINE)
"""Takes all names away, so that no cell before it counts."""

NOTEBOOK = Notebook(name="this notebook", cells=())
"""A kernel knows neither the name of its notebook nor the cells that did not run."""


class Events(Protocol):
    """Where one asks to be called when cells run."""

    def register(self, event: str, function: Callable[..., object]) -> None:
        """Have *function* called at *event*."""
        ...

    def unregister(self, event: str, function: Callable[..., object]) -> None:
        """Have it called no longer."""
        ...


class Shell(Protocol):
    """What is asked of a shell; `IPython.core.interactiveshell.InteractiveShell` is one."""

    user_ns: dict[str, Any]
    user_ns_hidden: dict[str, Any]
    events: Events
    history_manager: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    """A cell that ran, or is running, under a number; `source` is the part of it that counts."""

    count: int
    text: str
    source: str
    id: str = ""
    tags: tuple[str, ...] = ()


class LiveVariables(Mapping[str, object]):
    """
    The variables of a kernel without those that IPython put there.

    A view, so that a function which is kept keeps none of their values alive, and finds those of the moment.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def __getitem__(self, name: str) -> object:
        value = self._shell.user_ns[name]
        hidden = self._shell.user_ns_hidden
        if name in hidden and hidden[name] is value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in list(self._shell.user_ns) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Session:
    """
    One kernel with its cells. `folder` is where it works: the working directory when the session began.

    Cells that ran before are taken from the shell's history, where nobody knows any more whether they raised.
    """

    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell = shell
        self.folder = folder
        raw = shell.history_manager.input_hist_raw
        self._ran = {
            count: _Ran(count=count, text=text, source=text) for count, text in enumerate(raw) if count and text
        }
        self._running = len(raw) - 1
        shell.events.register("pre_run_cell", self._begun)
        shell.events.register("post_run_cell", self._ended)

    def close(self) -> None:
        """Take no more notice of cells."""
        self.shell.events.unregister("pre_run_cell", self._begun)
        self.shell.events.unregister("post_run_cell", self._ended)

    @property
    def path(self) -> Path | None:
        """The notebook's file where the front end tells it and it is there; only words come of it."""
        # Sources: jupyter_server, `SessionManager.get_kernel_env`; VS Code, `__vsc_ipynb_file__`
        told = self.shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
        path = Path(str(told)) if told else None
        return path if path is not None and path.is_absolute() and path.is_file() else None

    @property
    def live(self) -> Mapping[str, object]:
        """The variables of the kernel, as they are whenever somebody looks."""
        return LiveVariables(self.shell)

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells that ran before the one that is running now, each at its last run."""
        now = self._now()
        last: dict[str, _Ran] = {}
        for ran in self._ran.values():
            last.pop(_by_text(ran), None)  # it may have run before anybody asked for its id
            last.pop(_key(ran), None)
            last[_key(ran)] = ran
        if now is not None:
            del last[_key(now)]
        return tuple(_cell(ran, index) for index, ran in enumerate(last.values()) if ran.source.strip())

    def cell_now(self, text: str | None = None) -> Cell:
        """
        Return the cell that is running now; *text* stands for it where it is part of another, as below `%%capture`.
        """
        now, index = self._now(), len(self.cells())
        if now is not None and (text is None or _is_function(now.text)):
            return replace(_cell(now, index), source=now.text)
        return Cell(index=index, kind="code", source=text or "", id=now.id if now else "", count=self._running or None)

    def target(self, cell: FunctionCell) -> CellTarget:
        """Return *cell*, which is running now, with what is around it."""
        above = tuple(each for each in self.cells() if not _is_function(each.source, cell.name))
        return CellTarget(
            cell=cell,
            above=above,
            notebook=NOTEBOOK,
            folder=self.folder,
            path=self.path,
            live=self.live,
            unrun=partial(self.unrun, cell.cell),
        )

    def unrun(self, cell: Cell) -> Notebook:
        """
        Return what stands above *cell* in the notebook's file, all of it where the cell is not saved yet; see `Unrun`.

        No cells where nobody knows the file, or it cannot be read.
        """
        path = self.path
        try:
            saved = load_notebook(path) if path is not None else NOTEBOOK
        except MlrunNbError:
            return NOTEBOOK
        counts = {key: ran.count for ran in self._ran.values() for key in (ran.id, ran.text.strip())}
        keys = [each.id or each.source.strip() for each in saved.cells]
        place = next((place for place, key in enumerate(keys) if key in {cell.id, cell.source.strip()}), len(keys))
        above = [replace(each, count=counts.get(key)) for each, key in zip(saved.cells[:place], keys, strict=False)]
        return replace(saved, name=path.name if path is not None else saved.name, cells=tuple(above))

    def _now(self) -> _Ran | None:
        return self._ran.get(self._running)

    def _begun(self, info: Any) -> None:  # noqa: ANN401  # IPython's ExecutionInfo
        if info.store_history and info.raw_cell.strip():
            count = self._running = len(self.shell.history_manager.input_hist_raw)
            if count <= max(self._ran, default=0):  # a new session in the same kernel counts from 1 again
                self._ran.clear()
            self._ran[count] = _Ran(count=count, text=info.raw_cell, source=info.raw_cell, **_told(info))

    def _ended(self, result: Any) -> None:  # noqa: ANN401  # IPython's ExecutionResult, None for one that was cancelled
        if result is None or not result.info.store_history:
            return
        info, ran = result.info, self._ran.get(result.execution_count)
        if ran is None or ran.text != info.raw_cell:
            return
        self._running = 0
        if _RESET.search(ran.text):
            self._ran.clear()
            return
        source = ran.text if _is_function(ran.text) else _part(ran.text, result, self.shell.user_ns)
        self._ran[ran.count] = replace(ran, source=source, **_told(info))


def _told(info: Any) -> dict[str, Any]:  # noqa: ANN401  # as above
    """Return what the front end told of a cell. Source: ipykernel, `execute_request`; IPython 8.3 and 9.2."""
    tags = (getattr(info, "cell_meta", None) or {}).get("tags")
    return {
        "id": getattr(info, "cell_id", None) or "",
        "tags": tuple(map(str, tags)) if isinstance(tags, list | tuple) else (),
    }


def _part(text: str, result: Any, namespace: Mapping[str, object]) -> str:  # noqa: ANN401  # as above
    if result.error_before_exec is not None:
        return ""
    error = result.error_in_exec
    if error is None:
        return text
    line = _line(error.__traceback__, namespace)
    return part_that_ran(text, line) if line else ""


def _line(traceback: TracebackType | None, namespace: Mapping[str, object]) -> int | None:
    """Return the line of the cell itself at which the exception left it."""
    while traceback is not None:
        if traceback.tb_frame.f_locals is namespace:
            return traceback.tb_lineno
        traceback = traceback.tb_next
    return None


def _key(ran: _Ran) -> str:
    return f"id {ran.id}" if ran.id else _by_text(ran)


def _by_text(ran: _Ran) -> str:
    return f"text {ran.text.strip()}"


def _cell(ran: _Ran, index: int) -> Cell:
    tags = tuple(dict.fromkeys((*ran.tags, *comment_tags(ran.source))))
    return Cell(index=index, kind="code", source=ran.source, id=ran.id, tags=tags, count=ran.count)


def _is_function(text: str, name: str | None = None) -> bool:
    """Whether *text* is a function's cell, of the *name* where one is given; broken options are no matter here."""
    first = next((line.split() for line in text.split("\n") if line.strip()), [""])
    return first[0] == "%%mlrun" and (name is None or name in first)


_sessions: WeakKeyDictionary[Any, Session] = WeakKeyDictionary()


def session_of(shell: Any) -> Session:  # noqa: ANN401  # a Shell; IPython's own type may not be named here
    """Return the session of *shell*; it begins with the first call."""
    if shell not in _sessions:
        _sessions[shell] = Session(shell, Path.cwd())
    return _sessions[shell]
