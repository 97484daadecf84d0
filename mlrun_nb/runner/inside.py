"""
What user code calls inside a run: results, metrics, artifacts, inputs and outputs.

Lives in the kernel's process, so it imports almost nothing, and talks with the runner through files alone: the context
that `MLRUN_NB_CONTEXT` names, and a spool with one file for each process. Outside a run the `log_*` functions do
nothing but say so, once. Threads and child processes may call everything.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mlrun_nb.errors import MlrunNbError
    from mlrun_nb.model.artifact import Artifact

__all__ = [
    "RunInfo",
    "current_run",
    "load_inputs",
    "log_artifact",
    "log_metric",
    "log_result",
    "save_outputs",
    "should_stop",
]

LONGEST_RESULT = 10_000
"""Characters of a text that is still a result; longer ones are artifacts."""

_hint = threading.Lock()
"""Taken, and never given back, by the first call outside a run."""
_told = threading.Lock()
"""The same, by the first call that says that the run should stop."""


class RunInfo(NamedTuple):
    """The run that this process belongs to. `artifacts` is where its artifacts lie, a path or URL."""

    id: str
    project: str
    function: str
    version: str
    attempt: int
    parameters: Mapping[str, Any]
    artifacts: str


def current_run() -> RunInfo | None:
    """Return the run that this process belongs to, None outside a run."""
    context = _context()
    if context is None:
        return None
    names = ("project", "function", "version", "attempt", "parameters", "artifacts")
    return RunInfo(context["run"], *(context[name] for name in names))


def log_result(name: str, value: object) -> None:
    """
    Keep *value* as a result of the run: a number, truth value, None or a text of at most 10,000 characters.

    Raises UsageError for anything else; `log_artifact` takes all values. The last value of a name counts.
    """
    plain = _scalar(value)
    if plain is _NO_SCALAR:
        raise _usage(
            f"result `{name}` is a `{type(value).__qualname__}`, not a number, truth value, None or short text",
            f"Keep it with `log_artifact(value, {name!r})`.",
        )
    _say("result", {"name": str(name), "value": plain})


def log_metric(name: str, value: float, step: int | None = None) -> None:
    """Add a point to the series *name*: `log_metric("loss", 0.3, step=4)`. NaN and infinities are kept."""
    try:
        number = float(value)
        where = None if step is None else int(step)
    except (TypeError, ValueError) as err:
        raise _usage(
            f"metric `{name}`: {value!r} at step {step!r} is not a number at a whole step",
            f"Write `log_metric({name!r}, 0.3, step=4)`.",
        ) from err
    _say("metric", {"name": str(name), "value": number, "step": where})


def should_stop() -> bool:
    """
    Tell whether this run is not worth going on with: the strategy of its sweep prunes it, by the metric that counts.

    Ask in the loop that logs it, and leave the loop; what the run has by then is kept. False outside a sweep.
    """
    context = _context()
    if context is None or not os.path.exists(context.get("stop") or ""):  # noqa: PTH110  # asked in every step
        return False
    if _told.acquire(blocking=False):
        _say("notice", {"text": "it was not worth going on with: its sweep's strategy prunes it", "hint": ""})
    return True


def log_span(name: str, duration_s: float) -> None:
    """Tell that the nested function *name* took this long; for the cell magic inside a run."""
    if _context() is not None:
        _say("span", {"name": name, "duration_s": round(duration_s, 6)})


def log_artifact(value_or_path: object, name: str | None = None) -> Artifact | None:
    """
    Keep a value, or the file or folder that a `Path` names, as an artifact; returns its record, None outside a run.

    A text that is the path of an existing file is taken as the path. *name* may be left out for files.
    """
    context = _context()
    if context is None:
        _say_once()
        return None
    value = _as_path(value_or_path)
    if name is not None and not isinstance(name, str):
        raise _usage(
            f"an artifact's name is a text, not a {type(name).__name__}", 'Write `log_artifact(value, "name")`.'
        )
    if name is None and not isinstance(value, Path):
        raise _usage("an artifact that is no file needs a name", 'Write `log_artifact(value, "name")`.')
    return _keep(context, value, name if name is not None else Path(str(value)).name)


def load_inputs(*names: str, given: Mapping[str, object] | None = None) -> list[Any]:
    """
    Return the inputs *names* of this run, in their order.

    Outside a run, as under plain papermill, *given* holds their paths or URLs, which are read by suffix. A name that
    is already another value there is returned as it is.
    """
    context = _context()
    return [_load(name, context, given or {}) for name in names]


def input_uri(name: str) -> str:
    """Return where the input *name* of this run lies, empty where it has no such input or its value is in the URI."""
    uri = str(((_context() or {}).get("inputs", {}).get(name) or {}).get("uri", ""))
    return "" if uri.startswith("data:") else uri


def preload(names: Iterable[str]) -> None:
    """Load inputs of this run now, so that processes forked from this one find them loaded."""
    context = _context()
    for name in names:
        _loaded[name] = _load(name, context, {})


def save_outputs(*names: str, namespace: Mapping[str, object]) -> None:
    """Keep the variables *names* of *namespace*: scalars as results, everything else as artifacts."""
    context = _context()
    if context is None:
        return
    missing = [name for name in names if name not in namespace]
    if missing:
        raise _usage(
            f"output `{missing[0]}` is not defined after the last cell",
            f"Assign `{missing[0]}` in the cell, or take `--output {missing[0]}` away.",
        )
    for name in names:
        if _scalar(namespace[name]) is _NO_SCALAR:
            _keep(context, namespace[name], name)
        else:
            log_result(name, namespace[name])


def _load(name: str, context: Mapping[str, Any] | None, given: Mapping[str, object]) -> object:
    from mlrun_nb.artifacts.loading import load_reference
    from mlrun_nb.model.artifact import InputReference

    if name in _loaded:
        return _loaded[name]
    reference = (context or {}).get("inputs", {}).get(name)
    if reference is not None:
        return load_reference(InputReference(**reference))
    value = given.get(name)
    if isinstance(value, str | Path):
        return load_reference(InputReference(uri=str(value)))
    if name not in given:
        raise _usage(
            f"input `{name}` was not given", f"Run it with `--input {name}=URI`, or `papermill -p {name} PATH`."
        )
    return value


def _keep(context: Mapping[str, Any], value: object, name: str) -> Artifact:
    from mlrun_nb._lib.records import to_json
    from mlrun_nb.artifacts.folder import open_folder
    from mlrun_nb.artifacts.saving import save_value

    saved = save_value(value, open_folder(context["artifacts"]), name)
    for notice in saved.notices:
        _say("notice", {"text": notice, "hint": ""})
    _say("artifact", to_json(saved.artifact))
    return saved.artifact


def _as_path(value: object) -> object:
    if isinstance(value, str) and 0 < len(value) < 4096 and "\n" not in value and "\0" not in value:
        return Path(value) if os.path.exists(value) else value  # noqa: PTH110  # Path raises on some texts
    return value


_NO_SCALAR = object()
_MOST_BITS = 14_000
"""A whole number of more than 4300 digits (14,284 bits) is not written by Python, nor read."""


def _scalar(value: object) -> object:
    """Return *value* as plain Python where it is a result, `_NO_SCALAR` where it is not."""
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    if generic is not None and isinstance(value, generic):
        value = value.item()
    if type(value) is int and value.bit_length() > _MOST_BITS:
        return _NO_SCALAR
    if value is None or type(value) in {bool, int, float}:
        return value
    return value if type(value) is str and len(value) <= LONGEST_RESULT else _NO_SCALAR


def _say(kind: str, data: object) -> None:
    context = _context()
    if context is None:
        _say_once()
        return
    line = {"type": kind, "time": datetime.now(UTC).isoformat(), "monotonic": time.monotonic(), "data": data}
    # the process id is asked each time: this may be a child that was forked from a process of the run
    path = os.path.join(context["spool"], f"{os.getpid()}.jsonl")  # noqa: PTH118  # pathlib costs more than the write
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, json.dumps(line, default=str).encode("utf-8", "replace") + b"\n")
    finally:
        os.close(descriptor)


def _say_once() -> None:
    if _hint.acquire(blocking=False):
        sys.stderr.write("mlrun_nb: not inside a run; what is logged here is not kept.\n")


_read: dict[str, Mapping[str, Any]] = {}
_loaded: dict[str, object] = {}
"""Inputs that were loaded before this process was forked."""


def _context() -> Mapping[str, Any] | None:
    file = os.environ.get("MLRUN_NB_CONTEXT")
    if not file:
        return None
    if file not in _read:
        try:
            _read[file] = json.loads(Path(file).read_text("utf-8"))
        except OSError:  # inherited by a process that outlived the run
            return None
    return _read[file]


def _usage(message: str, hint: str) -> MlrunNbError:
    from mlrun_nb.errors import UsageError

    return UsageError(message, hint=hint)
