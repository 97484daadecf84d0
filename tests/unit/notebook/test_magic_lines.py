"""Which line of a cell a line of its Python stands for."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from mlrun_nb.notebook.magic_lines import compiled_lines

CELLS = [
    ("x = 1\n1 / 0", [1, 2]),
    ("\n \nx = 1\n1 / 0", [3, 4]),
    ("%time f(1, \\\n  2)\n1 / 0", [1, 3]),
    ("a = !ls \\\n -l\n%time g(\\\n1,\\\n2)\nb", [1, 3, 6]),
    ("if 1:\n    %time f(1, \\\n 2)\n\nb", [1, 2, 4, 5]),
    ("'''\n%time a \\\n'''\nb", [1, 2, 3, 4]),
    ("\n%%time\nx\n1 / 0", [2]),
    ("  x\n  1 / 0", [1, 2]),
    ("x = (1 \\\n+ 2\n", [1, 2, 3]),
    ("", [1]),
]


@pytest.mark.parametrize(("source", "lines"), CELLS)
def test_lines_are_counted_as_ipython_compiles_them(source, lines):
    """IPython's own translation is the judge: as many lines, and what is no magic is the same text."""
    assert compiled_lines(source) == lines
    for number, text in zip(lines, TransformerManager().transform_cell(source).split("\n"), strict=False):
        assert "get_ipython" in text or text.strip() == source.split("\n")[number - 1].strip()
