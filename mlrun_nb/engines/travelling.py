"""
What travels with a run to where nothing of it is: our package, the run directory, inputs that lie on this machine.

Archives have the same bytes each time.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
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

_ALWAYS = ("_lib", "artifacts", "from_mlrun", "kernels", "model", "notebook", "runner")
_TRAVELS = (layout.INPUT, layout.SOURCE)
_ALL = (*_ALWAYS, "api", "commands", "engines", "hubs", "kube", "magics", "services", "stores")


@cache
def package(*, needs_all: bool) -> bytes:
    """Return our package as an archive, the same bytes for the same release; *needs_all* of it, or what runs cells."""
    folders = _ALL if needs_all else _ALWAYS
    modules = [*PACKAGE.glob("*.py"), *(path for folder in folders for path in (PACKAGE / folder).rglob("*.py"))]
    release = version("mlrun-nb")
    about = f"Metadata-Version: 2.1\nName: mlrun-nb\nVersion: {release}\n"
    files = [(path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()) for path in sorted(modules)]
    return archive([*files, (f"mlrun_nb-{release}.dist-info/METADATA", about.encode())])


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return *files*, name and content, as a compressed archive."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), 6, mtime=0)


def content(request: RunRequest, folder: Path, there: str) -> dict[str, bytes]:
    """
    Return the files of the run directory *folder* as they are to lie *there*, with inputs that lie on this machine.

    Raises EngineRejected for an input that cannot travel.
    """
    inputs, local = _inputs(request.inputs, there)
    seen = replace(
        request,
        run_directory=there,
        artifacts=f"{there}/artifacts" if local_path(request.artifacts) else request.artifacts,
        working_directory="",
        inputs=inputs,
        python="",
    )
    plain = json.dumps(to_json(seen), ensure_ascii=False).encode()
    return {layout.REQUEST: plain, **dict(_files(folder, _TRAVELS)), **local}


def _inputs(references: Mapping[str, InputReference], there: str) -> tuple[dict[str, InputReference], dict[str, bytes]]:
    """Return the inputs as they are found there, and the files of those that lie on this machine."""
    inputs, files = dict(references), dict[str, bytes]()
    for name, reference in references.items():
        path = None if reference.uri.startswith(DATA_URI) else local_path(reference.uri)
        if path is None:
            continue
        if not path.is_file():
            raise EngineRejected(
                f"input `{name}` is a folder or not there: `{path}`",
                hint="Put it where the run can read it, and give its URL: `--input NAME=s3://bucket/folder`.",
            )
        place = f"inputs/{name}/{path.name}"
        files[place] = path.read_bytes()
        inputs[name] = replace(reference, uri=f"{there}/{place}")
    return inputs, files


def _files(folder: Path, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        path = folder / name
        for each in [path] if path.is_file() else sorted(path.rglob("*")):
            if each.is_file():
                yield each.relative_to(folder).as_posix(), each.read_bytes()
