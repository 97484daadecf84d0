"""What a project uses of hubs: locked in project.yaml, brought here, taken out, and moved to newer versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from mlrun_nb.engines.overlay import unmet
from mlrun_nb.errors import ConfigError, MlrunNbError, NotFoundError
from mlrun_nb.model.finding import Finding
from mlrun_nb.model.hub import Bundle, HubItem, Lock
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.services import hub
from mlrun_nb.services.hub_settings import edit_project, project_file
from mlrun_nb.services.targets import HubTarget

_SECTION = "hub-lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a project uses now of a hub, what it used before, and which requirements of it are not installed here."""

    lock: Lock
    item: HubItem
    before: Lock | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """A file that differs: `lines` are those of a unified diff; none for one that is not text."""

    path: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What a newer version would change; `item` is None where the newest is locked, or why it is not known: `error`."""

    lock: Lock
    item: HubItem | None = None
    files: tuple[FileDiff, ...] = ()
    error: str = ""
    hint: str = ""


def install(project: Project, target: HubTarget) -> Installed:
    """
    Bring what *target* names here and lock it in project.yaml; the newest version where it names none.

    An entry that says too little is replaced. Raises NotFoundError, HubError, and OptionError where there is no
    project.yaml.
    """
    project_file(project.config)
    before = _before(project, target.name)
    source, bundle = hub.fetch_unlocked(project, target)
    hub.copies(project, source).keep(bundle)
    lock = _lock(source, bundle)
    with edit_project(project.config) as edit:
        edit.set(_SECTION, lock.name, _entry(lock))
    return Installed(lock=lock, item=bundle.item, before=before, missing=missing_of(bundle.item.requirements))


def install_locked(project: Project) -> Iterator[Installed]:
    """Bring all here that project.yaml has locked, and yield each; raises HubError for what is not as it was locked."""
    for name, lock in hub.locks(project).items():
        _, bundle = hub.kept(project, HubTarget(name=name))
        hub.copies(project, lock.source).keep(bundle)
        yield Installed(lock=lock, item=bundle.item, before=lock, missing=missing_of(bundle.item.requirements))


def uninstall(project: Project, names: Sequence[str]) -> Sequence[Lock]:
    """Take the locks of *names* out of project.yaml, all or none; raises NotFoundError."""
    found = [_locked(project, name) for name in dict.fromkeys(names)]
    with edit_project(project.config) as edit:
        for lock in found:
            edit.remove(_SECTION, lock.name)
    return found


def updates(project: Project, names: Sequence[str]) -> Iterator[Update]:
    """Yield what newer versions of *names*, whose sources are asked anew, or of all that is locked, would change."""
    for lock in [_locked(project, name) for name in names] or hub.locks(project).values():
        try:
            source = hub.source_called(project, lock.source)
            if names:
                source.refresh()
            yield _update(project, source, lock)
        except MlrunNbError as err:
            yield Update(lock=lock, error=err.message, hint=err.hint)


def verify(project: Project, names: Sequence[str]) -> Iterator[Finding]:
    """
    Yield whether *names*, or all that is locked, are here as they were locked, and are the same at their source.

    A repository of git is not asked for that: what is looked at is the commit that was fetched.
    """
    for lock in [_locked(project, name) for name in names] or hub.locks(project).values():
        target = HubTarget(name=lock.name, source=lock.source, version=lock.version)
        name = f"{lock.name}@{lock.version}"
        try:
            copy = hub.copies(project, lock.source).find(lock.name, lock.version, lock.digest)
            if copy is not None:
                hub.copies(project, lock.source).read(copy, lock.digest)
            _, bundle = hub.fetch(project, target)
        except MlrunNbError as err:
            yield Finding(name=name, ok=False, text=err.message, hint=err.hint)
            continue
        there = f"in commit {bundle.revision[:7]} as it was fetched" if bundle.revision else "there"
        both = f"here and {there}" if copy is not None else f"{there}; nothing is here yet"
        yield Finding(name=name, ok=True, text=f"{lock.source}, {lock.digest[:19]}, the same {both}")


def missing_of(requirements: Sequence[str]) -> tuple[str, ...]:
    """Return those of *requirements* that are not installed here in a version that fits."""
    return tuple(unmet(requirements))


def file_diffs(old: Bundle, new: Bundle) -> tuple[FileDiff, ...]:
    """Return the files that differ between two bundles, code before the rest."""
    paths = sorted({*old.files, *new.files}, key=lambda path: (path != new.item.notebook, path))
    return tuple(
        FileDiff(path=path, lines=_diff(old, new, path)) for path in paths if old.files.get(path) != new.files.get(path)
    )


def _update(project: Project, source: HubSource, lock: Lock) -> Update:
    newest = source.versions(lock.name)
    hub.copies(project, lock.source).check(newest)
    if newest[0].version == lock.version:
        hub.check_locked(lock, newest[0])
        return Update(lock=lock)
    _, old = hub.kept(project, HubTarget(name=lock.name, source=lock.source, version=lock.version))
    new = source.fetch(lock.name, newest[0].version)
    return Update(lock=lock, item=new.item, files=file_diffs(old, new))


def _locked(project: Project, name: str) -> Lock:
    locks = hub.locks(project)
    if name not in locks:
        known = f"Locked are: {', '.join(sorted(locks))}." if locks else "Nothing is: `mlrun-nb hub install NAME`."
        raise NotFoundError(f"project.yaml has not locked `{name}`", hint=known)
    return locks[name]


def _before(project: Project, name: str) -> Lock | None:
    try:
        return hub.lock_called(project, name)
    except ConfigError:
        return None


def _lock(source: str, bundle: Bundle) -> Lock:
    item = bundle.item
    return Lock(name=item.name, source=source, version=item.version, digest=item.digest, revision=bundle.revision)


def _entry(lock: Lock) -> dict[str, str]:
    plain = {"source": lock.source, "version": lock.version, "digest": lock.digest}
    return plain | ({"revision": lock.revision} if lock.revision else {})


def _diff(old: Bundle, new: Bundle, path: str) -> tuple[str, ...]:
    try:
        before, after = (bundle.files.get(path, b"").decode().splitlines() for bundle in (old, new))
    except UnicodeDecodeError:
        return ()
    names = (f"{path} {old.item.version}", f"{path} {new.item.version}")
    return tuple(unified_diff(before, after, *names, lineterm=""))
