"""
Importing what children will need, with a look after each module at what the import has left behind.

An import that starts a thread, opens a file or socket, starts a process or initialises CUDA must not be followed by a
fork. It cannot be undone either: the module is noted as unsafe, and the helper begins anew without it.
"""

from __future__ import annotations

import gc
import os
import sys
import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

OURS = (
    "mlrun_nb.runner.__main__",
    "mlrun_nb.runner.execute",
    "mlrun_nb.runner.late",
    "mlrun_nb.runner.ticker",
    "mlrun_nb.runner.inside",
    "mlrun_nb.engines.supervisor.start",
    "mlrun_nb.engines.supervisor.supervise",
    "mlrun_nb.engines.local",
    "mlrun_nb.kernels.ipython",
    "mlrun_nb.kernels.fork",
    "mlrun_nb.cli.main",
    "mlrun_nb.cli.live",
    "mlrun_nb.cli.running",
    "mlrun_nb.cli.faults",
    "mlrun_nb.cli.verbs.run",
    "mlrun_nb.cli.verbs.runs",
    "mlrun_nb.cli.verbs.show",
    "mlrun_nb.cli.verbs.logs",
    "mlrun_nb.services.doctor",
    "mlrun_nb.stores.sqlite",
    "mlrun_nb.artifacts.loading",
    "mlrun_nb.artifacts.saving",
    "mlrun_nb.artifacts.packagers.registry",
    "mlrun_nb.artifacts.packagers.arrays",
    "mlrun_nb.artifacts.packagers.estimators",
    "mlrun_nb.artifacts.packagers.figures",
    "mlrun_nb.artifacts.packagers.frames",
    "mlrun_nb.artifacts.packagers.pickled",
    "mlrun_nb.artifacts.packagers.plain",
    "mlrun_nb.artifacts.pickling",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
)
"""Modules of the product and what its processes import; by name, because this layer knows none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What this process has besides its modules, as far as a fork would suffer from it."""

    threads: int
    files: frozenset[str]
    children: str
    has_cuda: bool

    def since(self, before: Traces) -> str:
        """Return what is there that was not *before*; empty when nothing is."""
        if self.threads > before.threads:
            return "starts a thread"
        if new := self.files - before.files:
            return f"opens {', '.join(sorted(new))}"
        if self.children != before.children:
            return "starts a process"
        return "initialises CUDA" if self.has_cuda and not before.has_cuda else ""


@dataclass(slots=True, kw_only=True)
class Loaded:
    """What was imported, with the seconds that it took; what is not here; and what must not be, with the reason."""

    seconds: dict[str, float] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    unsafe: dict[str, str] = field(default_factory=dict)


def load(names: Iterable[str], *, without: Mapping[str, str]) -> Loaded:
    """Import *names* but those *without*; stops at the first unsafe one, after which this process must not fork."""
    loaded = Loaded()
    for name in names:
        began = time.perf_counter()
        for step in _steps(name):
            if step in sys.modules:
                continue
            if step in without or not is_module(step):
                break
            before = traces()
            _import(step, loaded)
            if reason := traces().since(before):
                loaded.unsafe[step] = reason
                return loaded
        if name in sys.modules:
            loaded.seconds[name] = time.perf_counter() - began
    return loaded


def _steps(name: str) -> Iterable[str]:
    """Return the packages that importing *name* imports, from the outermost on, and it."""
    parts = name.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))


def _import(name: str, loaded: Loaded) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module(name)
    except BaseException:  # noqa: BLE001  # whatever it is, whoever imports it for a purpose will hear of it
        loaded.absent.append(name)


def is_module(name: str) -> bool:
    """Tell whether *name* can be a module of an installed distribution, of Python or of ours; no project's."""
    parent, _, last = name.rpartition(".")
    if hasattr(sys.modules.get(parent), last):
        return False  # a function or class of its parent, which is loaded
    try:
        spec = find_spec(name)
    except (ImportError, AttributeError, ValueError):
        return False
    origin = (spec and spec.origin) or ""
    return origin in {"built-in", "frozen"} or name.startswith("mlrun_nb.") or _is_installed(origin)


def _is_installed(origin: str) -> bool:
    return "site-packages" in origin or "dist-packages" in origin or origin.startswith(sys.base_prefix)


def settle() -> None:
    """Put all objects out of the garbage collector's way, which would write to each, and so copy it in each child."""
    gc.collect()
    gc.freeze()


def traces() -> Traces:
    """Look at this process."""
    return Traces(
        threads=len(os.listdir("/proc/self/task")),
        files=frozenset(_files()),
        children=_children(),
        has_cuda=_has_cuda(),
    )


def _files() -> Iterable[str]:
    for number in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{number}")
        except OSError:  # the one that the list was read through
            continue
        if "/proc/" not in target:
            yield f"{number} {target}"


def _children() -> str:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:
            return file.read()
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        return ""


def _has_cuda() -> bool:
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return bool(cuda is not None and cuda.is_initialized()) or any("/nvidia" in name for name in _files())
