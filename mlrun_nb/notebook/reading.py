"""
Make a `Notebook` from the bytes of a file: `.ipynb`, py:percent (and jupytext's other scripts), Markdown and MyST.

Only sources are taken: outputs and what papermill left in an earlier execution stay behind. The usual file, nbformat 4,
is read with the standard library alone; nbformat and jupytext are loaded for the others. Services hand in the bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Literal

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import NotebookError
from mlrun_nb.model.notice import Notice
from mlrun_nb.notebook.cells import Cell, Notebook
from mlrun_nb.notebook.comment_tags import comment_tags
from mlrun_nb.notebook.foreign import read_text_notebook, upgrade

_NEWEST_MAJOR = 4
_PAPERMILL_TAGS = frozenset({"papermill-error-cell-tag", "injected-parameters"})
_OLD_ERROR_CELL = re.compile(r"(?:%%html\n)?<span [^>]*color:red[^>]*>An Exception was encountered at ")
"""Papermill before 2.2 did not tag the cell that it puts on top of a failed notebook."""

_KINDS: dict[str, Literal["code", "markdown", "raw"]] = {"code": "code", "markdown": "markdown", "raw": "raw"}

_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def read_notebook(data: bytes, *, name: str) -> Notebook:
    """
    Return the notebook in *data*; the suffix of *name* decides how it is read.

    Source of `nbformat`, `cells` and their fields: nbformat 4 format description. Raises NotebookError naming the file.
    """
    text = _decode(data, name)
    suffix = PurePath(name).suffix.lower()
    if suffix == ".ipynb":
        return _read_ipynb(text, name)
    if suffix in {".py", ".md"}:
        return _notebook(read_text_notebook(text, name, suffix), name, is_script=suffix == ".py")
    raise NotebookError(
        f"`{name}` is not a notebook: its suffix is `{suffix}`",
        hint="Give a `.ipynb`, `.py` (py:percent) or `.md` file.",
    )


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as err:
        raise NotebookError(
            f"`{name}` is not UTF-8 text (byte {err.start})", hint=f"Save `{name}` as UTF-8 in its editor."
        ) from err


def _read_ipynb(text: str, name: str) -> Notebook:
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise NotebookError(
            f"`{name}` is not valid JSON: {err}",
            hint=f"Take `{name}` back from version control or a checkpoint (`.ipynb_checkpoints/`).",
        ) from err
    if _HALF_CHARACTER.search(text) and not _is_unicode(plain):
        raise _broken(name, "a text in it ends within a character (a lone surrogate)")
    major = plain.get("nbformat") if isinstance(plain, dict) else None
    if not isinstance(major, int) or isinstance(major, bool):
        raise _broken(name, "it is JSON, but has no number `nbformat`")
    if major > _NEWEST_MAJOR:
        raise NotebookError(
            f"`{name}` is in notebook format {major}; formats up to {_NEWEST_MAJOR} are known",
            hint="Save it from JupyterLab as nbformat 4, or upgrade mlrun-nb: `pip install -U mlrun-nb`.",
        )
    if major == _NEWEST_MAJOR:
        return _notebook(plain, name)
    notice = Notice(
        text=f"`{name}` is in notebook format {major} and was read as format 4",
        hint=f"Convert it once: `jupyter nbconvert --to notebook --inplace {quoted(name)}`.",
    )
    return _notebook(upgrade(text, name, major), name, notices=(notice,))


def _is_unicode(plain: object) -> bool:
    try:
        json.dumps(plain, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _notebook(
    plain: Mapping[str, object], name: str, *, is_script: bool = False, notices: tuple[Notice, ...] = ()
) -> Notebook:
    metadata = plain.get("metadata", {})
    if not isinstance(metadata, dict):
        raise _broken(name, "`metadata` is not an object")
    kernel, language = _kernel(metadata, name)
    if not kernel and not is_script:
        text = f"`{name}` names no kernel; `python3` is taken"
        notices = (*notices, Notice(text=text, hint="Choose a kernel in JupyterLab and save the notebook."))
    kept = {str(key): value for key, value in metadata.items() if key != "papermill"}
    return Notebook(
        name=name,
        cells=tuple(_cells(plain, name)),
        kernel=kernel or "python3",
        language=language or "python",
        metadata=kept,
        notices=notices,
    )


def _kernel(metadata: Mapping[str, Json], name: str) -> tuple[str, str]:
    spec, info = metadata.get("kernelspec") or {}, metadata.get("language_info") or {}
    if not isinstance(spec, dict):
        raise _broken(name, "`metadata.kernelspec` is not an object")
    if not isinstance(info, dict):
        raise _broken(name, "`metadata.language_info` is not an object")
    kernel, language = spec.get("name", ""), spec.get("language") or info.get("name", "")
    if not isinstance(kernel, str) or not isinstance(language, str):
        raise _broken(name, "`metadata.kernelspec` names a kernel or language that is not text")
    return kernel, language


def _cells(plain: Mapping[str, object], name: str) -> Iterator[Cell]:
    cells = plain.get("cells")
    if not isinstance(cells, list):
        raise _broken(name, "`cells` is not a list")
    index = 0
    for number, raw in enumerate(cells):
        cell = _cell(raw, index, f"cell {number}", name)
        if not (_PAPERMILL_TAGS & set(cell.tags) or _OLD_ERROR_CELL.match(cell.source)):
            yield cell
            index += 1


def _cell(raw: object, index: int, where: str, name: str) -> Cell:
    if not isinstance(raw, dict):
        raise _broken(name, f"{where} is not an object")
    kind = raw.get("cell_type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise _broken(name, f"{where} is of unknown type `{kind}`")
    source, cell_id = raw.get("source", ""), raw.get("id", "")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise _broken(name, f"`source` of {where} is not text")
    text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n")
    tags = (*_tags(raw.get("metadata", {}), where, name), *(comment_tags(text) if kind == "code" else ()))
    return Cell(
        index=index,
        kind=_KINDS[kind],
        source=text,
        id=cell_id if isinstance(cell_id, str) else "",
        tags=tuple(dict.fromkeys(tags)),
    )


def _tags(metadata: object, where: str, name: str) -> tuple[str, ...]:
    tags = metadata.get("tags", []) if isinstance(metadata, dict) else None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _broken(name, f"`metadata` of {where} is not an object with a list of texts as `tags`")
    return tuple(tags)


def _broken(name: str, what: str) -> NotebookError:
    return NotebookError(
        f"`{name}` is not a notebook: {what}",
        hint=f"Open `{name}` in JupyterLab and save it, or take it from version control.",
    )
