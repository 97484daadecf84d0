"""
What travels with a Job: our package, the run directory as it was written, and inputs that lie on this machine.

Any image with Python, papermill and ipykernel will do, and what was submitted is what runs, whatever release the image
has. All of it lies in one ConfigMap, beside `bootstrap`; what is too large for that goes through the object store,
where there is one. Pure but for reading files; nothing is sent here.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from mlrun_nb._lib.package import PACKAGE
from mlrun_nb._lib.records import to_json
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.artifact import DATA_URI, InputReference
from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner import layout


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
POD_RUN = "/mlrun/run"
"""The run directory in the pod."""
CAPACITY_BYTES = 1_000_000
"""What fits into a ConfigMap, of 1 MiB all told. Source: `kubectl explain configmap.binaryData`, measured."""

_ALWAYS = ("_lib", "artifacts", "kernels", "model", "notebook", "runner")
_WITH_MAGICS = (*_ALWAYS, "api", "commands", "engines", "hubs", "kube", "magics", "services", "stores")
_TRAVELS = (layout.INPUT, layout.SOURCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a Job's ConfigMap holds, file name → content, and what has to be `stored`, where that is not None."""

    files: Mapping[str, bytes]
    stored: bytes | None = None


def deliver(request: RunRequest, way: Way) -> Delivery:
    """
    Return what has to travel so that *request* can be executed in a pod.

    Raises EngineRejected, naming what is too large and where to put it, for more than a ConfigMap holds where there is
    no store.
    """
    folder = Path(request.run_directory)
    files = {
        "bootstrap.py": Path(__file__).with_name("bootstrap.py").read_bytes(),
        "package.tar.gz": package(needs_magics=b"mlrun" in (folder / layout.INPUT).read_bytes()),
    }
    if way.shared:
        return Delivery(files=files)
    content = _content(request, folder)
    run = _archive(sorted(content.items()))
    size = len(run) + sum(map(len, files.values()))
    if size <= CAPACITY_BYTES:
        return Delivery(files={**files, ARCHIVE: run})
    if way.url:
        return Delivery(files=files, stored=run)
    raise _too_large(request, size, content)


def _content(request: RunRequest, folder: Path) -> dict[str, bytes]:
    """Return the files of the run directory as the pod is to see it."""
    inputs, local = _inputs(request.inputs)
    seen = replace(
        request,
        run_directory=POD_RUN,
        artifacts=f"{POD_RUN}/artifacts" if local_path(request.artifacts) else request.artifacts,
        working_directory="",
        inputs=inputs,
        python="",
    )
    plain = json.dumps(to_json(seen), ensure_ascii=False).encode()
    return {layout.REQUEST: plain, **dict(_files(folder, _TRAVELS)), **local}


@cache
def package(*, needs_magics: bool) -> bytes:
    """Return our package as an archive, the same bytes for the same release; with magics for notebooks that name us."""
    folders = _WITH_MAGICS if needs_magics else _ALWAYS
    modules = [*PACKAGE.glob("*.py"), *(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))]
    release = version("mlrun-nb")
    about = f"Metadata-Version: 2.1\nName: mlrun-nb\nVersion: {release}\n"
    files = [(path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()) for path in sorted(modules)]
    return _archive([*files, (f"mlrun_nb-{release}.dist-info/METADATA", about.encode())])


def _inputs(references: Mapping[str, InputReference]) -> tuple[dict[str, InputReference], dict[str, bytes]]:
    """Return the inputs as the pod finds them, and the files of those that lie on this machine."""
    inputs, files = dict(references), dict[str, bytes]()
    for name, reference in references.items():
        path = None if reference.uri.startswith(DATA_URI) else local_path(reference.uri)
        if path is None:
            continue
        if not path.is_file():
            raise EngineRejected(
                f"input `{name}` is a folder or not there: `{path}`",
                hint="Put it where pods can read it, and give its URL: `--input NAME=s3://bucket/folder`.",
            )
        place = f"inputs/{name}/{path.name}"
        files[place] = path.read_bytes()
        inputs[name] = replace(reference, uri=f"{POD_RUN}/{place}")
    return inputs, files


def _files(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        path = folder / name
        for each in [path] if path.is_file() else sorted(path.rglob("*")):
            if each.is_file():
                yield each.relative_to(folder).as_posix(), each.read_bytes()


def _archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), 6, mtime=0)


def _too_large(request: RunRequest, size: int, content: Mapping[str, bytes]) -> EngineRejected:
    name = max(content, key=lambda name: len(content[name]))
    what = f"the input `{name.split('/')[1]}`" if name.startswith("inputs/") else f"`{name}`"
    return EngineRejected(
        f"run of `{request.version.function}` takes {size / 1e6:.1f} MB to a pod, and a ConfigMap holds 1 MB; "
        f"the largest part is {what}",
        hint="Set `artifacts: s3://bucket/folder` in project.yaml, so that inputs go through an object store, or put "
        "the files into the image.",
    )
