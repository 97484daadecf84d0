"""Notebooks that nobody would write: whatever the bytes are, only errors of ours come out, on the way to a run."""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.notebook.building import build_function
from mlrun_nb.notebook.compose import compose
from mlrun_nb.notebook.discovery import BrokenCell, function_cells
from mlrun_nb.notebook.parameters import bind_parameters
from mlrun_nb.notebook.reading import read_notebook
from tests.unit.notebook.notebooks import CREATED, attempt

SEED: dict[str, Any] = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title"},
        {"cell_type": "code", "id": "b", "metadata": {"tags": ["parameters"]}, "source": ["lr: float = 1\n", "n = 1"]},
        {"cell_type": "code", "id": "c", "metadata": {}, "source": "%%mlrun train --cpu 1 -o y\nx: int = 1\ny = x"},
        {"cell_type": "code", "id": "d", "metadata": {}, "source": "%%mlrun score -i df\ndef f(df, a=1): return a"},
    ],
}  # fmt: skip

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["\ud800", "%%mlrun a\nx=1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
code_like = st.text(st.sampled_from("%mlrun ab:=1.5\n#|'\"()[]{},!?*@ñ\t\\"), max_size=60)
names = st.sampled_from(["a.ipynb", "b.py", "c.md", "d.txt", "e"])


def walk_through(data: bytes, name: str) -> None:
    """Take everything that the bytes allow: read, find, build, bind, compose."""
    read = attempt(lambda: read_notebook(data, name=name))
    cells = read if isinstance(read, MlrunNbError) else attempt(lambda: (None, *function_cells(read)))
    if isinstance(read, MlrunNbError) or isinstance(cells, MlrunNbError):
        return
    for cell in cells:
        if isinstance(cell, BrokenCell):
            continue
        made = attempt(partial(build_function, read, cell, project="test", created=CREATED))
        if not isinstance(made, MlrunNbError):
            json.dumps(compose(made)).encode()
            attempt(partial(bind_parameters, made.spec.parameters, {"lr": 1}, texts={"x": "1"}))


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the path of every value inside *value*."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@given(data=st.binary(max_size=60) | junk.map(json.dumps).map(str.encode), name=names)
def test_random_bytes_and_random_json_are_refused_or_read(data, name):
    """Most are no notebook, and say so."""
    walk_through(data, name)


@given(place=st.sampled_from(places(SEED)[1:]), value=junk | code_like, remove=st.booleans())
def test_a_notebook_with_one_thing_wrong_is_refused_or_read(place, value, remove):
    """Each field in turn is missing, or holds something else."""
    plain = copy.deepcopy(SEED)
    holder: Any = plain
    for key in place[:-1]:
        holder = holder[key]
    if remove:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    walk_through(json.dumps(plain).encode(), "a.ipynb")


@given(head=st.sampled_from(["", "%%mlrun train\n", "%%mlrun train -o model -i df\n", "%%time\n"]), body=code_like)
def test_a_cell_with_any_text_is_refused_or_built(head, body):
    """Also as a parameters cell of a whole notebook."""
    for tags in ([], ["parameters"]):
        plain = copy.deepcopy(SEED)
        plain["cells"] = [{"cell_type": "code", "id": "a", "metadata": {"tags": tags}, "source": head + body}]
        walk_through(json.dumps(plain).encode(), "a.ipynb")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(st.sampled_from("# %-[]markdown\n---:jupyter`{}x=1"), max_size=60),
    name=st.sampled_from(["b.py", "c.md"]),
)
def test_any_script_or_markdown_is_refused_or_read(text, name):
    """Jupytext's readers are not asked to be tolerant."""
    walk_through(text.encode(), name)


@given(cut=st.integers(0, 900), flip=st.integers(0, 255))
def test_a_damaged_file_is_refused_or_read(cut, flip):
    """A byte changed, or the rest cut off, as by a full disk."""
    data = bytearray(json.dumps(SEED).encode())
    position = cut % len(data)
    walk_through(bytes(data[:position]), "a.ipynb")
    data[position] = flip
    walk_through(bytes(data), "a.ipynb")
