"""
Check files of a source before anything in them is read as code: that they are what was said, and stay in their folder.

Whatever is wrong is a HubError that names the item and the file, and nothing of the item is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.errors import HubError, UsageError
from mlrun_nb.model.hub import ITEM, NAME, VERSION, Bundle, HubItem

MOST_FILES = 200
MOST_BYTES = 20 << 20
"""What all files of an item may weigh: it is code and its description, not data."""
_TEXTS = ("name", "version", "summary", "notebook", "function")
_MORE = ("example", "license")
_LISTS = ("categories", "requirements")


def item_of(files: Mapping[str, bytes], where: str) -> HubItem:
    """Return the item that *files* are, as their `item.yaml` says; raises HubError, which names it by *where*."""
    check_sizes({name: len(data) for name, data in files.items()}, where)
    if ITEM not in files:
        raise HubError(f"{where} has no `{ITEM}`", hint="Look at the folder of an item that ships with mlrun_nb.")
    digests = {name: digest_bytes(data) for name, data in sorted(files.items())}
    about = _about(files[ITEM], where)
    item = HubItem(**about, files=digests, size_bytes=sum(map(len, files.values())))
    missing = [name for name in (item.notebook, item.example) if name and name not in files]
    if missing:
        raise HubError(f"{where} has no `{missing[0]}`, which its `{ITEM}` names", hint="Add the file, or correct it.")
    return item


def named(item: HubItem, name: str, version: str, where: str) -> HubItem:
    """Return *item* if it is called as the folder that it lies in; raises HubError."""
    if (item.name, item.version) != (name, version):
        raise HubError(
            f"{where} calls itself `{item.name}@{item.version}`", hint="Give it the folder of its name and version."
        )
    return item


def verified(item: HubItem, files: Mapping[str, bytes], source: str, *, revision: str = "") -> Bundle:
    """Return the bundle of *item*, if *files* are what it states; raises HubError."""
    where = f"`{item.name}@{item.version}` of hub source `{source}`"
    check_sizes({name: len(data) for name, data in files.items()}, where)
    for name in sorted(set(item.files) | set(files)):
        if name not in files or name not in item.files:
            raise HubError(
                f"{where}: the file `{name}` is {'missing' if name not in files else 'not one that it states'}",
                hint=_TAMPERED,
            )
        if digest_bytes(files[name]) != item.files[name]:
            raise HubError(f"{where}: the file `{name}` is not the one that it states", hint=_TAMPERED)
    found = item_of(files, where)
    if replace(found, files=item.files) != item:
        raise HubError(f"{where}: its `{ITEM}` says something else than the catalog", hint=_TAMPERED)
    return Bundle(item=item, files=files, revision=revision)


_TAMPERED = "Nothing was installed. Ask whoever looks after the source; a version never changes once it is published."


def check_sizes(sizes: Mapping[str, int], where: str) -> None:
    """Raise HubError for names that lead out of their folder, for too many files, and for too much of them."""
    for name in sizes:
        try:
            check_name(name)
        except UsageError as err:
            raise HubError(f"{where}: {err.message}", hint="Nothing was installed.") from err
    if len(sizes) > MOST_FILES:
        raise HubError(
            f"{where} has {len(sizes)} files, at most {MOST_FILES} are taken", hint="Have it read data from elsewhere."
        )
    if (total := sum(sizes.values())) > MOST_BYTES:
        raise HubError(
            f"{where} has {total / (1 << 20):.0f} MiB, at most {MOST_BYTES >> 20} MiB are taken",
            hint="Have it read data from elsewhere.",
        )


def _about(data: bytes, where: str) -> dict[str, Any]:
    try:
        plain = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as err:
        raise HubError(f"{where}: `{ITEM}` cannot be read: {err}", hint="Correct it.") from err
    if not isinstance(plain, dict):
        raise HubError(f"{where}: `{ITEM}` is no mapping", hint=f"Write {', '.join(_TEXTS)} as `key: value`.")
    unknown = set(plain) - {*_TEXTS, *_MORE, *_LISTS}
    missing = [key for key in _TEXTS if not isinstance(plain.get(key), str) or not plain[key]]
    if unknown or missing:
        what = f"does not know `{min(map(str, unknown))}`" if unknown else f"needs `{missing[0]}`, a text"
        raise HubError(f"{where}: `{ITEM}` {what}", hint=f"Keys are: {', '.join((*_TEXTS, *_MORE, *_LISTS))}.")
    if not NAME.fullmatch(plain["name"]) or not VERSION.fullmatch(plain["version"]):
        raise HubError(
            f"{where}: `{plain['name']}@{plain['version']}` is no name and version",
            hint="Write them as in `name: load-data` and `version: 1.0.0`.",
        )
    lists = {key: tuple(map(str, plain.get(key) or ())) for key in _LISTS}
    return {key: str(plain.get(key) or "") for key in (*_TEXTS, *_MORE)} | lists
