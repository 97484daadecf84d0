"""The verbs of `mlrun-nb dask`: begin and change the cluster of an engine or profile, and what machines read of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from mlrun_nb._lib.records import Json
from mlrun_nb.model.option_values import check_values
from mlrun_nb.project import Project
from mlrun_nb.services import clusters
from mlrun_nb.services.clusters import Standing

HERE = "this command"
"""Where an option was given, for what is said of a bad one."""


def begin(project: Project, on: str, options: Mapping[str, str | None], *, where: str = HERE) -> Standing:
    """Begin the cluster of *on*, as *options* that are not None say; raises UsageError and EngineError."""
    given = {name: value for name, value in options.items() if value is not None}
    cluster = clusters.begin(project, on, check_values(given, where=where))
    return Standing(on=on, cluster=cluster)


def scale(project: Project, on: str, workers: str, *, name: str = "", force: bool, where: str = HERE) -> Standing:
    """
    Give the cluster of *on*, or the one called *name* where that is, so many *workers*, `N` or `MIN..MAX`.

    Raises UsageError and EngineError.
    """
    checked = check_values({"dask-workers": workers}, where=where)["dask-workers"]
    least, _, most = str(checked).partition("..")
    return Standing(
        on=on, cluster=clusters.scale(project, on, name=name, least=int(least), most=int(most), force=force)
    )


def standings_json(standings: Sequence[Standing]) -> Json:
    """Return the public form of *standings*."""
    there: list[Json] = [{"on": each.on, **asdict(each.cluster)} for each in standings if each.cluster is not None]
    unknown: list[Json] = [{"on": each.on, "error": each.error, "hint": each.hint} for each in standings if each.error]
    return {"clusters": there, "unknown": unknown}
