"""
A request executed in this process, for the debugger: same cells, same run directory, no kernel.

The cells run in a fresh `__main__`, so that a breakpoint stops here and `pdb.pm()` or `%debug` opens the user's own
frames. What only a child process can give is not enforced: time and memory limits. Magics need an IPython shell in this
process, and act on its namespace. One run at a time: working directory and environment belong to the whole process.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from time import monotonic

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import MlrunNbError, UsageError
from mlrun_nb.model.run import RunError, RunResult
from mlrun_nb.runner import faults
from mlrun_nb.runner.attempt import Attempt, finish, open_attempt, read_request
from mlrun_nb.runner.cell_code import CellRunner
from mlrun_nb.runner.cells_in_process import CellsInProcess
from mlrun_nb.runner.distributions import this_interpreter
from mlrun_nb.runner.environment import run_variables
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.fresh_main import environment_of, fresh_main, project_modules
from mlrun_nb.runner.injection import inject, read_notebook
from mlrun_nb.runner.notebook_file import Node
from mlrun_nb.runner.parameter_values import parameter_values


def execute_in_process(request_directory: str | Path) -> RunResult:
    """
    Execute the request in a local run directory in this process; its result is returned and written there.

    A cell that raises ends the run: the result says so, and `sys.last_value` holds the exception for a debugger. Raises
    UsageError or ArtifactError where there is no request, or no place to write.
    """
    origin = monotonic()
    folder = open_folder(request_directory)
    if folder.path is None:
        raise UsageError(f"`{folder.url}` is not a local folder", hint="Use another engine: `--on local`.")
    attempt, error = open_attempt(read_request(folder), folder, folder.path, number=1, origin=origin)
    return finish(attempt, error or _executed(attempt))


def _executed(attempt: Attempt) -> RunError | None:
    try:
        notebook = read_notebook(attempt.folder)
        inject(notebook, parameter_values(attempt.request))
        attempt.announce("in process", this_interpreter(), notebook["cells"])
        _execute(attempt, notebook)
    except AttemptFailed as err:
        return err.error
    except MlrunNbError as err:
        return faults.of_error(err)
    return None


def _execute(attempt: Attempt, notebook: Node) -> None:
    request, places = attempt.request, attempt.places
    cells = CellsInProcess(attempt, notebook)
    variables = run_variables(request, places=places, attempt=attempt.number, scratch=attempt.scratch)
    with ExitStack() as surroundings:
        surroundings.enter_context(
            environment_of({**request.settings.environment.env, **attempt.secrets, **variables}, places)
        )
        surroundings.enter_context(project_modules(places.source))
        namespace = surroundings.enter_context(fresh_main())
        cells.execute(CellRunner(namespace, label=f"run {request.id}"))
