"""
The executed notebook as a file: written after every cell, serialised only where something changed.

Works on plain dicts and on nbformat's nodes. A notebook with 500 MB of output costs one serialisation of each cell, not
one of all cells after each. Secrets are masked here and nowhere else on the way into the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.runner.layout import OUTPUT
from mlrun_nb.runner.masking import Mask

Node = dict[str, Any]
"""A notebook, cell or output: JSON of the notebook format."""

_AS_TEXT = ("application/javascript", "image/svg+xml")
"""Media types outside `text/` that notebook files hold as lists of lines. Source: nbformat v4 `split_lines`."""


class NotebookFile:
    """The file `output.ipynb` of a run. `settle` a cell when nothing in it will change any more."""

    def __init__(self, folder: Folder, mask: Mask) -> None:
        self._folder, self._mask = folder, mask
        self._settled: dict[int, str] = {}
        self._saved_at, self._cost_s = 0.0, 0.0

    def settle(self, index: int, cell: Node) -> int:
        """Keep the text of *cell* from now on; returns the bytes of its outputs."""
        self._settled[index] = self._cell(cell)
        outputs = self._mask.json(cell.get("outputs", []))
        return len(json.dumps(outputs, ensure_ascii=False).encode("utf-8", "replace")) if outputs else 0

    def save(self, notebook: Node, *, sync: bool = False) -> None:
        """Write *notebook*; raises ArtifactError."""
        begin = monotonic()
        cells = [self._settled.get(index) or self._cell(cell) for index, cell in enumerate(notebook["cells"])]
        rest = {
            "metadata": self._mask.json(dict(notebook["metadata"])),
            "nbformat": notebook["nbformat"],
            "nbformat_minor": notebook["nbformat_minor"],
        }
        tail = json.dumps(rest, ensure_ascii=False, indent=1).removeprefix("{\n")
        text = '{\n "cells": [\n' + ",\n".join(cells) + "\n ],\n" + tail + "\n"
        self._folder.write(OUTPUT, text.encode("utf-8", "surrogatepass"), sync=sync)
        self._saved_at = monotonic()
        self._cost_s = self._saved_at - begin

    def is_due(self) -> bool:
        """Whether a cell that is still executing should be saved: each 10 s, less often where saving takes long."""
        return monotonic() - self._saved_at > max(10.0, 20 * self._cost_s)

    def _cell(self, cell: Node) -> str:
        plain = {**cell, "source": _lines(cell["source"])}
        plain["metadata"] = {key: value for key, value in cell["metadata"].items() if key != "trusted"}
        if "outputs" in cell:
            plain["outputs"] = [_output(output) for output in cell["outputs"]]
        text = json.dumps(self._mask.json(plain), ensure_ascii=False, indent=1)
        return "  " + text.replace("\n", "\n  ")


def _output(output: Mapping[str, Any]) -> Node:
    plain = dict(output)
    if "text" in plain:
        plain["text"] = _lines(plain["text"])
    if "data" in plain:
        plain["data"] = {
            media: _lines(data) if media.startswith("text/") or media in _AS_TEXT else data
            for media, data in plain["data"].items()
        }
    return plain


def _lines(text: str | Sequence[str]) -> list[str]:
    return text.splitlines(keepends=True) if isinstance(text, str) else list(text)
