"""
The keyword arguments of a run: parameters as plain values, inputs as values of any type, files, URLs or artifacts.

A function's parameters and inputs are variables of one namespace, so their names never clash.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import ParameterError
from mlrun_nb.model.artifact import Artifact, InputReference
from mlrun_nb.model.function import Version
from mlrun_nb.notebook.diff import declaration
from mlrun_nb.notebook.option_line import normal_name
from mlrun_nb.project import Project
from mlrun_nb.services.inputs import Live, known_inputs
from mlrun_nb.services.register import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What was given for one run; neither is checked against a type, nor stored."""

    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, InputReference | Live] = field(default_factory=dict)


def take_arguments(version: Version, given: Mapping[str, object], *, settled: Collection[str] = ()) -> Arguments:
    """
    Return *given* as parameters and inputs of *version*.

    Raises ParameterError for a name that is neither, and for a parameter that lacks a value and is not *settled*.
    """
    named = {normal_name(name): value for name, value in given.items()}
    _refuse_unknown(version, named)
    _refuse_missing(version, {*named, *settled})
    return Arguments(
        parameters={name: plain_value(value) for name, value in named.items() if name not in version.spec.inputs},
        inputs={name: _input(value) for name, value in named.items() if name in version.spec.inputs},
    )


def find_inputs(
    project: Project, version: Version, given: Arguments, prepared: Prepared | None
) -> dict[str, InputReference | Live]:
    """
    Return a value for each input of *version* that was not *given*, from around the cell that it was made of.

    Raises ParameterError, with the call to type, for inputs that have none.
    """
    settled = {*given.inputs, *(prepared.input_uris if prepared else ())}
    wanted = [name for name in version.spec.inputs if name not in settled]
    found = known_inputs(project, prepared.target, wanted) if prepared and prepared.target else {}
    missing = [name for name in wanted if name not in found]
    if missing:
        names, call = ", ".join(f"`{name}`" for name in missing), ", ".join(f"{name}=…" for name in missing)
        raise ParameterError(
            f"`{version.function}` needs a value for the input {names}",
            hint=f"Write `{version.function}.run({call})`: a value, an artifact of a run, or the path of a file.",
        )
    return found


def _input(value: object) -> InputReference | Live:
    if isinstance(value, Artifact):
        return InputReference(uri=value.uri, digest=value.digest, kind=value.kind, type=value.type)
    return InputReference(uri=str(value)) if isinstance(value, str | Path) else Live(value)


def plain_value(value: object) -> object:
    """Return a number of numpy as Python's own."""
    generic = getattr(sys.modules.get("numpy"), "generic", None)
    return value.item() if generic is not None and isinstance(value, generic) else value


def _refuse_unknown(version: Version, given: Collection[str]) -> None:
    known = [*(item.name for item in version.spec.parameters), *version.spec.inputs]
    unknown = next((name for name in given if name not in known), None)
    if unknown is None:
        return
    near = nearest(unknown, known)
    takes = f"It takes: {', '.join(_taken(version))}." if known else "It takes nothing."
    raise ParameterError(
        f"`{version.function}` takes no `{unknown}`", hint=f"Did you mean `{near}`? {takes}" if near else takes
    )


def _taken(version: Version) -> list[str]:
    return [
        *(declaration(item) for item in version.spec.parameters),
        *(f"input {name}" for name in version.spec.inputs),
    ]


def _refuse_missing(version: Version, given: Collection[str]) -> None:
    missing = [item for item in version.spec.parameters if item.required and item.name not in given]
    if missing:
        names = ", ".join(f"`{declaration(item)}`" for item in missing)
        call = ", ".join(f"{item.name}=…" for item in missing)
        raise ParameterError(
            f"`{version.function}` needs a value for {names}", hint=f"Write `{version.function}.run({call})`."
        )
