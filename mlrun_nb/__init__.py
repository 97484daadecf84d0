"""
Notebook cells as versioned functions that run anywhere and leave a record.

    import mlrun_nb as mn

The public names of the package, at most 28, and nothing else. They are looked up when first used, so that the import
costs milliseconds and pulls in no library that a caller may not need.
"""

from __future__ import annotations

TYPE_CHECKING = False  # what type checkers take for true; `typing` itself would cost 10 ms
if TYPE_CHECKING:
    from typing import Any

    from mlrun_nb import errors
    from mlrun_nb.api.definition import function
    from mlrun_nb.api.dimensions import loguniform, normal, randint, uniform
    from mlrun_nb.api.form import form
    from mlrun_nb.api.function import Function
    from mlrun_nb.api.future import RunFuture
    from mlrun_nb.api.run import Run, RunCancelled
    from mlrun_nb.api.sweep import Sweep
    from mlrun_nb.api.verbs import compare, functions, get_function, get_run, run, runs, sweep
    from mlrun_nb.errors import MlrunNbError, RunFailed
    from mlrun_nb.runner.inside import current_run, log_artifact, log_metric, log_result, should_stop

    __version__: str

__all__ = [
    "Function",
    "MlrunNbError",
    "Run",
    "RunCancelled",
    "RunFailed",
    "RunFuture",
    "Sweep",
    "__version__",
    "compare",
    "current_run",
    "errors",
    "form",
    "function",
    "functions",
    "get_function",
    "get_run",
    "log_artifact",
    "log_metric",
    "log_result",
    "loguniform",
    "normal",
    "randint",
    "run",
    "runs",
    "should_stop",
    "sweep",
    "uniform",
]

_HOMES = {
    "api.definition": ("function",),
    "api.dimensions": ("loguniform", "normal", "randint", "uniform"),
    "api.form": ("form",),
    "api.function": ("Function",),
    "api.future": ("RunFuture",),
    "api.run": ("Run", "RunCancelled"),
    "api.sweep": ("Sweep",),
    "api.verbs": ("compare", "functions", "get_function", "get_run", "run", "runs", "sweep"),
    "errors": ("MlrunNbError", "RunFailed", "errors"),
    "runner.inside": ("current_run", "log_artifact", "log_metric", "log_result", "should_stop"),
}
"""The modules that hold the names."""


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "__version__":
        return import_module("importlib.metadata").version("mlrun-nb")
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        message = f"module `{__name__}` has no attribute `{name}`"
        raise AttributeError(message)
    module = import_module(f"{__name__}.{home}")
    return module if home == name else getattr(module, name)


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401  # IPython's shell; IPython is not imported here
    """Add `%%mlrun` and `%mlrun` to *shell*: `%load_ext mlrun_nb`."""
    from mlrun_nb.magics.extension import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:  # noqa: ANN401  # as above
    """Take them away again: `%unload_ext mlrun_nb`."""
    from mlrun_nb.magics.extension import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Say where the panel is built to, for tools that link it into an environment."""
    return [{"src": "labextension", "dest": "mlrun-nb"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Name the application that answers below `/mlrun-nb/api`."""
    from mlrun_nb.server.extension import ServerExtension

    return [{"module": "mlrun_nb.server.extension", "app": ServerExtension}]
