"""
A catalog: all items of a source in one file, so that a source can be searched without reading its files.

What a web server offers, and what is kept here of a git repository. It is not believed: files are compared with their
digests, and `item.yaml` with what the catalog says.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mlrun_nb.errors import HubError
from mlrun_nb.model.hub import NAME, VERSION, HubItem

CATALOG = "catalog.json"
FORMAT = 1
"""Number of the form of a catalog."""
_ASK = "Ask whoever looks after the source, or correct its address."


class _Head(msgspec.Struct):
    format: int


class _Catalog(msgspec.Struct):
    format: int
    items: list[HubItem]


def catalog_bytes(items: Iterable[HubItem]) -> bytes:
    """Return the catalog of *items*: the same bytes for the same items."""
    ordered = sorted(items, key=lambda item: (item.name, item.order))
    return msgspec.json.encode(_Catalog(format=FORMAT, items=ordered), order="deterministic")


def items_of(data: bytes, where: str) -> list[HubItem]:
    """Return the items of the catalog *data*; raises HubError, which names it by *where*."""
    try:
        is_ours = msgspec.json.decode(data, type=_Head).format == FORMAT
    except msgspec.ValidationError:
        is_ours = False
    except (msgspec.DecodeError, RecursionError) as err:
        raise HubError(f"{where} is no catalog: it is not JSON", hint=_ASK) from err
    if not is_ours:
        raise HubError(
            f"{where} is no catalog of ours in the form that this release reads",
            hint="`mlrun-nb hub serve` makes one; functions of MLRun's hub are imported: `mlrun-nb hub import --help`.",
        )
    try:
        items = msgspec.json.decode(data, type=_Catalog).items
    except (msgspec.DecodeError, RecursionError) as err:
        raise HubError(f"{where} has an entry that is not one of an item: {err}", hint=_ASK) from err
    _check(items, where)
    return items


def _check(items: Iterable[HubItem], where: str) -> None:
    seen = set()
    for item in items:
        key = f"{item.name}@{item.version}"
        if not NAME.fullmatch(item.name) or not VERSION.fullmatch(item.version):
            raise HubError(f"{where}: `{key}` is no name and version", hint=_ASK)
        if key in seen:
            raise HubError(f"{where} has `{key}` twice", hint=_ASK)
        seen.add(key)
