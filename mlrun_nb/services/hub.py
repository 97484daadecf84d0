"""
Find functions in hub sources, and have the files of one version here, as they were published.

What a project has locked is what `hub://NAME` means there, and nothing else is asked for it once it is here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mlrun_nb._lib.nearness import some
from mlrun_nb.errors import ConfigError, HubError, NotFoundError
from mlrun_nb.hubs.folder import BUNDLED
from mlrun_nb.model.hub import VERSION, Bundle, HubItem, Lock
from mlrun_nb.plugins import hub_folder, hub_sources
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.services.hub_copies import Copies
from mlrun_nb.services.targets import HubTarget, NotebookTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item and the source that has it, or what is to be known of a source: `error`, with a `hint`."""

    source: str
    item: HubItem | None = None
    error: str = ""
    hint: str = ""


def search(project: Project, text: str) -> Iterator[Found]:
    """Yield what all sources have for the words of *text*, the first source's first, and which could not be asked."""
    for source in hub_sources(project.config):
        yield from search_one(source, text)


def search_one(source: HubSource, text: str) -> Iterator[Found]:
    """Yield what *source* has for the words of *text*, and what it could not give."""
    try:
        items = source.search(text)
    except HubError as err:
        yield Found(source=source.name, error=err.message, hint=err.hint)
        return
    yield from (Found(source=source.name, item=item) for item in items)
    yield from (Found(source=source.name, error=each.message, hint=each.hint) for each in source.notices)


def is_verified(project: Project, source: str, item: HubItem) -> bool:
    """Tell whether each file of *item* was compared with its digest: it ships with the product, or was fetched."""
    return source == BUNDLED or copies(project, source).find(item.name, item.version, item.digest) is not None


def locks(project: Project) -> Mapping[str, Lock]:
    """Return what the project uses of hubs, by name; raises ConfigError for an entry that says too little."""
    return {name: _lock(name, entry) for name, entry in project.config.hub_locks.items()}


def lock_called(project: Project, name: str) -> Lock | None:
    """Return what the project uses under *name*, None for nothing; raises ConfigError as `locks` does."""
    entry = project.config.hub_locks.get(name)
    return None if entry is None else _lock(name, entry)


def copies(project: Project, source: str) -> Copies:
    """Return what is here of the source called *source*."""
    return Copies(source, hub_folder(project.config, source), is_fixed=source in project.config.hub_sources)


def versions(project: Project, target: HubTarget) -> tuple[str, Sequence[HubItem]]:
    """Return the source that *target* names, or that is the first to have it, and all versions, newest first."""
    source = _source_of(project, locked(project, target))
    found = source.versions(target.name)
    copies(project, source.name).check(found)
    return source.name, found


def fetch(project: Project, target: HubTarget) -> tuple[str, Bundle]:
    """
    Return the source and the files that *target* names, as they are locked where they are.

    Raises NotFoundError, and HubError for what is not what it says, or was once.
    """
    target = locked(project, target)
    lock = _lock_of(project, target)
    if lock is None:
        return fetch_unlocked(project, target)
    source = source_called(project, lock.source)
    try:
        bundle = source.fetch(lock.name, lock.version, revision=lock.revision)
    except NotFoundError as err:
        raise NotFoundError(err.message, hint=f"{err.hint} {_again(lock)} locks the newest.") from err
    check_locked(lock, bundle.item)
    return lock.source, bundle


def check_locked(lock: Lock, item: HubItem) -> None:
    """Raise HubError where *item*, which its source has now, has another content than *lock*."""
    if item.digest != lock.digest:
        raise HubError(
            f"`{lock.name}@{lock.version}` of hub source `{lock.source}` is not what project.yaml has locked: "
            f"{item.digest[:19]} instead of {lock.digest[:19]}",
            hint="Nothing was installed. Ask whoever looks after the source. Where it is right, "
            f"{_again(lock)} locks what it has now.",
        )


def fetch_unlocked(project: Project, target: HubTarget) -> tuple[str, Bundle]:
    """Return the same, whatever is locked."""
    source = _source_of(project, target)
    copies(project, source.name).check(source.versions(target.name))
    return source.name, source.fetch(target.name, target.version)


def fetched(project: Project, target: HubTarget) -> tuple[NotebookTarget, HubItem, str]:
    """
    Return the notebook of what *target* names, whose files are here from now on, the item, and its whole address.

    Raises NotFoundError and HubError.
    """
    source, bundle = kept(project, target)
    copy = copies(project, source).keep(bundle)
    item = bundle.item
    exact = replace(target, source=source, name=item.name, version=item.version)
    return NotebookTarget(path=copy.folder / item.notebook, function=item.function), item, exact.address


def kept(project: Project, target: HubTarget) -> tuple[str, Bundle]:
    """Return the same as `fetch`, from what is here already where *target*, or a lock, names it exactly."""
    target = locked(project, target)
    lock = _lock_of(project, target)
    is_exact = target.source in project.config.hub_sources and bool(target.version)
    if lock is not None or is_exact:
        here = copies(project, target.source)
        copy = here.find(target.name, target.version, lock.digest if lock else "")
        if copy is not None and target.source in {source.name for source in hub_sources(project.config)}:
            return target.source, here.read(copy, lock.digest if lock else "")
    return fetch(project, target)


def locked(project: Project, target: HubTarget) -> HubTarget:
    """Return *target* with source and version of the project's lock, if it may mean that."""
    lock = lock_called(project, target.name)
    if lock is None or target.source not in {"", lock.source} or target.version not in {"", lock.version}:
        return target
    return replace(target, source=lock.source, version=lock.version)


def source_called(project: Project, name: str) -> HubSource:
    """Return the source called *name*; raises NotFoundError."""
    sources = hub_sources(project.config)
    found = next((source for source in sources if source.name == name), None)
    if found is None:
        known = some([source.name for source in sources])
        hint = f"Sources are: {known}. Add one: `mlrun-nb hub source add NAME PLACE`."
        raise NotFoundError(f"there is no hub source `{name}`", hint=hint)
    return found


def _lock_of(project: Project, target: HubTarget) -> Lock | None:
    lock = lock_called(project, target.name)
    return lock if lock is not None and (target.source, target.version) == (lock.source, lock.version) else None


def _again(lock: Lock) -> str:
    return f"`mlrun-nb hub install {lock.source}/{lock.name}`"


def _lock(name: str, entry: Mapping[str, object]) -> Lock:
    plain = {key: str(entry.get(key) or "") for key in ("source", "version", "digest", "revision")}
    if not plain["source"] or not VERSION.fullmatch(plain["version"]) or not plain["digest"]:
        raise ConfigError(
            f"`hub-lock.{name}` in project.yaml does not say source, version and digest",
            hint=f"Write it again: `mlrun-nb hub install {name}`.",
        )
    return Lock(name=name, **plain)


def _source_of(project: Project, target: HubTarget) -> HubSource:
    if target.source:
        return source_called(project, target.source)
    sources = hub_sources(project.config)
    for source in sources[:-1]:
        try:
            source.versions(target.name)
        except NotFoundError:
            continue
        except HubError as err:  # what comes later may be something else under the same name: a person has to choose
            other = HubTarget(source=sources[-1].name, name=target.name).address
            raise HubError(err.message, hint=f"{err.hint} Or name another source, as in `{other}`.") from err
        return source
    return sources[-1]
