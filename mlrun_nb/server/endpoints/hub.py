"""`/hub`: functions that others have published, their versions, code for a notebook, and a run of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands.card.fitting import tidy
from mlrun_nb.commands.hub import Page, page_of
from mlrun_nb.commands.hub_code import notebook_of, reference_of, source_of, use_of
from mlrun_nb.commands.run import plan_run
from mlrun_nb.commands.views.headline import PROGRAM
from mlrun_nb.commands.views.settings import shown
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.hub import ITEM, HubItem, Lock
from mlrun_nb.model.option_values import check_values
from mlrun_nb.notebook.cells import Cell
from mlrun_nb.plugins import hub_sources
from mlrun_nb.project import Project
from mlrun_nb.server.endpoints import starting
from mlrun_nb.server.endpoints.differences import compared
from mlrun_nb.server.endpoints.functions import parameter_row
from mlrun_nb.server.endpoints.rows import row
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.differences import DiffAsked, Difference, Part, VersionComparison
from mlrun_nb.server.shapes.hub import (
    HubAsked,
    HubCard,
    HubCell,
    HubCells,
    HubCellsAsked,
    HubDetail,
    HubFound,
    HubVersionAsked,
    Installed,
    InstallItem,
    RunItem,
    SourceNotice,
)
from mlrun_nb.server.shapes.runs import RunRow
from mlrun_nb.services import hub_lock
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.hub import is_verified, locks
from mlrun_nb.services.targets import HubTarget

_README = "README.md"
_MOST_CARDS = 200
"""More than anybody looks through; a word finds the others."""


def search(call: Call[HubAsked, NoBody]) -> HubFound:
    """Return what the sources have, as far as they have answered."""
    found, waiting = call.held.hub.search(call.project.config, call.query.q)
    items = [(each.source, each.item) for each in found if each.item is not None]
    used = locks(call.project)
    return HubFound(
        items=tuple(_card(call.project, used, source, each) for source, each in items[:_MOST_CARDS]),
        total=len(items),
        notices=tuple(
            SourceNotice(source=each.source, error=each.error, hint=each.hint) for each in found if each.item is None
        ),
        waiting=tuple(waiting),
    )


def item(call: Call[HubVersionAsked, NoBody]) -> HubDetail:
    """Return one version of an item, with what a form needs to run it."""
    page = page_of(call.project, _target(call, call.query.version))
    about, spec = page.item, page.function.spec
    reference = _reference(call.project, page)
    return HubDetail(
        source=page.source,
        name=about.name,
        version=about.version,
        versions=page.versions,
        function=page.function.function,
        summary=tidy(about.summary),
        categories=about.categories,
        requirements=about.requirements,
        license=about.license,
        digest=about.digest,
        size_bytes=about.size_bytes,
        files=tuple(about.files),
        readme=page.files.get(_README, b"").decode(errors="replace"),
        parameters=tuple(parameter_row(each) for each in spec.parameters),
        inputs=spec.inputs,
        outputs=spec.outputs,
        options={name: shown(value) for name, value in spec.options.items()},
        example=_cells(notebook_of(page, about.example)),
        notebook=_cells(notebook_of(page, about.notebook)),
        reference=reference,
        command=f"{PROGRAM} run {quoted(reference)}",
        installed=_installed(locks(call.project), page.source, about.name),
    )


def cells(call: Call[Where, HubCellsAsked]) -> HubCells:
    """Return code of the item to put into a notebook."""
    page = page_of(call.project, _target(call, call.body.version))
    pasted = (
        source_of(page)
        if call.body.kind == "source"
        else use_of(page, _reference(call.project, page), call.body.frames)
    )
    return HubCells(cells=pasted.cells, notices=pasted.notices)


def diff(call: Call[DiffAsked, NoBody]) -> VersionComparison:
    """Return what a version changed of another one, or of the one before it."""
    new = page_of(call.project, _target(call, call.places["version"]))
    old = page_of(call.project, _target(call, call.query.against or _before(new)))
    found = compared(old.function, new.function, names=(old.item.version, new.item.version))
    return VersionComparison(
        old=found.old,
        new=found.new,
        summary=found.summary,
        code=found.code,
        parts=(*found.parts, *_parts(old.item, new.item)),
    )


def start(call: Call[Where, RunItem]) -> RunRow:
    """Run a version of the item as the body says."""
    body = call.body
    choice = Choice(
        parameters=body.parameters,
        inputs=starting.inputs_in(call.root, call.query.folder, body.inputs),
        options=check_values(body.options, where="this request"),
        on=body.on or None,
    )
    target = replace(_target(call, body.version), folder=Path(call.root, call.query.folder) if call.root else None)
    return row(starting.start(call.project, plan_run(call.project, target, choice)))


def install(call: Call[Where, InstallItem]) -> Installed:
    """Bring a version here, and lock it in the project."""
    done = hub_lock.install(call.project, _target(call, call.body.version))
    lock = done.lock
    return Installed(source=lock.source, name=lock.name, version=lock.version, missing=done.missing)


def uninstall(call: Call[Where, NoBody]) -> None:
    """Take the lock of an item out of the project."""
    hub_lock.uninstall(call.project, [call.places["name"]])


def _target(call: Call[Any, Any], version: str) -> HubTarget:
    return HubTarget(source=call.places["source"], name=call.places["name"], version=version)


def _reference(project: Project, page: Page) -> str:
    lock = locks(project).get(page.item.name)
    return reference_of(page, is_only_source=len(hub_sources(project.config)) == 1, lock=lock)


def _installed(used: Mapping[str, Lock], source: str, name: str) -> str:
    lock = used.get(name)
    return lock.version if lock is not None and lock.source == source else ""


def _card(project: Project, used: Mapping[str, Lock], source: str, found: HubItem) -> HubCard:
    return HubCard(
        source=source,
        name=found.name,
        version=found.version,
        summary=tidy(found.summary),
        categories=found.categories,
        verified=is_verified(project, source, found),
        installed=_installed(used, source, found.name),
    )


def _cells(found: Sequence[Cell]) -> tuple[HubCell, ...]:
    return tuple(HubCell(kind=each.kind, source=each.source) for each in found)


def _before(page: Page) -> str:
    at = page.versions.index(page.item.version) + 1
    if at == len(page.versions):
        raise NotFoundError(
            f"`{page.item.name}@{page.item.version}` is the first version", hint="Name the version to compare it with."
        )
    return page.versions[at]


def _parts(old: HubItem, new: HubItem) -> Iterator[Part]:
    """Yield what is different beside the function itself."""
    texts = [(each, _about(old)[each], _about(new)[each]) for each in _about(new)]
    files = [
        (name, _file(old.files.get(name)), _file(new.files.get(name)))
        for name in sorted({*old.files, *new.files} - {ITEM, old.notebook, new.notebook})
    ]
    for title, rows in (("About", texts), ("Other files", files)):
        changes = tuple(Difference(name=tidy(name), old=a, new=b) for name, a, b in rows if a != b)
        if changes:
            yield Part(title=title, changes=changes)


def _about(found: HubItem) -> dict[str, str | None]:
    return {
        "summary": tidy(found.summary),
        "requirements": tidy(", ".join(found.requirements)) or None,
        "categories": tidy(", ".join(found.categories)) or None,
        "license": tidy(found.license) or None,
    }


def _file(digest: str | None) -> str | None:
    return None if digest is None else digest.rpartition(":")[2][:12]
