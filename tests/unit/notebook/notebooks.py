"""Builders of notebooks and versions for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.function import Version
from mlrun_nb.notebook.building import build_function
from mlrun_nb.notebook.cells import Captured, Cell, FunctionCell, Notebook
from mlrun_nb.notebook.parsing import parse_function_cell

T = TypeVar("T")

CREATED = datetime(2026, 1, 2, tzinfo=UTC)


def attempt(call: Callable[[], T]) -> T | MlrunNbError:
    """Return what `call` returns, or the error of ours that it raises; any other error, or one without hint, fails."""
    try:
        return call()
    except MlrunNbError as err:
        refused = err
    assert refused.message
    assert refused.hint
    return refused


def code(source: str, index: int = 0, **more) -> Cell:
    """Return a code cell."""
    return Cell(index=index, kind="code", source=source, **more)


def notebook(*cells: str | Cell, name: str = "work.ipynb", **more) -> Notebook:
    """Return a notebook; texts become code cells."""
    made = [code(cell, index) if isinstance(cell, str) else cell for index, cell in enumerate(cells)]
    return Notebook(name=name, cells=tuple(made), **more)


def function_cell(source: str) -> FunctionCell:
    """Return the function that a cell with this text is."""
    found = parse_function_cell(code(source, id="origin"))
    assert found is not None
    return found


def version(source: str, captured: Captured | None = None) -> Version:
    """Return the version of a `%%mlrun` cell with this text."""
    cell = function_cell(source)
    return build_function(notebook(cell.cell), cell, captured=captured or Captured(), project="test", created=CREATED)


def notebook_version(*cells: str | Cell, **more) -> Version:
    """Return the version of a whole notebook."""
    return build_function(notebook(*cells, **more), None, project="test", created=CREATED)


def ipynb(cells: Sequence[object] = (), **more) -> bytes:
    """Return the bytes of an nbformat 4 file; `more` replaces its top-level fields."""
    plain = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": list(cells)}
    return json.dumps(plain | more).encode()


def plain_cell(source: object, kind: str = "code", **metadata: object) -> dict[str, object]:
    """Return a cell as it stands in an nbformat 4 file."""
    return {"cell_type": kind, "id": "x", "metadata": metadata, "source": source, "outputs": []}
