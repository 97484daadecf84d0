"""Versions of items put into a folder: whole or not at all, and never over another content."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from mlrun_nb._lib.files import write_atomic
from mlrun_nb.errors import HubError
from mlrun_nb.hubs.catalog import CATALOG, catalog_bytes, items_of
from mlrun_nb.hubs.files import read_files
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.model.hub import Bundle, HubItem
from mlrun_nb.protocols.hub import HubSource


def put(bundle: Bundle, folder: Path, source: str) -> Path:
    """
    Write the files of *bundle* to `NAME/VERSION` in *folder*, and return that; the same content again is no change.

    Raises HubError where that version is there with another content; messages call the place *source*.
    """
    item = bundle.item
    place = folder / item.name / item.version
    if place.exists():
        where = f"`{item.name}@{item.version}` of hub source `{source}`"
        check_same(item, [item_of(read_files(place, where), where)], source)
        return place
    near = place.with_name(f".{item.version}.{secrets.token_hex(4)}")
    try:
        _write(bundle, near)
        near.rename(place)
    except OSError as err:
        shutil.rmtree(near, ignore_errors=True)
        raise HubError(
            f"`{place}` cannot be written: {err.strerror}", hint="Make its folder one that you may write."
        ) from err
    return place


def check_same(item: HubItem, others: Sequence[HubItem], source: str) -> None:
    """Raise HubError where one of *others* has the version of *item* and another content."""
    for other in others:
        if other.version == item.version and other.digest != item.digest:
            raise HubError(
                f"hub source `{source}` has `{item.name}@{item.version}` with another content, and a version never "
                "changes",
                hint=f"Publish it as a new version: `--version {following(item.version)}`.",
            )


def following(version: str) -> str:
    """Return the version after *version* that changes least."""
    first, second, third = version.split(".")
    return f"{first}.{second}.{int(third) + 1}"


def write_site(source: HubSource, folder: Path) -> int:
    """
    Write all that *source* has to *folder*, in the form that a web server offers; returns the number of versions.

    The catalog comes last, so that whoever reads meanwhile finds all that it names. Raises HubError where the folder
    has a version with another content.
    """
    items = [item for newest in source.search("") for item in source.versions(newest.name)]
    catalog = folder / CATALOG
    before = items_of(catalog.read_bytes(), f"`{catalog}`") if catalog.is_file() else []
    for item in items:
        check_same(item, [other for other in before if other.name == item.name], str(folder))
    for item in items:
        _write(source.fetch(item.name, item.version), folder / item.name / item.version)
    write_atomic(catalog, catalog_bytes(items), mode=0o644)
    return len(items)


def _write(bundle: Bundle, folder: Path) -> None:
    for name, data in bundle.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
