"""The verbs of `mlrun-nb hub` that change something: sources, what is locked, what is published, and what is served."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.commands.hub import hub_target, item_json
from mlrun_nb.errors import OptionError
from mlrun_nb.hubs.writing import write_site
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.hub import Bundle, Lock
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import Publication
from mlrun_nb.services import contents, hub, hub_lock, hub_publish, hub_sources, hub_trial
from mlrun_nb.services.hub_lock import Installed, Update
from mlrun_nb.services.hub_publish import Draft
from mlrun_nb.services.hub_sources import Source
from mlrun_nb.services.register import Prepared, prepare
from mlrun_nb.services.targets import HubTarget, NotebookTarget, parse_target


def install(project: Project, names: Sequence[str]) -> Iterator[Installed]:
    """Yield each of *names* when it is here and locked; without names, all that is locked when it is here."""
    if not names:
        yield from hub_lock.install_locked(project)
    for target in [hub_target(name) for name in names]:
        yield hub_lock.install(project, target)


def uninstall(project: Project, names: Sequence[str]) -> Sequence[Lock]:
    """Take the locks of *names* out of project.yaml."""
    return hub_lock.uninstall(project, [hub_target(name).name for name in names])


def updates(project: Project, names: Sequence[str]) -> Sequence[Update]:
    """Return what newer versions of *names*, or of all that is locked, would change."""
    return list(hub_lock.updates(project, [hub_target(name).name for name in names]))


def apply(project: Project, found: Sequence[Update]) -> Sequence[Installed]:
    """Lock the newer versions that were *found*."""
    return [
        hub_lock.install(project, hub_target(f"{each.lock.source}/{each.item.name}@{each.item.version}"))
        for each in found
        if each.item is not None
    ]


def verify(project: Project, names: Sequence[str]) -> Sequence[Finding]:
    """Return whether what is locked is here and at its source as it was locked."""
    return list(hub_lock.verify(project, [hub_target(name).name for name in names]))


def sources(project: Project) -> Sequence[Source]:
    """Return all sources."""
    return list(hub_sources.sources(project))


def refresh(project: Project) -> Sequence[Source]:
    """Look at all sources anew."""
    return list(hub_sources.refresh(project))


def add_source(project: Project, name: str, place: str, *, for_user: bool) -> Source:
    """Ask the source at *place* and write it down as *name*."""
    return hub_sources.add(project, name, place, for_user=for_user)


def remove_source(project: Project, name: str) -> str:
    """Forget the source *name*."""
    return hub_sources.remove(project, name)


def draft(project: Project, name: str, asked: Draft) -> tuple[Prepared, Draft]:
    """
    Return the function called *name*, and *asked* with all that the function and the source say.

    It is one of a notebook, as it stands there, or a recorded version. Raises OptionError for one of a hub, and what
    finding it raises.
    """
    hub_publish.check_taken(project, asked.source)
    target = parse_target(name)
    if isinstance(target, HubTarget):
        raise OptionError(
            f"`{name}` is of a hub already", hint="Make it a notebook of yours: `mlrun-nb hub show NAME --code`."
        )
    if isinstance(target, NotebookTarget):
        prepared = prepare(project, target)
    else:
        place = target.project or project.config.project
        version = project.store.get_version(place, target.function, target.reference)
        prepared = Prepared(version=version, files=dict(contents.read(project, version.spec.files)))
    return prepared, hub_publish.completed(project, prepared, asked)


def missing(prepared: Prepared, asked: Draft) -> Sequence[str]:
    """Return what somebody has to say before it can be published."""
    return hub_publish.missing(asked, prepared.version)


def bundle_of(prepared: Prepared, asked: Draft) -> Bundle:
    """Return the item that is to be published; raises HubError and OptionError for what it cannot be."""
    return hub_publish.bundle_of(prepared, asked)


def try_out(bundle: Bundle) -> None:
    """Run its example; raises HubError for one that fails."""
    hub_trial.try_out(bundle)


def publish(project: Project, bundle: Bundle, source: str, *, push: bool) -> Publication:
    """Give the item to *source*."""
    return hub_publish.publish(project, bundle, source, push=push)


def write_catalog(project: Project, source: str, folder: Path) -> int:
    """Write all that *source* has to *folder* as static files with a catalog; returns how many versions."""
    return write_site(hub.source_called(project, source), folder)


def installed_json(found: Sequence[Installed]) -> Json:
    """Return the public form of what is locked now."""
    return [{**_lock_json(each.lock), "missing": list(each.missing)} for each in found]


def updates_json(found: Sequence[Update]) -> Json:
    """Return the public form of what newer versions would change."""
    return [
        {
            **_lock_json(each.lock),
            "newest": each.item.version if each.item else each.lock.version,
            "files": {file.path: list(file.lines) for file in each.files},
            "error": each.error,
            "hint": each.hint,
        }
        for each in found
    ]


def sources_json(found: Sequence[Source]) -> Json:
    """Return the public form of sources."""
    return [
        {"name": each.name, "place": each.place, "items": each.items, "error": each.error, "hint": each.hint}
        for each in found
    ]


def published_json(bundle: Bundle, source: str, done: Publication) -> Json:
    """Return the public form of what was published."""
    return {"source": source, **item_json(bundle.item), "place": done.place, "next": done.next}


def _lock_json(lock: Lock) -> dict[str, Json]:
    plain = {"name": lock.name, "source": lock.source, "version": lock.version, "digest": lock.digest}
    return {**plain, "revision": lock.revision}
