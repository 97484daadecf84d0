"""Tags that a cell's text gives it."""

from __future__ import annotations

import json

import pytest

from mlrun_nb.notebook.comment_tags import comment_tags
from mlrun_nb.notebook.reading import read_notebook


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#| tags: [mlrun-setup]\nx = 1", ("mlrun-setup",)),
        ("# why\n\n#|tags : [a, 'b-c']\nx = 1", ("a", "b-c")),
        ("#| tags: parameters\nx = 1", ("parameters",)),
        ("%%time\n#| tags: [a]\nx = 1", ("a",)),
        ("x = 1\n#| tags: [a]", ()),
        ("#| label: tags\nx = 1", ()),
        ("# tags: [a]\nx = 1", ()),
    ],
)
def test_only_the_comments_at_the_top_give_tags(source, tags):
    """In the forms that Quarto knows."""
    assert comment_tags(source) == tags


def test_a_code_cell_of_a_file_has_them_beside_its_own():
    """Each once; prose has none."""
    text = "#| tags: [a, b]\nx = 1"
    cells = [
        {"cell_type": kind, "source": text, "metadata": {"tags": ["b", "c"]}, "outputs": [], "execution_count": None}
        for kind in ("code", "markdown")
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()
    assert [cell.tags for cell in read_notebook(data, name="n.ipynb").cells] == [("b", "c", "a"), ("b", "c")]
