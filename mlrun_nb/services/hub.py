"""Functions of hubs: search all sources, and have the files of one version here, as they were published."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.nearness import some
from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.model.hub import Bundle, HubItem
from mlrun_nb.plugins import hub_sources
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import HubSource
from mlrun_nb.services.targets import HubTarget, NotebookTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item and the source that has it, or why a source could not be asked."""

    source: str
    item: HubItem | None = None
    error: str = ""
    hint: str = ""


def search(project: Project, text: str) -> Iterator[Found]:
    """Yield what all sources have for the words of *text*, the first source's first, and which could not be asked."""
    for source in hub_sources(project.config):
        try:
            items = source.search(text)
        except HubError as err:
            yield Found(source=source.name, error=err.message, hint=err.hint)
            continue
        yield from (Found(source=source.name, item=item) for item in items)


def versions(project: Project, target: HubTarget) -> tuple[str, Sequence[HubItem]]:
    """Return the source that *target* names, or that is the first to have it, and all versions, newest first."""
    source = _source_of(project, target)
    return source.name, source.versions(target.name)


def fetch(project: Project, target: HubTarget) -> tuple[str, Bundle]:
    """Return the source and the files that *target* names; raises NotFoundError and HubError."""
    source = _source_of(project, target)
    return source.name, source.fetch(target.name, target.version)


def fetched(project: Project, target: HubTarget) -> NotebookTarget:
    """Return the notebook of what *target* names, whose files are here from now on; raises NotFoundError, HubError."""
    source, bundle = fetch(project, target)
    item = bundle.item
    digest = item.digest.rpartition(":")[2]
    folder = project.config.home / "hub" / source / item.name / f"{item.version}-{digest[:12]}"
    if not folder.exists():
        _unpack(bundle, folder)
    return NotebookTarget(path=folder / item.notebook, function=item.function)


def _source_of(project: Project, target: HubTarget) -> HubSource:
    sources = hub_sources(project.config)
    if target.source:
        found = next((source for source in sources if source.name == target.source), None)
        if found is None:
            known = some([source.name for source in sources])
            raise NotFoundError(f"there is no hub source `{target.source}`", hint=f"Sources are: {known}.")
        return found
    for source in sources[:-1]:
        try:
            source.versions(target.name)
        except NotFoundError:
            continue
        return source
    return sources[-1]


def _unpack(bundle: Bundle, folder: Path) -> None:
    """Write the files of *bundle*, which then are in *folder* all at once."""
    near = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    for name, data in bundle.files.items():
        path = near / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        near.rename(folder)
    except OSError:  # somebody else was quicker
        shutil.rmtree(near)
