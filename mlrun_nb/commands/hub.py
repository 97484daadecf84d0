"""The verbs of `mlrun-nb hub`: find items, and read all about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.function import HUB, Version
from mlrun_nb.model.hub import HubItem
from mlrun_nb.project import Project
from mlrun_nb.services import hub
from mlrun_nb.services.hub import Found
from mlrun_nb.services.register import prepare
from mlrun_nb.services.targets import HubTarget, parse_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    All about an item of `source`: its `files`, its `versions`, newest first, and what its cell is as a function.
    """

    source: str
    item: HubItem
    files: Mapping[str, bytes]
    versions: tuple[str, ...]
    function: Version


def search(project: Project, text: str) -> Sequence[Found]:
    """Return what all sources have for the words of *text*, and which could not be asked."""
    return list(hub.search(project, text))


def page(project: Project, name: str) -> Page:
    """Return all about the item *name*, as it is typed, with or without `hub://`; raises UsageError and HubError."""
    return page_of(project, hub_target(name))


def page_of(project: Project, target: HubTarget) -> Page:
    """Return all about the item that *target* names; raises UsageError and HubError."""
    source, bundle = hub.kept(project, target)
    _, versions = hub.versions(project, target)
    return Page(
        source=source,
        item=bundle.item,
        files=bundle.files,
        versions=tuple(each.version for each in versions),
        function=prepare(project, target).version,
    )


def hub_target(name: str) -> HubTarget:
    """Return the item that *name* means, as it is typed, with or without `hub://`; raises OptionError."""
    target = parse_target(f"{HUB}{name.removeprefix(HUB)}")
    if not isinstance(target, HubTarget):
        raise OptionError(f"`{name}` names no item of a hub", hint="List them: `mlrun-nb hub search`.")
    return target


def found_json(found: Sequence[Found]) -> Json:
    """Return the public form of what a search found."""
    return {
        "items": [{"source": each.source, **item_json(each.item)} for each in found if each.item is not None],
        "unknown": [{"source": each.source, "error": each.error, "hint": each.hint} for each in found if each.error],
    }


def page_json(page: Page) -> Json:
    """Return the public form of all about an item."""
    spec = page.function.spec
    return {
        "source": page.source,
        **item_json(page.item),
        "versions": list(page.versions),
        "parameters": [
            {"name": each.name, "type": each.type, "default": each.default_source} for each in spec.parameters
        ],
        "inputs": list(spec.inputs),
        "outputs": list(spec.outputs),
    }


def item_json(item: HubItem) -> dict[str, Json]:
    """Return the public form of an item."""
    return {
        "name": item.name,
        "version": item.version,
        "summary": item.summary,
        "categories": list(item.categories),
        "requirements": list(item.requirements),
        "license": item.license,
        "digest": item.digest,
    }
