"""
`%%mlrun NAME [options]`: register the cell below as a version, run it, wait for it, and bring its outputs back.

The order of the steps; what each does is said elsewhere.
"""

from __future__ import annotations

import sys
from typing import Any

from mlrun_nb import errors
from mlrun_nb.api.function import Function
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.api.run import Run
from mlrun_nb.api.session import Session
from mlrun_nb.api.waiting import Interrupted, say_notices, submit, until_end
from mlrun_nb.commands import run as commands
from mlrun_nb.commands.card.live import Card
from mlrun_nb.errors import OptionError
from mlrun_nb.magics.binding import bind_outputs, defined_names
from mlrun_nb.magics.display import BEAT_S, display_for
from mlrun_nb.magics.failure import RunFailed
from mlrun_nb.magics.replay import replay
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run as RunRecord
from mlrun_nb.model.states import RunState
from mlrun_nb.notebook.cells import FunctionCell
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.project import Project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.history import details
from mlrun_nb.services.register import Prepared, Registered
from mlrun_nb.services.targets import CellTarget

EXCLUDING = (("detach", "wait"), ("define", "dry-run"), ("define", "validate"), ("define", "detach"))
"""Options of which one makes the other void."""


class CellMagic:
    """The cell magic of one shell."""

    def __init__(self, shell: Any, session: Session) -> None:  # noqa: ANN401  # IPython's shell
        self._shell, self._session = shell, session

    def run(self, words: str, body: str) -> None:
        """Do what the cell says; raises what goes wrong, as a notebook shows it."""
        cell = self._function_cell(words, body)
        project = project_in_force(self._session.folder)
        target = self._session.target(cell)
        if cell.options.get("define"):
            self._define(project, target)
            return
        planned = commands.plan_run(project, target, Choice())
        if cell.options.get("dry-run") or cell.options.get("validate"):
            is_asked = bool(cell.options.get("validate"))
            say_notices((*planned.notices, *(commands.validate(project, planned) if is_asked else ())))
            _say(commands.render(project, planned).rstrip("\n") + "\n")
            return
        submitted = submit(project, planned)
        _say_change(planned.request.version, submitted.registered)
        if planned.prepared is not None:
            self._bind_function(project, planned.prepared, cell)
        self._show(project, planned, submitted.run, detached=bool(cell.options.get("detach")))

    def _function_cell(self, words: str, body: str) -> FunctionCell:
        cell = parse_function_cell(self._session.cell_now(f"%%mlrun {words}\n{body}"))
        assert cell is not None  # its text begins with the magic
        for one, other in EXCLUDING:
            if cell.options.get(one) and cell.options.get(other):
                raise OptionError(f"`--{one}` and `--{other}` exclude each other", hint="Leave one of them out.")
        return cell

    def _define(self, project: Project, target: CellTarget) -> None:
        prepared, registered = commands.define(project, target, Choice())
        say_notices(prepared.notices)
        _say_change(prepared.version, registered, always=True)
        self._bind_function(project, prepared, target.cell)

    def _show(self, project: Project, planned: commands.Planned, run: RunRecord, *, detached: bool) -> None:
        """Show the card of *run*, and unless it is *detached* follow it to its end; raises how it ended."""
        card = Card(details(project, run), notices=planned.notices, detached=detached)
        display = display_for(self._shell, run.id, card)
        if detached:
            return
        try:
            run = until_end(project, run, display.update, beat_s=BEAT_S)
        except Interrupted:
            display.end(details(project, project.store.get_run(run.id)))
            raise
        found = details(project, run)
        left: dict[str, str] = {}
        if run.state in {RunState.SUCCEEDED, RunState.CACHED}:
            left = bind_outputs(self._shell.user_ns, planned.request.version, run, found.artifacts)
        display.end(found, unbound=left)
        if planned.request.engine != "inline":  # there they were seen when they came
            replay(run.run_directory)
        for reason in filter(None, left.values()):
            sys.stderr.write(f"notice: {reason}\n")
        try:
            Run(project, run).check()
        except errors.RunFailed as err:
            raise RunFailed(err.message, hint=err.hint, run=err.run) from None

    def _bind_function(self, project: Project, prepared: Prepared, cell: FunctionCell) -> None:
        version = prepared.version
        if version.spec.form == "def":  # the cell defines a name, as it would without the magic
            self._shell.run_cell(cell.body, store_history=False, silent=True)
        elif version.function not in {*version.spec.outputs, *defined_names(version)}:
            self._shell.user_ns[version.function] = Function(project, version, prepared=prepared)


def _say_change(version: Version, registered: Registered | None, *, always: bool = False) -> None:
    if registered is None:
        return
    name = f"{version.function}@{version.short}"
    if registered.change:
        _say(f"{name}: {registered.change}\n")
    elif always:
        _say(f"{name} {'is new' if registered.new else 'was recorded already'}\n")


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
