"""The verb `hub import`: a function of MLRun into a notebook, and what became of everything that it said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.records import Json
from mlrun_nb.imports.importing import Imported
from mlrun_nb.services import imports
from mlrun_nb.services.import_places import find_place


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The notebook at *path*, and how it was made."""

    path: Path
    imported: Imported


def run(where: str, *, to: str = "", handler: str = "", force: bool = False) -> Done:
    """Import the function at *where* to the path *to*, else beside the reader; raises UsageError and HubError."""
    with find_place(where) as place:
        imported = imports.import_from(place, handler=handler)
    path = imports.put(imported, Path(to) if to else None, Path(), force=force)
    return Done(path=path, imported=imported)


def done_json(done: Done) -> Json:
    """Return the public form of an import."""
    imported = done.imported
    call = imported.call
    return {
        "notebook": str(done.path),
        "function": imported.function,
        "kind": imported.document.kind,
        "handler": imported.handler,
        "parameters": [each.name for each in call.declared if each.line] if call else [],
        "inputs": [each.name for each in call.declared if each.is_input] if call else [],
        "outputs": [name for name, _ in call.outputs] if call else [],
        "options": dict(call.options) if call else {},
        "report": [
            {"field": each.field, "outcome": each.outcome, "became": each.became, "why": each.why, "todo": each.todo}
            for each in imported.findings
        ],
    }
