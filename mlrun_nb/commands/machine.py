"""
Runs as machines read them: the one JSON shape of a run, which every release keeps.

Fields may be added here in a later release, never renamed. Human text is the business of `views`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.commands.states import hint_of
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.run import Run, RunError
from mlrun_nb.model.states import RunState
from mlrun_nb.model.sweep import Sweep


def run_json(
    run: Run, artifacts: Sequence[Artifact], children: Mapping[RunState, int] | None = None
) -> dict[str, Json]:
    """
    Return the public form of *run*; numbers that JSON lacks are the texts `NaN`, `Infinity` and `-Infinity`.

    *children* is how many of a sweep are in each state.
    """
    return {
        "id": run.id,
        "state": str(run.state),
        "function": run.function,
        "version": run.version,
        "code_hash": run.code_hash,
        "engine": run.engine,
        "parameters": to_json(run.parameters),
        "results": to_json(run.results),
        "artifacts": [_artifact(artifact) for artifact in artifacts],
        "created": to_json(run.created),
        "started": to_json(run.started),
        "ended": to_json(run.ended),
        "duration_s": to_json(run.duration_s),
        "error": None if run.error is None else _error(run.error, hint_of(run)),
        "parent": run.parent,
        "number": run.number,
        "pruned": run.pruned,
        "sweep": None if run.sweep is None else _sweep(run.sweep, children or {}),
        "best": run.best,
    }


def _sweep(sweep: Sweep, children: Mapping[RunState, int]) -> Json:
    return {
        "strategy": sweep.strategy,
        "seed": sweep.seed,
        "selector": sweep.selector,
        "total": sweep.total,
        "children": {str(state): children[state] for state in RunState if state in children},
    }


def _artifact(artifact: Artifact) -> dict[str, Json]:
    return {
        "name": artifact.name,
        "kind": artifact.kind,
        "uri": artifact.uri,
        "size": artifact.size,
        "digest": artifact.digest,
    }


def _error(error: RunError, hint: str) -> dict[str, Json]:
    return {
        "class": error.cls,
        "summary": error.summary,
        "hint": hint,
        "cell": error.cell,
        "ename": error.ename,
        "evalue": error.evalue,
    }


def dumps(value: Json) -> str:
    """Return *value* as indented JSON text with a newline at its end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
