"""The versions of a function as a history: what each of them changed, and the tags that move over them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice

from mlrun_nb.errors import NotFoundError, OptionError
from mlrun_nb.model.function import Version, VersionInfo
from mlrun_nb.model.query import Page
from mlrun_nb.notebook.diff import diff_versions
from mlrun_nb.project import Project

_TAG = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStep:
    """A version with its tags and its runs; `change` says what it changed of the one before, empty for the first."""

    info: VersionInfo
    version: Version
    change: str


def check_tag(tag: str) -> None:
    """Raise OptionError for a *tag* that could not be addressed."""
    if not _TAG.fullmatch(tag):
        raise OptionError(f"`{tag}` cannot be a tag", hint="Use letters, digits, `_`, `-` and `.`, such as `prod`.")


def steps(project: Project, function: str, *, limit: int, cursor: str | None = None) -> Page[VersionStep]:
    """Return a page of versions, last registered first, each with what it changed; raises NotFoundError."""
    name = project.config.project
    page = project.store.versions(name, function, limit=limit, cursor=cursor)
    after = project.store.versions(name, function, limit=1, cursor=page.cursor).items if page.cursor else ()
    return Page(items=tuple(_steps(project, (*page.items, *after))[: len(page.items)]), cursor=page.cursor)


def step_of(project: Project, function: str, reference: str) -> VersionStep:
    """Return the version that *reference* names with what it changed; raises NotFoundError."""
    version = project.store.get_version(project.config.project, function, reference)
    infos = _from(project, version)
    info = next(infos, None)
    if info is None:
        raise NotFoundError(
            f"version `{reference}` of `{function}` was deleted meanwhile",
            hint=f"List those there are with `mlrun-nb functions {function}`.",
        )
    return _steps(project, (info, *islice(infos, 1)))[0]


def version_before(project: Project, version: Version) -> Version:
    """Return the version that was registered before *version*; raises NotFoundError for the first."""
    before = next(islice(_from(project, version), 1, None), None)
    if before is None:
        raise NotFoundError(
            f"`{version.short}` is the first version of `{version.function}`",
            hint="Name the version to compare it with.",
        )
    return project.store.get_version(before.project, before.function, before.hash)


def all_versions(project: Project, function: str) -> Iterator[VersionInfo]:
    """Yield every version of *function*, last registered first; raises NotFoundError."""
    cursor: str | None = None
    while True:
        page = project.store.versions(project.config.project, function, limit=1000, cursor=cursor)
        yield from page.items
        cursor = page.cursor
        if cursor is None:
            return


def _from(project: Project, version: Version) -> Iterator[VersionInfo]:
    """Yield *version* and those that were registered before it; nothing where it is gone."""
    return dropwhile(lambda info: info.hash != version.hash, all_versions(project, version.function))


def move_tag(project: Project, function: str, tag: str, reference: str) -> VersionStep:
    """
    Have *tag* name the version of *function* that *reference* names, and return it as it stands then.

    Raises OptionError for a tag that could not be addressed, NotFoundError for a version that the function has not.
    """
    check_tag(tag)
    version = project.store.get_version(project.config.project, function, reference)
    project.store.save_version(version, tags=(tag,))
    return step_of(project, function, version.hash)


def _steps(project: Project, infos: Sequence[VersionInfo]) -> list[VersionStep]:
    versions = [project.store.get_version(info.project, info.function, info.hash) for info in infos]
    found = [
        VersionStep(info=info, version=version, change=diff_versions(before, version).summary)
        for info, version, before in zip(infos[:-1], versions[:-1], versions[1:], strict=True)
    ]
    return [*found, *(VersionStep(info=infos[-1], version=versions[-1], change="") for _ in infos[-1:])]
