"""
What the address of a source means: a folder, a repository of git, a catalog behind http, or what a plug-in knows.

Addresses of git are written as pip writes them: `git+URL@REFERENCE#subdirectory=FOLDER`. Source: pip, VCS support.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from mlrun_nb.errors import ConfigError

_GIT = "git+"
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://")
_GIT_SCHEMES = frozenset({"git", "ssh", "git+ssh", "git+http", "git+https", "git+file", "git+git"})
_SCP = re.compile(r"[\w.-]+@[\w.-]+:(?!//).+")
"""`git@host:team/hub.git`, as git writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitPlace:
    """A repository at `url`; an empty `reference` is its default branch, an empty `folder` all of it."""

    url: str
    reference: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPlace:
    """A catalog, or the folder that has it, behind http or https."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlace:
    """A folder of this machine."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlace:
    """An address whose `scheme` only a plug-in may know."""

    scheme: str
    url: str


Place = GitPlace | WebPlace | FolderPlace | OtherPlace


def parse_place(text: str) -> Place:
    """Return what the address *text* means; raises ConfigError for one of git that cannot be."""
    match = _SCHEME.match(text)
    scheme = match["scheme"].lower() if match else ""
    if text.startswith(_GIT) or scheme in _GIT_SCHEMES or _SCP.fullmatch(text) or (match and _is_repository(text)):
        return _git_place(text)
    if scheme in {"http", "https"}:
        return WebPlace(url=text)
    if scheme in {"", "file"}:
        return FolderPlace(path=text.removeprefix("file://"))
    return OtherPlace(scheme=scheme, url=text)


def _is_repository(text: str) -> bool:
    path = urlsplit(text).path.rstrip("/")
    return path.endswith(".git") or ".git@" in path


def _git_place(text: str) -> GitPlace:
    plain, _, fragment = text.removeprefix(_GIT).partition("#")
    folder = parse_qs(fragment).get("subdirectory", [""])[0]
    host, separator, path = _parted(plain)
    path, at, reference = path.partition("@")
    if not path.strip("/") or host.startswith("-") or reference.startswith("-") or (at and not reference):
        raise ConfigError(
            f"`{text}` names no repository of git",
            hint="Write `git+https://HOST/REPOSITORY.git@BRANCH#subdirectory=FOLDER`; the last two may be left out.",
        )
    return GitPlace(url=f"{host}{separator}{path}", reference=reference, folder=folder)


def _parted(plain: str) -> tuple[str, str, str]:
    """Return where the repository's server ends: an `@` before that is a user's, one behind it a reference's."""
    scheme, separator, rest = plain.partition("://")
    if not separator:
        return plain.partition(":")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host}", slash, path
