"""What the server says about a notebook that somebody has open, from the text that they see."""

from __future__ import annotations

from typing import Any, Literal

from mlrun_nb.server.route import Asked, Shape
from mlrun_nb.server.shapes.runs import RunRow

Standing = Literal["new", "unchanged", "edited", "broken"]


class CellText(Asked, frozen=True, kw_only=True):
    """One cell as the client shows it: its index in the notebook, its id and its tags (`mlrun-setup` counts)."""

    index: int
    source: str
    id: str = ""
    kind: Literal["code", "markdown", "raw"] = "code"
    tags: tuple[str, ...] = ()


class NotebookText(Asked, frozen=True, kw_only=True):
    """The cells of a notebook; for a look at its functions, those that begin with `%%mlrun` are enough."""

    path: str = ""
    cells: tuple[CellText, ...] = ()


class FunctionCell(Shape, frozen=True, kw_only=True):
    """
    A `%%mlrun` cell.

    `standing` compares its text with the latest version: never registered, unchanged, edited since, or not to be read.
    `version` is that version, None where there is none. `options` are those of the cell, as they are typed, `values`
    the same in their JSON forms; `problem` and `hint` say what is wrong with a broken one.
    """

    index: int
    id: str
    name: str
    standing: Standing
    version: str | None
    last_run: RunRow | None
    options: dict[str, str]
    values: dict[str, Any]
    problem: str
    hint: str


class FunctionCells(Shape, frozen=True, kw_only=True):
    """The functions of a notebook, in its order."""

    items: tuple[FunctionCell, ...]


class Proposal(Shape, frozen=True, kw_only=True):
    """
    What a cell could be as a function: its new text as `source`, and what it was made of.

    `parameters` are declarations such as `lr: float = 0.1`, `notices` say what cells below would no longer find. With a
    `problem` there is no proposal, and `source` is the cell's own text.
    """

    name: str
    parameters: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    source: str
    notices: tuple[str, ...]
    problem: str
    hint: str


class ProposeAsked(Asked, frozen=True, kw_only=True):
    """The cells of a notebook, and the index of the one that is to become a function called `name`, if it is known."""

    cells: tuple[CellText, ...]
    index: int
    name: str = ""


class EditAsked(Asked, frozen=True, kw_only=True):
    """
    A cell's text, and options to be stated in it: a text as it is typed, or a JSON form that is no text.

    An empty text takes an option away, as does null.
    """

    source: str
    options: dict[str, Any]


class Edited(Shape, frozen=True, kw_only=True):
    """The cell's new text."""

    source: str
