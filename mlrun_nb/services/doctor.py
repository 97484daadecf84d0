"""Examine the surroundings: what is there, what is missing, and what to type about it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator

from mlrun_nb import plugins
from mlrun_nb._lib.files import nearest
from mlrun_nb._lib.ids import new_id
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.errors import EngineError, MlrunNbError, OptionError, StoreOlder
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.run import RunRequest
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Engine, Examinable
from mlrun_nb.runner.faults import AttemptFailed
from mlrun_nb.runner.kernel_choice import choose_kernel
from mlrun_nb.runner.kernelspec import NATIVE, installed_kernels
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.submit import example_request

_EXTRAS = {
    "pyarrow": "Parquet artifacts (`pip install 'mlrun-nb[data]'`)",
    "skops": "safe scikit-learn artifacts (`pip install 'mlrun-nb[data]'`)",
    "nbconvert": "`--report` (`pip install 'mlrun-nb[report]'`)",
    "psycopg": "a PostgreSQL store (`pip install 'mlrun-nb[postgresql]'`)",
    "s3fs": "artifacts on S3 (`pip install 'mlrun-nb[s3]'`)",
    "kubernetes": "the engine `kubernetes` (`pip install 'mlrun-nb[kubernetes]'`)",
    "distributed": "the engine `dask` (`pip install 'mlrun-nb[dask]'`)",
    "optuna": "the strategy `optuna` (`pip install 'mlrun-nb[optuna]'`)",
}
_NEEDED = {"kubernetes": "kubernetes", "dask": "distributed"}
"""Which of these an engine cannot do without."""
_WRITTEN = b"of mlrun-nb doctor"
_LOW_DISK_BYTES = 1024**3


def examine(project: Project) -> tuple[Finding, ...]:
    """Return findings in the order in which things depend on each other; never raises for what it examines."""
    examinations = (_python, _home, _store, _kernels, _warm_start, _engines, _plug_ins, _extras)
    return tuple(finding for examination in examinations for finding in _safely(examination, project))


def examine_engine(project: Project, choice: Choice, *, probe: bool) -> tuple[Finding, ...]:
    """
    Return findings about the place where a run of *choice* would go; with *probe* something small is started there.

    Raises ConfigError and OptionError for a choice that means nothing, or where there is nothing to probe.
    """
    request = example_request(project, choice)
    engine = project.engine(request.engine)
    if probe and not isinstance(engine, Examinable):
        raise OptionError(
            f"engine `{request.engine}` starts runs here, and there is nothing to probe", hint="Leave `--probe` out."
        )
    return tuple(_examine_engine(project, engine, request, probe=probe))


def _examine_engine(project: Project, engine: Engine, request: RunRequest, *, probe: bool) -> Iterator[Finding]:
    name = f"engine {request.engine}"
    try:
        engine.check(request)
    except EngineError as err:
        yield Finding(name=name, ok=False, text=err.message, hint=err.hint)
    else:
        yield Finding(name=name, ok=True, text=f"profile `{request.profile}`" if request.profile else "ready")
    if project.config.artifacts:
        yield from _safely(_artifacts, project)
    if isinstance(engine, Examinable):
        yield from engine.examine(request, probe=probe)


def _artifacts(project: Project) -> Iterator[Finding]:
    folder, name = open_folder(project.config.artifacts), f"doctor-{new_id()}"
    folder.write(name, _WRITTEN)
    try:
        is_whole = folder.read(name) == _WRITTEN
    finally:
        folder.remove(name)
    text = f"{folder.url}, written, read and removed from here"
    yield Finding(
        name="artifacts",
        ok=is_whole,
        text=text if is_whole else f"{folder.url} gives back something else than was written",
        hint="" if is_whole else "Is there a cache or a proxy between? Ask the store directly.",
    )


def waiting_migration(project: Project) -> str:
    """
    Return what a migration of the store would change, as a sentence; empty when none waits for somebody's consent.

    A SQLite file waits for nobody: it is migrated when it is opened. Raises StoreError for a store out of reach.
    """
    if project.config.store.startswith("sqlite:"):
        return ""
    try:
        project.store  # noqa: B018  # opened to hear whether it objects
    except StoreOlder as err:
        return err.message
    return ""


def migrate_store(project: Project) -> str:
    """Bring the project's store to this release's schema and say what was done; raises StoreError."""
    before, after = plugins.migrate_store(project.config.store)
    location = project.store.location
    if before == after:
        return f"Nothing to do: the store `{location}` has the schema of this release."
    return f"Migrated the store `{location}` from schema {before or 'none'} to {after}."


def _safely(examination: Callable[[Project], Iterator[Finding]], project: Project) -> Iterator[Finding]:
    try:
        yield from examination(project)
    except MlrunNbError as err:
        yield Finding(name=examination.__name__.strip("_"), ok=False, text=err.message, hint=err.hint)
    except PermissionError as err:
        hint = "Make it yours, or set HOME to a folder of yours."
        yield Finding(name=examination.__name__.strip("_"), ok=False, text=str(err), hint=hint)


def _python(_: Project) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(name="python", ok=True, text=f"{version} at {sys.executable}")


def _home(project: Project) -> Iterator[Finding]:
    home = project.config.home
    place = nearest(home)
    free = shutil.disk_usage(place).free
    if not place.is_dir() or not os.access(place, os.W_OK):
        text = f"{home} cannot be written" if place.is_dir() else f"{place} is no folder"
        yield Finding(name="home", ok=False, text=text, hint="Set MLRUN_NB_HOME to another folder.")
    elif free < _LOW_DISK_BYTES:
        text = f"{home} has {free / 1024**2:.0f} MiB left"
        yield Finding(name="home", ok=False, text=text, hint="Free space with `mlrun-nb gc`, or set MLRUN_NB_HOME.")
    else:
        yield Finding(name="home", ok=True, text=f"{home}, {free / 1024**3:.0f} GiB free")


def _store(project: Project) -> Iterator[Finding]:
    counts = project.store.count_runs(project.config.project)
    runs = sum(count.runs for count in counts)
    project.store.check_writable()
    yield Finding(
        name="store", ok=True, text=f"{project.store.location}, {runs} runs of project {project.config.project}"
    )


def _kernels(_: Project) -> Iterator[Finding]:
    usable, broken = [], {}
    for name in sorted({NATIVE, *installed_kernels()}):
        try:
            usable.append(choose_kernel(name).name)
        except AttemptFailed as err:
            broken[name] = err.error
    if usable:
        yield Finding(name="kernels", ok=True, text=", ".join(usable))
    for name, error in broken.items():  # only the one that every Python notebook needs is a thing to repair
        yield Finding(name=f"kernel {name}", ok=False if name == NATIVE else None, text=error.summary, hint=error.hint)


def _warm_start(project: Project) -> Iterator[Finding]:
    from mlrun_nb.services.warm import look

    found = look(project.config, os.environ)
    if found.pid is None:
        yield Finding(name="warm start", ok=None, text=found.reason)
        return
    theirs = [name for name in found.seconds if not name.startswith(("mlrun_nb.", "ipykernel."))]
    loaded = f", with {', '.join(sorted(theirs))}" if theirs else ""
    text = f"process {found.pid}, {found.bytes / 1024**2:.0f} MiB, {found.births} starts{loaded}"
    yield Finding(name="warm start", ok=True, text=text)
    for name, reason in sorted(found.unsafe.items()):
        yield Finding(name="warm start", ok=None, text=f"{name} is never loaded in advance: its import {reason}")


def _engines(project: Project) -> Iterator[Finding]:
    for name in plugins.engine_names():
        needed = _NEEDED.get(name, "")
        if needed and not _is_installed(needed):
            yield Finding(name=f"engine {name}", ok=None, text=f"needs {needed}, which is not installed")
            continue
        try:
            traits = project.engine(name).traits
        except MlrunNbError as err:
            yield Finding(name=f"engine {name}", ok=False, text=err.message, hint=err.hint)
        else:
            text = f"ready; {traits.limits}" if traits.limits else "ready"
            yield Finding(name=f"engine {name}", ok=True, text=text)


def _plug_ins(_: Project) -> Iterator[Finding]:
    for each in plugins.plug_ins():
        name, text = f"{each.kind} {each.name}", each.fault or f"ready, {each.target}"
        yield Finding(name=name, ok=not each.fault, text=text, hint=each.hint)


def _extras(_: Project) -> Iterator[Finding]:
    for module, purpose in _EXTRAS.items():
        present = _is_installed(module)
        yield Finding(name=module, ok=True if present else None, text=purpose if not present else "installed")


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
