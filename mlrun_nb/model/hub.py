"""What a hub has: items, which are functions with a version, and the bundle of files that is one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mlrun_nb._lib.digest import digest_bytes

ITEM = "item.yaml"
"""The file of a bundle that says what it is."""
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""What an item may be called: it is a part of paths and URLs."""
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
"""Semantic, without what comes before a release. Source: semver.org."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubItem:
    """
    One version of a function in a hub, which never changes.

    `notebook` is the file with its cell, `function` what that is called, `example` the notebook that shows it. `files`
    are the digests of all files by path, `size_bytes` is what they weigh together.
    """

    name: str
    version: str
    summary: str
    notebook: str
    function: str
    example: str = ""
    categories: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    license: str = ""
    files: Mapping[str, str]
    size_bytes: int

    @property
    def digest(self) -> str:
        """What names this very content: of name, version and the digests of all files."""
        plain = {"name": self.name, "version": self.version, "files": dict(self.files)}
        return digest_bytes(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode())

    @property
    def order(self) -> tuple[int, ...]:
        """By which versions of an item are older or newer than each other."""
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """
    The files of *item* by path; their digests are those that it states.

    `revision` is what the source calls its state that they are from: a commit; empty where it has no such thing.
    """

    item: HubItem
    files: Mapping[str, bytes]
    revision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a project uses of a hub under `name`: this content and no other. `revision` as in a Bundle."""

    name: str
    source: str
    version: str
    digest: str
    revision: str = ""
