"""
The way back: from a line that a kernel executed to the line of the notebook that the function came from.

Three texts lie on it: what Python compiled (magics are calls there), the executed notebook's cell, the original cell.
The middle one is what `source_line` returns and the others take.
"""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.notebook.magic_lines import compiled_lines
from mlrun_nb.notebook.source_map import original_line
from mlrun_nb.runner.cell_metadata import before_it_runs, cell_role, cell_source
from mlrun_nb.runner.faults import Where
from mlrun_nb.runner.notebook_file import Node


class Original:
    """
    The original of the executed *cells*, in the notebook that messages call *notebook*.

    *translated* where IPython made Python of the cells, which moves lines.
    """

    def __init__(self, cells: Sequence[Node], notebook: str, *, translated: bool = True) -> None:
        self._cells, self._notebook, self._translated = cells, notebook, translated

    def where(self, index: int) -> Where:
        """Return how messages speak of a cell."""
        return Where.of(before_it_runs(index, self._cells[index]), self._notebook)

    def place(self, index: int, line: int) -> str:
        """Return how a traceback speaks of a cell's line: `Cell 3 of train.ipynb, line 6`."""
        cell, where = self._cells[index], self.where(index)
        is_written = original_line(cell, line) is not None or cell_role(cell) is None
        place = where.place.capitalize() if is_written else f"Generated cell `{where.name}`"
        return f"{place}, line {self.number(index, line)}"

    def number(self, index: int, line: int) -> int:
        """Return the number of a cell's line in the original; its own number in generated code."""
        return original_line(self._cells[index], line) or line

    def written(self, index: int, line: int) -> str:
        """Return the text of a cell's line, empty where there is none."""
        lines = cell_source(self._cells[index]).split("\n")
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def counted(self, count: int) -> int | None:
        """Return the index of the cell that was executed as number *count*."""
        return next((index for index, cell in enumerate(self._cells) if cell.get("execution_count") == count), None)

    def source_line(self, index: int, compiled: int) -> int:
        """Return the cell's line that is line *compiled* of what Python was given."""
        if not self._translated:
            return compiled
        lines = compiled_lines(cell_source(self._cells[index]))
        return lines[compiled - 1] if 0 < compiled <= len(lines) else compiled

    def below_cell_magic(self, index: int, compiled: int) -> int | None:
        """Return the cell's line that is line *compiled* of what its cell magic executed; None without a magic."""
        magic = self.source_line(index, 1)
        if not self.written(index, magic).startswith("%%"):
            return None
        lines = compiled_lines("\n".join(cell_source(self._cells[index]).split("\n")[magic:]))
        return magic + lines[compiled - 1] if 0 < compiled <= len(lines) else None
