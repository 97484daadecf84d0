"""The environment of the kernel: the runner's own, what the request sets, secrets, and what `inside` needs to know."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from mlrun_nb._lib.package import PACKAGE
from mlrun_nb._lib.records import to_json
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout
from mlrun_nb.runner.kernelspec import KernelSpec
from mlrun_nb.runner.source import Places

RUN_VARIABLE = "MLRUN_NB_RUN"
CONTEXT_VARIABLE = "MLRUN_NB_CONTEXT"


def kernel_environment(
    request: RunRequest, spec: KernelSpec, secrets: Mapping[str, str], *, places: Places, attempt: int, scratch: Path
) -> dict[str, str]:
    """Return all variables of the kernel's environment."""
    environment = {**os.environ, **spec.env, **request.settings.environment.env, **secrets}
    # IPython puts the working directory behind PYTHONPATH, so what was captured wins over what lies there now
    path = [str(places.source)] if places.source else []
    if spec.language == "python" and not spec.is_this_python:
        path.append(str(_our_package_alone(scratch)))
    if before := environment.get("PYTHONPATH"):
        path.append(before)
    if path:
        environment["PYTHONPATH"] = os.pathsep.join(path)
    return environment | run_variables(request, places=places, attempt=attempt, scratch=scratch)


def run_variables(request: RunRequest, *, places: Places, attempt: int, scratch: Path) -> dict[str, str]:
    """Return the variables by which `inside` finds the run, and write the file that they name."""
    file = scratch / "context.json"
    version = request.version
    context = {
        "run": request.id,
        "project": version.project,
        "function": version.function,
        "version": version.hash,
        "attempt": attempt,
        "parameters": to_json(request.parameters),
        "inputs": to_json(request.inputs),
        "artifacts": request.artifacts,
        "spool": str(places.spool),
        "stop": str(scratch / layout.STOP),
        "results": {},
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(context), encoding="utf-8")
    return {RUN_VARIABLE: request.id, CONTEXT_VARIABLE: str(file)}


_IOPUB = "get_ipython().kernel.iopub_thread"
_KEEP_ALL_MESSAGES = f"{_IOPUB}.io_loop.add_callback(setattr, {_IOPUB}.socket, 'sndhwm', 0)"
"""
Run in the kernel before it serves anyone. A PUB socket drops what exceeds its high-water mark, 1000 messages, and with
it outputs of a cell that displays faster than we read. Source: ZeroMQ, `zmq_socket(3)`, PUB and ZMQ_SNDHWM.
"""

_LAST_WORD = (
    "__import__('atexit').register(lambda thread: thread and (thread.stop(), thread.join(2)),"
    " getattr(get_ipython().kernel, 'control_thread', None))"
)
"""
At its exit ipykernel closes the way of outputs under the thread that was told to end, which may have a last word.
Of short kernels one in forty would then wait for that thread until it is killed, and some would log its error.
"""
_LOAD_MAGICS = "__import__('mlrun_nb').load_ipython_extension(get_ipython())"
"""Not `%load_ext`, so that the notebook's own does not say that it is loaded already."""


def kernel_options(spec: KernelSpec, *, magics: bool = False) -> list[str]:
    """
    Return options for IPython's kernel: no history file, no limit to messages that wait to be sent, an orderly end.

    With *magics* our extension is loaded: a notebook with `%%mlrun` cells may have it from its author's configuration.
    """
    if not spec.is_ipykernel:
        return []
    lines = [_KEEP_ALL_MESSAGES, _LAST_WORD, *([_LOAD_MAGICS] if magics else [])]
    return ["--HistoryManager.hist_file=:memory:", *(f"--IPKernelApp.exec_lines={line}" for line in lines)]


def _our_package_alone(scratch: Path) -> Path:
    # another interpreter: it gets this package and none of the others that are installed beside it
    folder = scratch / "package"
    folder.mkdir(exist_ok=True)
    link = folder / "mlrun_nb"
    if not link.exists():
        link.symlink_to(PACKAGE)
    return folder
