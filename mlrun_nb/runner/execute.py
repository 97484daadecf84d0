"""
One attempt of one request, from the run directory to its result, in a kernel of its own.

Order is everything here: the kernel's process starts first and papermill is imported while it boots; the result is
written last. Whatever happens, what could be found out goes into the result record, and the exit code says whose move
it is.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from mlrun_nb.artifacts.folder import Folder, open_folder
from mlrun_nb.errors import ArtifactError, MlrunNbError
from mlrun_nb.model.run import RunError
from mlrun_nb.runner import faults, layout
from mlrun_nb.runner.attempt import Attempt, finish, open_attempt, read_request, tell
from mlrun_nb.runner.distributions import ask_interpreter, this_interpreter
from mlrun_nb.runner.environment import kernel_environment, kernel_options
from mlrun_nb.runner.exit_codes import EXIT_CODES, exit_code
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernel_choice import choose_kernel
from mlrun_nb.runner.kernelspec import NATIVE, KernelSpec
from mlrun_nb.runner.learning import learn
from mlrun_nb.runner.process import KernelProcess
from mlrun_nb.runner.recorder import Recorder
from mlrun_nb.runner.stop import Stop

if TYPE_CHECKING:
    from mlrun_nb.runner.cells import RecordedCells
    from mlrun_nb.runner.progress import Progress
    from mlrun_nb.runner.ticker import Ticker


def run(url: str, *, attempt: int, stop: Stop) -> int:
    """Execute the request in the run directory at *url* and return the exit code; its result is in the directory."""
    origin = monotonic()
    try:
        folder = open_folder(url)
        request = read_request(folder)
        with _scratch(folder) as scratch:
            this, error = open_attempt(request, folder, scratch, number=attempt, origin=origin)
            return exit_code(finish(this, error or _executed(this, stop, origin)))
    except MlrunNbError as err:
        # no result can be written where there is no request, or no place to write
        tell(err)
        return EXIT_CODES[faults.of_error(err).fault]


@contextmanager
def _scratch(folder: Folder) -> Iterator[Path]:
    """Give the local folder for working files: the run directory itself where it is local."""
    if folder.path is not None:
        yield folder.path
        return
    path = Path(tempfile.mkdtemp(prefix="mlrun-nb-run-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _executed(attempt: Attempt, stop: Stop, origin: float) -> RunError | None:
    try:
        data = attempt.folder.read(layout.INPUT)
        spec = _kernel_of(data, attempt.request.version.spec.language, attempt.recorder)
        if attempt.request.settings.policy.timeout_s is not None:
            stop.limit(attempt.request.settings.policy.timeout_s, since=origin)
        with _started(attempt, spec, stop, magics=b"%mlrun" in data) as kernel:
            stop.watch(kernel)
            try:
                _execute_in(kernel, attempt, data, stop)
            finally:
                stop.close()
    except AttemptFailed as err:
        return err.error
    except MlrunNbError as err:
        return faults.of_error(err)
    except Exception as err:  # noqa: BLE001  # the outermost renderer of this process
        return faults.our_bug(err)
    return None


def _kernel_of(data: bytes, language: str, recorder: Recorder) -> KernelSpec:
    name = _kernel_name(data)
    if not name:
        recorder.notice(
            f"the notebook names no kernel; it runs with `{NATIVE}`",
            hint="Choose a kernel in the notebook and save it.",
        )
    return choose_kernel(name, language=language)


def _kernel_name(data: bytes) -> str:
    try:
        name = json.loads(data)["metadata"].get("kernelspec", {}).get("name", "")
        return name if isinstance(name, str) else ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""  # reading it in full says what is wrong


@contextmanager
def _started(attempt: Attempt, spec: KernelSpec, stop: Stop, *, magics: bool) -> Iterator[KernelProcess]:
    environment = kernel_environment(
        attempt.request, spec, attempt.secrets, places=attempt.places, attempt=attempt.number, scratch=attempt.scratch
    )
    options = kernel_options(spec, magics=magics)
    with _with_cluster(attempt, spec, environment, stop) as variables:
        try:
            kernel = KernelProcess(
                spec, options=options, env=variables, cwd=attempt.places.work, log=attempt.recorder.log
            )
        except OSError as err:
            raise AttemptFailed(faults.kernel_cannot_start(spec.name, err)) from err
        try:
            yield kernel
        finally:
            kernel.close()


def _with_cluster(
    attempt: Attempt, spec: KernelSpec, environment: dict[str, str], stop: Stop
) -> AbstractContextManager[Mapping[str, str]]:
    """Give *environment* with the way to a Dask cluster of the run's own, where it asks for one."""
    if not attempt.request.settings.own_workers:
        return nullcontext(environment)
    from mlrun_nb.runner.dask_cluster import own_cluster

    return own_cluster(attempt, spec, environment, stop)


def _execute_in(kernel: KernelProcess, attempt: Attempt, data: bytes, stop: Stop) -> None:
    from mlrun_nb.runner.late import Progress, RecordedCells, prepare
    from mlrun_nb.runner.measure import Meter
    from mlrun_nb.runner.notebook_file import NotebookFile
    from mlrun_nb.runner.original import Original
    from mlrun_nb.runner.ticker import Ticker

    spec, recorder, meter = kernel.spec, attempt.recorder, Meter(kernel.pid)
    notebook = prepare(data, attempt.request, spec)
    interpreter = this_interpreter() if spec.is_this_python else ask_interpreter(spec.argv[0])
    attempt.announce(spec.name, interpreter, notebook.cells)
    file = NotebookFile(attempt.folder, attempt.mask)
    original = Original(notebook.cells, attempt.request.version.provenance.title)
    progress = Progress(notebook, original=original, recorder=recorder, meter=meter, file=file)
    cells = RecordedCells(progress, kernel=kernel, stop=stop)
    ticker = Ticker(recorder, meter)
    progress.notebook_start()
    ticker.start()
    try:
        if notice := cells.execute():
            recorder.notice(notice)
    except BaseException:
        with suppress(ArtifactError):  # the first failure is the one to tell
            _end(cells, ticker, progress, attempt)
        raise
    _end(cells, ticker, progress, attempt)


def _end(cells: RecordedCells, ticker: Ticker, progress: Progress, attempt: Attempt) -> None:
    cells.shut_down()
    ticker.stop()
    kinds = {artifact.kind for artifact in attempt.recorder.artifacts.values()}
    learn((cell.source for cell in progress.nb.cells if cell.cell_type == "code"), kinds)
    attempt.reports = tuple(progress.reports[index] for index in sorted(progress.reports))
    progress.notebook_complete()
