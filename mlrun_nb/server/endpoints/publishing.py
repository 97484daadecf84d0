"""`/functions/{function}/publication`: a function is made an item of a hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlrun_nb.commands import hub_changes
from mlrun_nb.commands.card.fitting import tidy
from mlrun_nb.errors import MlrunNbError, OptionError
from mlrun_nb.project import Project
from mlrun_nb.protocols.hub import Publication
from mlrun_nb.server.publications import Progress
from mlrun_nb.server.route import Call, NoBody, Where
from mlrun_nb.server.shapes.publishing import DraftAsked, PublicationDraft, PublicationState, Publish
from mlrun_nb.services.hub_publish import Draft, check_taken
from mlrun_nb.services.versions import step_of

_BROKEN = "the server broke off"


def draft(call: Call[DraftAsked, NoBody]) -> PublicationDraft:
    """Return what the function would be as an item, as far as nobody says something else."""
    project = call.project
    notebook = _notebook(call)
    takers = tuple(_takers(project))
    source = call.query.source or next(iter(takers), "")
    if not source:
        return PublicationDraft(
            sources=(),
            source="",
            name="",
            version="",
            summary="",
            requirements=(),
            missing=(),
            notebook=notebook.name,
        )
    prepared, found = hub_changes.draft(project, _name(call, notebook), Draft(source=source))
    return PublicationDraft(
        sources=takers,
        source=source,
        name=found.name,
        version=found.version,
        summary=tidy(found.summary),
        requirements=found.requirements,
        missing=tuple(hub_changes.missing(prepared, found)),
        notebook=notebook.name,
    )


def publish(call: Call[Where, Publish]) -> PublicationState:
    """Begin to try it and to give it to a source; whatever can be seen at once is refused at once."""
    project, body = call.project, call.body
    asked = Draft(
        source=body.source,
        name=body.name,
        version=body.version,
        summary=body.summary,
        categories=body.categories,
        requirements=body.requirements,
        license=body.license,
        readme=_file(call, body.readme),
        example=_file(call, body.example),
    )
    prepared, found = hub_changes.draft(project, _name(call, _notebook(call)), asked)
    for name in hub_changes.missing(prepared, found):
        raise OptionError(f"`{name}` is not said", hint=f"Say it: {_WANTED[name]}.")

    bundle = hub_changes.bundle_of(prepared, found)

    def work(progress: Progress) -> Publication:
        hub_changes.try_out(bundle)
        progress.stage = "giving"
        return hub_changes.publish(project, bundle, body.source, push=body.push)

    begun = Progress(source=body.source, name=found.name, version=found.version)
    return _state(call.held.publications.begin(_key(call), begun, work))


def state(call: Call[Where, NoBody]) -> PublicationState:
    """Return how far the last publication of the function is."""
    return _state(call.held.publications.of(_key(call)))


_WANTED = {
    "summary": "what it does, in a sentence",
    "categories": "what people look for",
    "example": "a notebook that shows it, which is run before it is published",
}


def _takers(project: Project) -> Iterator[str]:
    for name in project.config.hub_sources:
        try:
            check_taken(project, name)
        except MlrunNbError:
            continue
        yield name


def _notebook(call: Call[Any, Any]) -> Path:
    function = call.places["function"]
    origin = step_of(call.project, function, "latest").version.provenance
    if origin.hub:
        raise OptionError(
            f"`{function}` is a hub's: {origin.hub}",
            hint="Insert its code into a notebook, change it and run it there, and publish that.",
        )
    if not origin.notebook:
        raise OptionError(f"nobody knows the notebook of `{function}`", hint="Run it once from a notebook with a name.")
    return Path(origin.notebook)


def _name(call: Call[Any, Any], notebook: Path) -> str:
    return f"{notebook}::{call.places['function']}"


def _file(call: Call[Any, Any], path: str) -> Path | None:
    return Path(call.root, call.query.folder, path) if path else None


def _key(call: Call[Any, Any]) -> tuple[str, str]:
    return str(call.project.config.root), call.places["function"]


def _state(progress: Progress) -> PublicationState:
    is_broken = progress.stage == "broken"
    return PublicationState(
        source=progress.source,
        name=progress.name,
        version=progress.version,
        stage=progress.stage,
        seconds=progress.seconds,
        place=progress.done.place if progress.done else "",
        next=progress.done.next if progress.done else "",
        error=_BROKEN if is_broken else progress.error,
        hint="Look at the server's log." if is_broken else progress.hint,
    )
