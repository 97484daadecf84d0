"""
Notebooks that are not nbformat 4: older formats through nbformat, scripts and Markdown through jupytext.

Gives back plain nbformat 4 for `reading`, which checks it. Both libraries are loaded only when such a file is read;
what they warn of or raise does not get out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from typing import TypeVar

from mlrun_nb.errors import NotebookError

T = TypeVar("T")

_CURRENT = 4
_BROKEN = (ArithmeticError, AttributeError, LookupError, RuntimeError, SyntaxError, TypeError, ValueError)
"""What readers of foreign formats raise over files that are none: nearly everything."""

_PERCENT_MARK = re.compile(r"^# ?%%(?:\s|$)", re.MULTILINE)
_FORMAT_NAME = re.compile(r"^#\s+format_name:\s*(\w+)", re.MULTILINE)


def read_text_notebook(text: str, name: str, suffix: str) -> Mapping[str, object]:
    """Return the script or Markdown *text* as plain nbformat 4, without the random ids that jupytext gives to cells."""
    import jupytext
    import yaml

    how = _format(text, suffix)
    message = f"`{name}` cannot be read as a notebook"
    plain: Mapping[str, object] = _quietly(
        lambda: jupytext.reads(text, how), (*_BROKEN, yaml.YAMLError), message, _text_hint(suffix)
    )
    return _without_ids(plain)


def _format(text: str, suffix: str) -> str | dict[str, str]:
    """
    Return the jupytext format, said outright for py:percent: one magic without its `# ` makes jupytext guess another.

    In that other format (hydrogen) every commented magic stays a comment, so a `# %%mlrun` cell would silently be none.
    """
    stated = _FORMAT_NAME.search(text)
    if suffix == ".py" and (stated is None or stated[1] == "percent") and _PERCENT_MARK.search(text):
        return "py:percent"
    return {"extension": suffix}


def _text_hint(suffix: str) -> str:
    if suffix == ".py":
        return "Begin each cell with `# %%`, or convert it: `jupytext --to py:percent`."
    return "Write cells as fenced blocks, or convert it: `jupytext --to md`."


def upgrade(text: str, name: str, major: int) -> Mapping[str, object]:
    """Return a notebook of format *major*, 1 to 3, as plain nbformat 4; raises NotebookError for one that is broken."""
    import nbformat
    from nbformat.reader import reads

    def converted() -> Mapping[str, object]:
        plain: Mapping[str, object] = nbformat.convert(reads(text), _CURRENT)
        return plain

    hint = f"Open `{name}` in a Jupyter that still reads it, and save it."
    message = f"`{name}` is broken: it is not notebook format {major}"
    return _without_ids(_quietly(converted, (*_BROKEN, nbformat.ValidationError), message, hint))


def _without_ids(plain: Mapping[str, object]) -> Mapping[str, object]:
    cells = plain.get("cells")
    if not isinstance(cells, list):
        return plain
    return {**plain, "cells": [_without_id(cell) for cell in cells]}


def _without_id(cell: object) -> object:
    return {key: value for key, value in cell.items() if key != "id"} if isinstance(cell, dict) else cell


def _quietly(read: Callable[[], T], broken: tuple[type[Exception], ...], message: str, hint: str) -> T:
    """Return what *read* returns, or raise NotebookError where it meets a file that is *broken*."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read()
        except broken as err:
            raise NotebookError(f"{message}: {type(err).__name__}: {err}", hint=hint) from err
