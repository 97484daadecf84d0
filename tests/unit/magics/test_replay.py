"""What a run displayed, from its executed notebook."""

from __future__ import annotations

import json

from mlrun_nb.magics.replay import outputs

FIGURE = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "aGk=", "text/plain": "<Figure>"}}
VALUE = {"output_type": "execute_result", "metadata": {}, "execution_count": 3, "data": {"text/plain": "3"}}
TEXT = {"output_type": "stream", "name": "stdout", "text": "hi"}
WIDGET = {"output_type": "display_data", "metadata": {}, "data": {"application/vnd.jupyter.widget-view+json": {}}}


def write(folder, *found, role="body"):
    """Write an executed notebook of one cell with outputs *found*."""
    cell = {"cell_type": "code", "metadata": {"mlrun_nb": {"role": role}}, "outputs": list(found), "source": ""}
    (folder / "output.ipynb").write_text(json.dumps({"cells": [cell]}))
    return folder / "output.ipynb"


def test_displays_and_values_of_the_body_are_shown_again(tmp_path):
    """Not its text, which the card has, nor what needs a live kernel."""
    assert list(outputs(write(tmp_path, FIGURE, TEXT, WIDGET, VALUE))) == [FIGURE, VALUE]


def test_what_other_cells_displayed_is_not(tmp_path):
    """Setup runs again in each run; its figures were seen."""
    assert list(outputs(write(tmp_path, FIGURE, role="setup"))) == []


def test_outputs_stop_where_a_notebook_would_burst(tmp_path):
    """And nothing is cut in two."""
    assert list(outputs(write(tmp_path, FIGURE, VALUE), most_bytes=60)) == [FIGURE]


def test_without_a_notebook_there_is_nothing_to_show(tmp_path):
    """It may lie elsewhere, or be gone."""
    assert list(outputs(tmp_path / "output.ipynb")) == []
