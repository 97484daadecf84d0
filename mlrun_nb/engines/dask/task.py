"""
The task of a run, and a question to workers. It travels as text and is executed by the worker's own Python.

A worker need not have our package, and what was never pickled suits every version. Standard library only.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

NEEDS = ("papermill", "ipykernel")


def look(path: str) -> dict[str, object]:
    """Return what this worker has, and which file it sees at *path*."""
    try:
        about = os.stat(path)  # noqa: PTH116  # each worker is asked, and need not load pathlib
        seen = [about.st_ino, about.st_size, about.st_mtime_ns]
    except OSError:
        seen = None
    return {
        "python": list(sys.version_info[:3]),
        "lacks": _lacking(),
        "release": _release("mlrun-nb"),
        "distributed": _release("distributed"),
        "pid": os.getpid(),
        "sees": seen,
    }


def reach(url: str) -> str:
    """Return why this worker does not reach the object store behind *url*, empty where it does."""
    try:
        import fsspec

        files, path = fsspec.url_to_fs(url, use_listings_cache=False)
        files.find(path, maxdepth=1)
    except FileNotFoundError:
        return ""  # nothing is there yet
    except Exception as err:  # noqa: BLE001  # whatever it is, it is the answer
        return f"{type(err).__name__}: {err}"
    return ""


def carry(run: str, folder: str, release: str, package: str) -> str:
    """
    Execute *run*, whose run directory is *folder*, and return once it has ended or has another place.

    It needs *release* of our package; the folder *package*, if given, has it. What hinders it is told to the scheduler.
    """
    from distributed import get_worker

    worker = get_worker()
    try:
        return _carry(worker.address, folder, release, package)
    except Exception as err:
        worker.log_event(f"mlrun-nb-{run}", f"worker {worker.address}: {type(err).__name__}: {err}")
        raise


def carry_away(run: str, url: str, turn: int, attempts: int) -> str:
    """
    Execute *run*, whose files lie behind *url*, in a folder of this worker, and return what became of it.

    It is the *turn*th worker that has it; the ones before made *attempts*. What hinders it is told to the scheduler.
    """
    from distributed import get_worker

    worker = get_worker()
    try:
        return _carry_away(worker.address, worker.local_directory, run, [url, str(turn), str(attempts)])
    except Exception as err:
        worker.log_event(f"mlrun-nb-{run}", f"worker {worker.address}: {type(err).__name__}: {err}")
        raise


def batch(sweep: str, batch: str, children: list[dict[str, object]]) -> int:
    """Execute *children* of the sweep in the folder *sweep*; what hinders it is told to the scheduler."""
    from distributed import get_worker

    try:
        from mlrun_nb.engines.dask.batch import execute_batch

        return int(execute_batch(sweep, batch, children))  # type: ignore[arg-type]  # of the form that `pool` gave them
    except Exception as err:
        worker = get_worker()
        worker.log_event(f"mlrun-nb-{batch}", f"worker {worker.address}: {type(err).__name__}: {err}")
        raise


def _carry(address: str, folder: str, release: str, package: str) -> str:
    if not os.path.exists(os.path.join(folder, "request.json")):  # noqa: PTH110, PTH118  # as above
        raise RuntimeError(f"it does not see `{folder}`")
    found, lacks = look(folder), _lacking()
    if lacks:
        raise RuntimeError(f"it lacks {' and '.join(lacks)}")
    if found["release"] == release:
        from mlrun_nb.engines.dask.carrying import carry

        return str(carry(folder, worker=address))
    if not package:
        raise RuntimeError(f"it has release {found['release'] or 'none'} of mlrun-nb, not {release}")
    return _by_package(package, "carrying", [folder, address])


def _carry_away(address: str, own: str, run: str, words: list[str]) -> str:
    """Carry *run* in a folder below *own*, that of the worker at *address*."""
    import fsspec

    if lacks := _lacking():
        raise RuntimeError(f"it lacks {' and '.join(lacks)}")
    files, path = fsspec.url_to_fs(words[0], use_listings_cache=False)
    folder = tempfile.mkdtemp(prefix=f"{run}-", dir=own)
    try:
        _extract(files.cat_file(f"{path}/run.tar.gz"), folder)
        package = _unpacked(os.path.join(folder, "package.tar.gz"), own)  # noqa: PTH118  # as below
        run_directory = os.path.join(folder, "run")  # noqa: PTH118  # as above
        return _by_package(package, "carrying_away", [run_directory, address, *words])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unpacked(archive: str, own: str) -> str:
    """Return the folder with the package of *archive*, which all runs of this worker share that brought the same."""
    with open(archive, "rb") as file:  # noqa: PTH123  # as above
        data = file.read()
    folder = os.path.join(own, f"mlrun-nb-{hashlib.sha256(data).hexdigest()[:16]}")  # noqa: PTH118  # as above
    if not os.path.isdir(folder):  # noqa: PTH112  # as above
        near = tempfile.mkdtemp(dir=own)
        _extract(data, near)
        try:
            os.rename(near, folder)  # noqa: PTH104  # as above
        except OSError:  # another run was quicker
            shutil.rmtree(near)
    return folder


def _extract(data: bytes, folder: str) -> None:
    """As `_lib.archive` does, which is not here yet."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:
            archive.extractall(folder)  # noqa: S202  # we have packed it


def _by_package(package: str, module: str, words: list[str]) -> str:
    """Return what the *module* of ours says that lies in the folder *package*; this process goes with it."""
    program = f"import sys; sys.path.insert(0, {package!r}); from mlrun_nb.engines.dask.{module} import main; main()"
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, *words, str(os.getpid())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    return done.stdout.decode()


def _lacking() -> list[str]:
    return [name for name in NEEDS if importlib.util.find_spec(name) is None]


def _release(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
