"""What of a cell ran before it raised: only that has bound names in the kernel."""

from __future__ import annotations

from mlrun_nb.notebook.magic_lines import Unreadable
from mlrun_nb.notebook.statements import read_statements


def part_that_ran(source: str, line: int) -> str:
    """
    Return the statements of *source* above the one at *line*, from 1, that raised; their lines keep their numbers.

    Empty for a cell that cannot be read. A statement that began counts as not run, whatever it did before it raised.
    """
    try:
        statements = read_statements(source).statements
    except Unreadable:
        return ""
    raised = next((each for each in statements if each.lines[-1][0] >= line), None)
    if raised is None:
        return source
    return "\n".join(source.split("\n")[: raised.lines[0][0] - 1])
