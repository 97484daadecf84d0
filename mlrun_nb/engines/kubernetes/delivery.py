"""
What travels with a Job: our package, the run directory as it was written, and inputs that lie on this machine.

Any image with Python, papermill and ipykernel will do, and what was submitted is what runs, whatever release the image
has. All of it lies in one ConfigMap, beside `bootstrap`; what is too large for that goes through the object store,
where there is one. Pure but for reading files; nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb.engines.travelling import archive, content, package
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout
from mlrun_nb.runner.points import PodPoint, write_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """
    How files come home from the pod: to the folder behind `url`, in a `shared` volume, or else through the log.

    `fetch` is where the pod finds what was too large to travel with it.
    """

    url: str = ""
    shared: str = ""
    fetch: str = ""


ARCHIVE = "run.tar.gz"
POINTS = "points.json.gz"
POD_RUN = "/mlrun/run"
"""The run directory in the pod."""
CAPACITY_BYTES = 1_000_000
"""What fits into a ConfigMap, of 1 MiB all told. Source: `kubectl explain configmap.binaryData`, measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a Job's ConfigMap holds, file name → content, and what has to be `stored`, where that is not None."""

    files: Mapping[str, bytes]
    stored: bytes | None = None


def deliver(request: RunRequest, way: Way, points: Sequence[PodPoint] = ()) -> Delivery:
    """
    Return what has to travel so that *request*, for each of *points* where there are some, can be executed in pods.

    Raises EngineRejected, naming what is too large and where to put it, for more than a ConfigMap holds where there is
    no store.
    """
    folder = Path(request.run_directory)
    files = {
        "bootstrap.py": Path(__file__).with_name("bootstrap.py").read_bytes(),
        "package.tar.gz": package(needs_all=_needs_all(request, folder)),
    }
    if points:
        files[POINTS] = write_points(points)
    if way.shared:
        return Delivery(files=files)
    files_of_run = content(request, folder, POD_RUN)
    run = archive(sorted(files_of_run.items()))
    size = len(run) + sum(map(len, files.values()))
    if size <= CAPACITY_BYTES:
        return Delivery(files={**files, ARCHIVE: run})
    if way.url:
        return Delivery(files=files, stored=run)
    raise _too_large(request, size, files_of_run)


def _needs_all(request: RunRequest, folder: Path) -> bool:
    """Tell whether more of us is needed than what runs cells: by a notebook that names us, or a Dask cluster."""
    return bool(request.settings.own_workers) or b"mlrun" in (folder / layout.INPUT).read_bytes()


def _too_large(request: RunRequest, size: int, content: Mapping[str, bytes]) -> EngineRejected:
    name = max(content, key=lambda name: len(content[name]))
    what = f"the input `{name.split('/')[1]}`" if name.startswith("inputs/") else f"`{name}`"
    return EngineRejected(
        f"run of `{request.version.function}` takes {size / 1e6:.1f} MB to a pod, and a ConfigMap holds 1 MB; "
        f"the largest part is {what}",
        hint="Set `artifacts: s3://bucket/folder` in project.yaml, so that inputs go through an object store, or put "
        "the files into the image.",
    )
