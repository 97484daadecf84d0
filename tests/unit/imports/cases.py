"""Functions of MLRun for the tests: folders of `tests/data/mlrun`, and documents made of a few fields."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import yaml

from mlrun_nb.errors import HubError
from mlrun_nb.imports.importing import Imported
from mlrun_nb.services.import_places import Place, find_place
from mlrun_nb.services.imports import import_from

DATA = Path(__file__).parents[2] / "data" / "mlrun"
CASES = sorted(path.name for path in DATA.iterdir())


def imported(case: str) -> Imported:
    """Return what is made of the folder *case*."""
    with find_place(str(DATA / case)) as place:
        return import_from(place)


def document(code: str = "def f(x: int = 1):\n    return x\n", **spec: Any) -> bytes:
    """Return a `function.yaml` with *code* and the fields of *spec*."""
    build = {"functionSourceCode": base64.b64encode(code.encode()).decode()}
    plain = {"kind": spec.pop("kind", "job"), "metadata": {"name": "made"}, "spec": {"build": build, **spec}}
    return yaml.safe_dump(plain).encode()


def import_text(data: bytes, *, handler: str = "", files: dict[str, bytes] | None = None) -> Imported:
    """Return what is made of the text *data*, beside which *files* lie."""
    return import_from(
        Place(name="function.yaml", data=data, read=lambda name: _file(files or {}, name)), handler=handler
    )


def _file(files: dict[str, bytes], name: str) -> bytes:
    if name not in files:
        raise HubError(f"there is no `{name}`", hint="Put it there.")
    return files[name]


def cell(code: str, handler: str = "f", **spec: Any) -> str:
    """Return the cell that runs the function *handler* of *code*."""
    return import_text(document(code, **spec), handler=handler).cells[-1].source
