"""The clusters that runs start by themselves: which there are, and what it takes to begin, change and end one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mlrun_nb.errors import EngineError, MlrunNbError, OptionError
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.model.option_values import OptionValues
from mlrun_nb.model.settings import Settings
from mlrun_nb.plugins import engine_names
from mlrun_nb.project import Project
from mlrun_nb.protocols.engine import Clustered
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.submit import example_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands where runs on the profile or engine *on* go: a `cluster`, or why it is not known, with a hint."""

    on: str
    cluster: Cluster | None = None
    error: str = ""
    hint: str = ""


def standings(project: Project) -> Iterator[Standing]:
    """Yield each cluster of ours that a profile or an engine leads to, once, and what could not be asked."""
    known = set[tuple[str, str]]()
    for on in [*sorted(project.config.profiles), *engine_names()]:
        try:
            engine, settings = _place(project, on, {})
        except MlrunNbError:
            continue  # it has no cluster of ours, or is none of our business here
        try:
            clusters = engine.clusters(settings)
        except EngineError as err:
            yield Standing(on=on, error=err.message, hint=err.hint)
            continue
        for cluster in clusters:
            if (cluster.place, cluster.name) not in known:
                known.add((cluster.place, cluster.name))
                yield Standing(on=on, cluster=cluster)


def is_vacant(project: Project, on: str) -> bool:
    """Tell whether runs on *on* go to no cluster that is there, and one of ours could be begun for them."""
    try:
        engine, settings = _place(project, on, {})
        return settings.dask.dask_address in {None, "local"} and engine.cluster(settings) is None
    except MlrunNbError:
        return False


def begin(project: Project, on: str, options: OptionValues) -> Cluster:
    """Begin the cluster of *on*, or find it; *options* lie over those of a profile. Raises UsageError, EngineError."""
    engine, settings = _place(project, on, options)
    return engine.begin_cluster(settings)


def scale(project: Project, on: str, *, name: str = "", least: int, most: int, force: bool) -> Cluster:
    """
    Give the cluster of *on*, or the one called *name* where that is, another number of workers.

    Raises UsageError and EngineError.
    """
    engine, settings = _place(project, on, {})
    return engine.scale_cluster(settings, name=name, least=least, most=most, force=force)


def end(project: Project, on: str, *, name: str = "", force: bool) -> bool:
    """
    End the cluster of *on*, or the one called *name* where that is, and return whether there was one.

    Raises UsageError and EngineError.
    """
    engine, settings = _place(project, on, {})
    return engine.end_cluster(settings, name=name, force=force)


def _place(project: Project, on: str, options: OptionValues) -> tuple[Clustered, Settings]:
    request = example_request(project, Choice(on=on, options=options))
    engine = project.engine(request.engine)
    if not isinstance(engine, Clustered):
        raise OptionError(
            f"engine `{request.engine}` has no clusters", hint="Give `--on` a profile whose engine is `dask`."
        )
    return engine, request.settings
