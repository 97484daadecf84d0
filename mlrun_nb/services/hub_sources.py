"""The hub sources that a project, or a person, knows: listed, added and removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.yaml_file import read_yaml
from mlrun_nb.config import Config
from mlrun_nb.errors import MlrunNbError, OptionError
from mlrun_nb.hubs.folder import BUNDLED
from mlrun_nb.hubs.places import FolderPlace, parse_place
from mlrun_nb.plugins import hub_folder, hub_sources, make_hub
from mlrun_nb.project import Project
from mlrun_nb.services import hub
from mlrun_nb.services.hub_settings import edit_file, project_file

SHIPPED = "ships with mlrun-nb"
_SECTION = "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source at its `place`, with the number of its items, or why it cannot be asked."""

    name: str
    place: str
    items: int = 0
    error: str = ""
    hint: str = ""


def sources(project: Project) -> Iterator[Source]:
    """Yield all sources in the order in which they are asked."""
    for each in hub_sources(project.config):
        place = project.config.hub_sources.get(each.name, SHIPPED)
        try:
            yield Source(name=each.name, place=place, items=len(each.search("")))
        except MlrunNbError as err:
            yield Source(name=each.name, place=place, error=err.message, hint=err.hint)


def refresh(project: Project) -> Iterator[Source]:
    """Look at all sources anew, those of which nothing is locked too, and yield how they are."""
    for each in hub_sources(project.config):
        place = project.config.hub_sources.get(each.name, SHIPPED)
        try:
            each.refresh()
            yield Source(name=each.name, place=place, items=len(each.search("")))
        except MlrunNbError as err:
            yield Source(name=each.name, place=place, error=err.message, hint=err.hint)


def add(project: Project, name: str, place: str, *, for_user: bool) -> Source:
    """
    Ask the source at *place*, a folder or an address, and write it down as *name*: in project.yaml, or for the user.

    Raises OptionError for a name that is taken, ConfigError for an address that nobody knows, HubError for a source
    that gives no answer; then nothing is written.
    """
    if not name.replace("-", "").replace("_", "").isalnum() or not name[0].isalpha():
        raise OptionError(f"`{name}` cannot name a hub source", hint="Use letters, digits, `-` and `_`.")
    if name == BUNDLED or name in project.config.hub_sources:
        raise OptionError(
            f"there is a hub source `{name}`",
            hint=f"Choose another name, or `mlrun-nb hub source remove {name}` first.",
        )
    file = _file(project.config, for_user=for_user)
    found = parse_place(place)
    written = place
    if isinstance(found, FolderPlace):
        folder = Path(found.path).expanduser().absolute()
        place = str(folder)
        written = str(folder.relative_to(file.parent)) if folder.is_relative_to(file.parent) else place
    source = make_hub(name, place, hub_folder(project.config, name, place))
    count = len(source.search(""))
    with edit_file(file, project.config.home) as edit:
        edit.set(_SECTION, name, written)
    return Source(name=name, place=place, items=count)


def remove(project: Project, name: str) -> str:
    """Forget the source *name*, and all that was kept of it; returns its address. Raises NotFoundError, OptionError."""
    place = project.config.hub_sources.get(name)
    if place is None:
        hub.source_called(project, name)  # says which there are
        raise OptionError(f"hub source `{name}` ships with mlrun-nb", hint="It is asked last; yours come before it.")
    users = [lock.name for lock in hub.locks(project).values() if lock.source == name]
    if users:
        raise OptionError(
            f"project.yaml has locked `{users[0]}` of hub source `{name}`",
            hint=f"Take it out first: `mlrun-nb hub uninstall {' '.join(users)}`.",
        )
    file = _named_in(project.config, name)
    with edit_file(file, project.config.home) as edit:
        edit.remove(_SECTION, name)
    shutil.rmtree(hub_folder(project.config, name), ignore_errors=True)
    return place


def _file(config: Config, *, for_user: bool) -> Path:
    if not for_user:
        return project_file(config)
    if config.user_file is None:
        raise OptionError("there is no home folder for a configuration of yours", hint="Set HOME.")
    return config.user_file


def _named_in(config: Config, name: str) -> Path:
    """Return the file that names the source *name*: the project's, whose word counts first, or the user's."""
    file = project_file(config) if config.root else None
    found = read_yaml(file) if file else None
    is_here = isinstance(found, dict) and name in (found.get(_SECTION) or {})
    return file if file and is_here else _file(config, for_user=True)
