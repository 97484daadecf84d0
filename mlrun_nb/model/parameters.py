"""
Typed parameters: what a cell declares, and how a value given as text or JSON becomes one that the cell can use.

Types are kept as the text of the annotation; the grammar here is the part of Python's typing that papermill can inject:
int, float, str, bool, list, dict (with or without item types), Literal, Optional or `X | None`, datetime, Path.
"""

from __future__ import annotations

from dataclasses import dataclass

from mlrun_nb._lib.records import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """
    One parameter of a function.

    `type` is the canonical annotation, empty where nothing is known (any JSON value). `default` is the JSON form of the
    default where it is a literal; otherwise `default_source` holds its source text, evaluated in the run. A parameter
    with `required` has neither.
    """

    name: str
    type: str = ""
    default: Json = None
    default_source: str = ""
    required: bool = False
    description: str = ""
