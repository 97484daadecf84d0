"""
Tell whether a cell is a function, and read what it says about itself: the `%%mlrun` line and `#| mlrun.KEY:` lines.

Follows IPython in what counts as a cell magic. Raises for a cell that means to be a function and is broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mlrun_nb._lib.records import Json
from mlrun_nb.errors import OptionError
from mlrun_nb.model.function import CellOrigin
from mlrun_nb.model.options import Kind, find_option
from mlrun_nb.notebook.cells import Cell, FunctionCell, Notebook
from mlrun_nb.notebook.option_line import check_given, parse_option_line

_MAGIC_LINE = re.compile(r"%%mlrun(?: (?P<line>.*))?")
_BURIED = re.compile(r"(?:[ \t]*(?:#[^\n]*|%%(?!mlrun\b)\w[^\n]*)?\n)+[ \t]*%%mlrun[ \t]+(?P<name>[^\W\d]\w*)")
_OPTION_COMMENT = re.compile(r"\s*#\|\s*mlrun\.(?P<key>[\w-]+)\s*(?P<colon>:?)(?P<value>.*)")
LINE_SOURCE = "%%mlrun line"
COMMENT_SOURCE = "#| line"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentOptions:
    """What the `#| mlrun.` lines of a text say, and the text without them; `lines` are the numbers of lines kept."""

    options: Mapping[str, Json] = field(default_factory=dict)
    input_uris: Mapping[str, str] = field(default_factory=dict)
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookOptions:
    """What a whole notebook says about itself; `cells` has, by index, what the cells that can say it are without it."""

    options: Mapping[str, Json] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    input_uris: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[int, CommentOptions] = field(default_factory=dict)


def cell_name(cell: Cell | CellOrigin) -> str:
    """
    Return how messages call the cell: `cell 4` by its position, counted from 1, `cell [3]` by its number in a kernel.
    """
    if cell.count is not None:
        return f"cell [{cell.count}]"
    return "captured code" if cell.index is None else f"cell {cell.index + 1}"


def parse_function_cell(cell: Cell) -> FunctionCell | None:
    """Return the function that *cell* is, or None when its first line that is not blank is no `%%mlrun` line."""
    split = _split_magic(cell)
    if split is None:
        return None
    text, body, body_line = split
    line = parse_option_line(text, f"the `%%mlrun` line of {cell_name(cell)}")
    comments = parse_comment_options(body, first_line=body_line, where=cell_name(cell))
    return FunctionCell(
        name=line.name,
        cell=cell,
        options={**comments.options, **line.options},
        sources=dict.fromkeys(comments.options, COMMENT_SOURCE) | dict.fromkeys(line.options, LINE_SOURCE),
        body=comments.text,
        body_line=comments.lines[0] if comments.lines else body_line,
        lines=comments.lines,
        input_uris={**comments.input_uris, **line.input_uris} if "input" not in line.options else line.input_uris,
    )


def stated_name(cell: Cell) -> str:
    """Return the name that the `%%mlrun` line of *cell* begins with, whatever is wrong with the rest; may be empty."""
    split = _split_magic(cell)
    words = split[0].split() if split is not None else []
    return words[0] if words and words[0].isidentifier() else ""


def is_function(cell: Cell) -> bool:
    """Tell whether *cell* means to be a function, well formed or not."""
    return _split_magic(cell) is not None


def buried_name(cell: Cell) -> str | None:
    """Return the name on a `%%mlrun` line that stands below a comment or another cell magic."""
    match = _BURIED.match(cell.source) if cell.kind == "code" and _split_magic(cell) is None else None
    return match["name"] if match else None


def strip_magic(source: str) -> tuple[str, int]:
    """
    Return the text below the `%%mlrun` line and the number of its first line, from 1; without one, the whole text.

    The text is dedented as IPython dedents a cell whose first line is indented.
    """
    split = _split_magic(Cell(index=0, kind="code", source=source))
    return (source, 1) if split is None else (split[1], split[2])


def _split_magic(cell: Cell) -> tuple[str, str, int] | None:
    """Return the magic's line, the text below it, and the number of the first line below it."""
    if cell.kind != "code" or "%%mlrun" not in cell.source:
        return None
    lines = cell.source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
    match = _MAGIC_LINE.fullmatch(lines[first].strip())
    if match is None:
        return None
    body = [line.removeprefix(indent) for line in lines[first + 1 :]]
    return match["line"] or "", "\n".join(body), first + 2


def parse_comment_options(text: str, *, first_line: int, where: str) -> CommentOptions:
    """
    Return the options that `#| mlrun.KEY: value` lines in the comments at the top of *text* give; values are YAML.

    Other `#|` lines belong to Quarto and nbdev and stay. Raises OptionError naming line and *where*.
    """
    lines = text.split("\n")
    found = option_comments(lines)
    given: dict[str, list[object]] = {}
    for number, match in found.items():
        place = f"line {first_line + number} of {where}"
        option = find_option(match["key"], where=place)
        given.setdefault(option.name, []).append(_yaml(match, place, is_flag=option.kind is Kind.FLAG))
    options, uris = check_given(given, f"the `#|` lines of {where}")
    kept = [number for number in range(len(lines)) if number not in found]
    return CommentOptions(
        options=options,
        input_uris=uris,
        text="\n".join(lines[number] for number in kept),
        lines=tuple(first_line + number for number in kept),
    )


def option_comments(lines: Sequence[str]) -> dict[int, re.Match[str]]:
    """Return the `#| mlrun.` lines at the top of *lines* by their index, with the groups `key`, `colon` and `value`."""
    top = next((number for number, line in enumerate(lines) if not _is_comment(line)), len(lines))
    return {number: match for number, line in enumerate(lines[:top]) if (match := _OPTION_COMMENT.fullmatch(line))}


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _yaml(match: re.Match[str], place: str, *, is_flag: bool) -> object:
    if not match["colon"]:
        raise OptionError(
            f"`{match[0].strip()}` in {place} lacks a colon", hint=f"Write `#| mlrun.{match['key']}: value`."
        )
    text = match["value"].strip()
    if is_flag and not text:
        return True
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as err:  # ValueError: a date such as 2024-99-01
        raise OptionError(
            f"`{text}` in {place} is not YAML", hint=f'Quote the value: `#| mlrun.{match["key"]}: "…"`.'
        ) from err


def parse_notebook_options(notebook: Notebook) -> NotebookOptions:
    """
    Return the options of a whole notebook: of the `#| mlrun.` lines of its first code cell and its `parameters` cell.

    The second wins over the first, and what was given beside the text over both.
    """
    first = next((cell for cell in notebook.cells if cell.kind == "code"), None)
    found: dict[int, CommentOptions] = {}
    for cell in (first, parameters_cell(notebook)):
        if cell is not None:
            found[cell.index] = parse_comment_options(cell.source, first_line=1, where=cell_name(cell))
    merged = {name: value for part in found.values() for name, value in part.options.items()}
    return NotebookOptions(
        options={**merged, **notebook.options},
        sources=dict.fromkeys(merged, COMMENT_SOURCE),
        input_uris={name: uri for part in found.values() for name, uri in part.input_uris.items()},
        cells=found,
    )


def parameters_cell(notebook: Notebook) -> Cell | None:
    """Return the cell that papermill injects behind. Source: papermill, `find_first_tagged_cell_index`."""
    return next((cell for cell in notebook.cells if cell.kind == "code" and "parameters" in cell.tags), None)
