"""
Which packagers there are and who is asked first: plug-ins, then the table below from its top.

A plug-in that cannot be loaded is reported and skipped. A new packager of ours is one line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint

from mlrun_nb._lib import entry_points
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """A packager of another distribution; None, with the reason in `fault`, where it does not load."""

    point: EntryPoint
    packager: Packager | None
    fault: str = ""


@cache
def plug_ins() -> Sequence[PlugIn]:
    """Return what other distributions registered, by name."""
    return tuple(map(_plug_in, entry_points.found(GROUP).values()))


@cache
def packagers() -> tuple[Sequence[Packager], Sequence[str]]:
    """Return all packagers in the order in which they are asked, and a sentence for each plug-in that was skipped."""
    others = [each.packager for each in plug_ins() if each.packager is not None]
    skipped = [f"packager `{each.point.name}` was skipped: it {each.fault}" for each in plug_ins() if each.fault]
    return (*others, *map(_built_in, BUILT_IN)), tuple(skipped)


def find(kind: str) -> Packager:
    """Return the packager of *kind*; raises ArtifactError, naming those there are."""
    known, _ = packagers()
    for packager in known:
        if packager.name == kind:
            return packager
    broken = next((each for each in plug_ins() if each.fault and each.point.name == kind), None)
    if broken is not None:
        raise ArtifactError(f"the packager `{kind}` {broken.fault}", hint=entry_points.remedy(broken.point))
    raise ArtifactError(
        f"there is no packager `{kind}` here",
        hint=f"Install the plug-in that wrote it. Known: {', '.join(sorted(each.name for each in known))}.",
    )


def _plug_in(point: EntryPoint) -> PlugIn:
    try:
        return PlugIn(point=point, packager=entry_points.make(point))
    except entry_points.Broken as err:
        return PlugIn(point=point, packager=None, fault=f"does not load, {err}")


def _built_in(name: str) -> Packager:
    module, _, cls = name.partition(":")
    packager: Packager = getattr(import_module(f"mlrun_nb.artifacts.packagers.{module}"), cls)()
    return packager
