"""
Which packagers there are and who is asked first: plug-ins, then the table below from its top.

A plug-in that cannot be loaded is reported and skipped. A new packager of ours is one line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from mlrun_nb.artifacts.packagers.protocol import Packager
from mlrun_nb.errors import ArtifactError

GROUP = "mlrun_nb.packagers"

BUILT_IN = (
    "frames:Parquet",
    "arrays:Npy",
    "figures:MatplotlibFigure",
    "figures:PlotlyFigure",
    "estimators:Skops",
    "estimators:Joblib",
    "plain:JsonFile",
    "plain:Text",
    "plain:Bytes",
    "plain:File",
    "plain:Folder",
    "pickled:CloudPickle",
)


@cache
def packagers() -> tuple[Sequence[Packager], Sequence[str]]:
    """Return all packagers in the order in which they are asked, and a sentence for each plug-in that was skipped."""
    plugins, broken = [], []
    for point in entry_points(group=GROUP):
        try:
            plugins.append(point.load()())
        except Exception as err:  # noqa: BLE001  # whatever a stranger's module raises
            broken.append(f"packager `{point.name}` ({point.value}) was skipped: {type(err).__name__}: {err}")
    return (*plugins, *map(_built_in, BUILT_IN)), tuple(broken)


def find(kind: str) -> Packager:
    """Return the packager of *kind*; raises ArtifactError, naming those there are."""
    known, _ = packagers()
    for packager in known:
        if packager.name == kind:
            return packager
    raise ArtifactError(
        f"there is no packager `{kind}` here",
        hint=f"Install the plug-in that wrote it. Known: {', '.join(sorted(each.name for each in known))}.",
    )


def _built_in(name: str) -> Packager:
    module, _, cls = name.partition(":")
    packager: Packager = getattr(import_module(f"mlrun_nb.artifacts.packagers.{module}"), cls)()
    return packager
