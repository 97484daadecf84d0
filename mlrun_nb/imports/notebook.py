"""The imported function as the cells of a notebook, and those as the bytes of a file."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import HubError, OptionError
from mlrun_nb.imports.document import Document
from mlrun_nb.imports.handlers import is_main
from mlrun_nb.imports.source import Source
from mlrun_nb.notebook.history import SETUP_TAG
from mlrun_nb.notebook.reading import read_notebook

_FORMATS = {".ipynb": "ipynb", ".py": "py:percent", ".md": "md"}
_HELPERS = ("begin", "context", "end", "event", "answer", "file", "item", "value")


@dataclass(frozen=True, slots=True)
class Written:
    """A cell to be written."""

    kind: Literal["code", "markdown", "raw"]
    source: str
    tags: tuple[str, ...] = field(default=())


def cells_of(document: Document, source: Source, place: str, body: str, *, is_script: bool) -> list[Written]:
    """Return the cells: what it is and where it came from, the stand-in, the code, and the *body* that runs it."""
    cells = [Written("markdown", _about(document, source, place)), Written("code", _stand_in(body), (SETUP_TAG,))]
    if not is_script:
        code, program = split_program(source)
        cells.append(Written("code", code, (SETUP_TAG,)))
        if program:
            cells.append(Written("raw", f"# What the file does as a program; it is not run here.\n\n{program}"))
    if body:
        cells.append(Written("code", body))
    return cells


def split_program(source: Source) -> tuple[str, str]:
    """Return the code without what it does as a program, and that: the `__name__` of a notebook is `__main__`."""
    blocks = [node for node in source.tree.body if is_main(node)]
    if not blocks:
        return source.text.strip("\n"), ""
    lines = source.text.split("\n")
    taken = {number for node in blocks for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    kept = [line for number, line in enumerate(lines, 1) if number not in taken]
    program = [line for number, line in enumerate(lines, 1) if number in taken]
    return "\n".join(kept).strip("\n"), "\n".join(program)


def _about(document: Document, source: Source, place: str) -> str:
    title = f"# {document.name or source.file}"
    parts = [title, document.description, _prose(document.doc)]
    version = f" {document.version}" if document.version and document.version != "latest" else ""
    origin = f"Imported from MLRun's `{place}`{version}, a function of kind `{document.kind}`."
    parts.append(f"{origin}\nIts code was in {source.place}.")
    if document.code_origin:
        parts[-1] += f"\nMLRun had it from `{_inline(document.code_origin)}`."
    if document.categories:
        parts.append(f"Categories: {', '.join(document.categories)}.")
    if document.labels:
        labels = (f"{_inline(key)}={_inline(value)}" for key, value in document.labels.items())
        parts.append(f"Labels: {', '.join(f'`{each}`' for each in labels)}.")
    if document.example:
        parts.append(f"MLRun's own example is `{_inline(document.example)}`.")
    return "\n\n".join(part for part in parts if part)


def _prose(text: str) -> str:
    """Return *text* unless it is only the path of a page."""
    return "" if re.fullmatch(r"[\w./-]+\.(?:md|rst|ipynb|html)", text) else text


def _inline(text: str) -> str:
    return " ".join(text.replace("`", "'").split())


def _stand_in(body: str) -> str:
    tree = ast.parse("\n".join(line for line in body.split("\n") if not line.startswith("%%")))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names = [name for each in sorted(_HELPERS) if (name := f"mlrun_{each}") in used]
    types = []
    for module, name in (("datetime", "datetime"), ("pathlib", "Path"), ("typing", "Literal")):
        if any(isinstance(node, ast.AnnAssign) and name in ast.unparse(node.annotation) for node in tree.body):
            types.append(f"from {module} import {name}\n")
    imports = "from mlrun_nb.from_mlrun.stand_in import install as install_mlrun\n"
    if names:
        imports += f"from mlrun_nb.from_mlrun.start import {', '.join(names)}\n"
    head = "".join(types) + ("\n" if types else "")
    return f"{head}{imports}\ninstall_mlrun()  # answers `import mlrun` where MLRun is not installed"


def check_target(name: str) -> None:
    """Raise OptionError where no notebook can be written to a file called *name*."""
    if PurePath(name).suffix.lower() not in _FORMATS:
        raise OptionError(f"`--to {name}` is no notebook", hint="Write a name that ends in `.ipynb`, `.py` or `.md`.")


def written(cells: Sequence[Written], name: str) -> bytes:
    """
    Return the notebook of *cells* in the form that the suffix of *name* says.

    Raises HubError where that form cannot hold them, as Markdown cannot hold every text.
    """
    plain = _plain(cells)
    suffix = PurePath(name).suffix.lower()
    if suffix == ".ipynb":
        return (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode()
    import jupytext
    import nbformat

    text = jupytext.writes(nbformat.from_dict(plain), fmt=_FORMATS[suffix])
    data = str(text).encode()
    back = [(cell.kind, cell.source.strip()) for cell in read_notebook(data, name=name).cells]
    if back != [(cell.kind, cell.source.strip()) for cell in cells]:
        raise HubError(
            f"`{name}` cannot hold this code: it has marks in it that begin a cell there",
            hint=f"Write it to `{PurePath(name).stem}.ipynb`.",
        )
    return data


def _plain(cells: Sequence[Written]) -> dict[str, Json]:
    return {
        "cells": [_cell(cell, number) for number, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(cell: Written, number: int) -> dict[str, Json]:
    common: dict[str, Json] = {
        "cell_type": cell.kind,
        "id": f"imported-{number}",
        "metadata": {"tags": list(cell.tags)} if cell.tags else {},
        "source": cell.source.rstrip("\n"),
    }
    return {**common, "execution_count": None, "outputs": []} if cell.kind == "code" else common
