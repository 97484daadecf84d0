"""
A catalog: all items of a source in one file, so that a source can be searched without reading its files.

What a web server offers, and what is kept here of a git repository. It is not believed: files are compared with their
digests, and `item.yaml` with what the catalog says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mlrun_nb.errors import HubError
from mlrun_nb.model.hub import NAME, VERSION, HubItem

CATALOG = "catalog.json"
FORMAT = 1
"""Number of the form of a catalog."""
_TEXTS = ("name", "version", "summary", "notebook", "function")
_MORE = ("example", "license")
_LISTS = ("categories", "requirements")


def catalog_bytes(items: Iterable[HubItem]) -> bytes:
    """Return the catalog of *items*: the same bytes for the same items."""
    ordered = sorted(items, key=lambda item: (item.name, item.order))
    plain = {"format": FORMAT, "items": [_plain(item) for item in ordered]}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def items_of(data: bytes, where: str) -> list[HubItem]:
    """Return the items of the catalog *data*; raises HubError, which names it by *where*."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as err:
        raise HubError(f"{where} is no catalog: it is not JSON", hint=_ASK) from err
    if not isinstance(plain, dict) or plain.get("format") != FORMAT or not isinstance(plain.get("items"), list):
        raise HubError(
            f"{where} is no catalog of ours in the form that this release reads",
            hint="`mlrun-nb hub serve` makes one; functions of MLRun's hub are imported: `mlrun-nb hub import --help`.",
        )
    return list(_items(plain["items"], where))


_ASK = "Ask whoever looks after the source, or correct its address."


def _items(plain: list[Any], where: str) -> Iterator[HubItem]:
    seen = set()
    for number, each in enumerate(plain):
        item = _item(each, f"entry {number} of {where}")
        if (item.name, item.version) in seen:
            raise HubError(f"{where} has `{item.name}@{item.version}` twice", hint=_ASK)
        seen.add((item.name, item.version))
        yield item


def _item(plain: object, where: str) -> HubItem:
    try:
        if not isinstance(plain, dict):
            raise TypeError
        about: dict[str, Any] = {key: _text(plain[key]) for key in _TEXTS}
        about |= {key: _text(plain.get(key, "")) for key in _MORE}
        about |= {key: tuple(_text(each) for each in plain.get(key, ())) for key in _LISTS}
        files = {_text(name): _text(digest) for name, digest in plain["files"].items()}
        item = HubItem(**about, files=files, size_bytes=int(plain["size_bytes"]))
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise HubError(f"{where} is not the entry of an item", hint=_ASK) from err
    if not NAME.fullmatch(item.name) or not VERSION.fullmatch(item.version):
        raise HubError(f"{where}: `{item.name}@{item.version}` is no name and version", hint=_ASK)
    return item


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _plain(item: HubItem) -> Mapping[str, Any]:
    texts = {key: getattr(item, key) for key in (*_TEXTS, *_MORE)}
    lists = {key: list(getattr(item, key)) for key in _LISTS}
    return {**texts, **lists, "files": dict(item.files), "size_bytes": item.size_bytes}
