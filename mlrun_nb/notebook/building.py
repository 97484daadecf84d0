"""
Make a `Version` of a cell or a whole notebook: the draft, its digests, and where it came from.

Pure: time, author and commit are handed in, nothing is recorded. Services call it behind `capture`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb.model.function import FunctionSpec, Provenance, SourceFile, Version
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.notebook.cells import Captured, FunctionCell, Notebook
from mlrun_nb.notebook.digests import cell_digest, code_hash, version_hash
from mlrun_nb.notebook.drafts import Draft, draft_function, draft_notebook

_NOT_SETTINGS = frozenset({"input", "output", "file"})
"""Options that a FunctionSpec keeps in fields of their own."""


_NOTHING = Captured()


def build_function(
    notebook: Notebook,
    cell: FunctionCell | None,
    *,
    captured: Captured = _NOTHING,
    files: Sequence[SourceFile] = (),
    project: str,
    created: datetime,
    provenance: Provenance = Provenance(),
) -> Version:
    """
    Return the version that *cell*, or with None the whole *notebook*, is now.

    *files* are all source files that travel with it, captured modules included. The origins of *provenance* are filled
    in. Raises NotebookError and ParameterError for a function that is not well formed.
    """
    draft = draft_notebook(notebook) if cell is None else draft_function(cell, captured)
    spec = _spec(draft, notebook, files)
    origins = tuple(origin for _, origin in draft.pieces)
    return Version(
        project=project,
        function=draft.name,
        hash=version_hash(spec),
        code_hash=code_hash(spec),
        cell_digest=cell_digest(draft.text),
        spec=spec,
        description=draft.description,
        provenance=replace(provenance, origins=origins),
        created=created,
    )


def _spec(draft: Draft, notebook: Notebook, files: Sequence[SourceFile]) -> FunctionSpec:
    stated = {
        name: value for name, value in draft.options.items() if OPTIONS[name].in_version and name not in _NOT_SETTINGS
    }
    return FunctionSpec(
        form=draft.form,
        language=notebook.language,
        kernel=notebook.kernel,
        cells=tuple(piece for piece, _ in draft.pieces),
        parameters=draft.parameters,
        inputs=draft.inputs,
        outputs=draft.outputs,
        files=tuple(sorted(files, key=lambda file: file.path)),
        options=stated,
    )
