"""Reading: which files are notebooks, what is taken from them, and what a broken one gets."""

from __future__ import annotations

import json
import logging

import nbformat
import pytest

from mlrun_nb.errors import NotebookError
from mlrun_nb.notebook.reading import read_notebook
from tests.unit.notebook.notebooks import ipynb, plain_cell

PERCENT = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: my-kernel
# ---

# %% [markdown]
# # Title

# %% tags=["parameters"]
lr: float = 0.1

# %%
# %%mlrun train --memory 4Gi
model = lr

# %%
%%mlrun score
accuracy = 1
"""

MYST = """\
---
kernelspec:
  name: python3
  display_name: Python 3
---
# Title

```{code-cell} ipython3
:tags: [parameters]

lr = 0.1
```
"""

MARKDOWN = """\
# Title

```python tags=["parameters"]
lr = 0.1
```
"""

OLD_CELLS = {
    3: [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python", "outputs": [], "metadata": {}}],
    2: [{"cell_type": "code", "input": ["x = 1", "y = 2"], "language": "python", "outputs": []}],
}


def test_sources_written_as_lists_of_lines_or_as_text_are_the_same():
    """The format allows both forms, with any line ending."""
    read = read_notebook(ipynb([plain_cell(["x = 1\n", "y = 2"]), plain_cell("x = 1\r\ny = 2")]), name="a.ipynb")
    assert [cell.source for cell in read.cells] == ["x = 1\ny = 2"] * 2


def test_kernel_language_ids_and_tags_are_taken():
    """What the runner and messages need of a notebook is in its record."""
    metadata = {"kernelspec": {"name": "ir", "display_name": "R"}, "language_info": {"name": "R"}, "title": "T"}
    read = read_notebook(ipynb([plain_cell("x", tags=["parameters"])], metadata=metadata), name="a.ipynb")
    assert (read.kernel, read.language, read.metadata["title"], read.notices) == ("ir", "R", "T", ())
    assert (read.cells[0].id, read.cells[0].tags) == ("x", ("parameters",))


def test_a_notebook_without_kernelspec_is_python3_with_a_notice():
    """A missing kernel is a guess that the user hears of."""
    read = read_notebook(ipynb(metadata={}), name="a.ipynb")
    assert (read.kernel, read.language) == ("python3", "python")
    assert "names no kernel" in read.notices[0].text


def test_what_papermill_left_in_an_input_shifts_no_index():
    """Error markers of old and new papermill and injected parameters are not cells of the author."""
    old_marker = "<span style=\"color:red; font-family:Helvetica\">An Exception was encountered at 'In [3]'.</span>"
    cells = [
        plain_cell("An error", "markdown", tags=["papermill-error-cell-tag"]),
        plain_cell(f"%%html\n{old_marker}"),
        plain_cell("lr = 0.1", tags=["parameters"]),
        plain_cell("lr = 0.9", tags=["injected-parameters"]),
        plain_cell("model = lr"),
    ]
    read = read_notebook(ipynb(cells, metadata={"papermill": {"status": "failed"}}), name="a.ipynb")
    assert [(cell.index, cell.source) for cell in read.cells] == [(0, "lr = 0.1"), (1, "model = lr")]
    assert "papermill" not in read.metadata


@pytest.mark.parametrize("major", [2, 3])
def test_an_older_format_is_upgraded_with_a_notice(major):
    """Formats 2 and 3 are read through nbformat itself."""
    plain = {"nbformat": major, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": OLD_CELLS[major]}]}
    read = read_notebook(json.dumps(plain).encode(), name="old.ipynb")
    assert [cell.source for cell in read.cells] == ["x = 1\ny = 2"]
    assert f"format {major}" in read.notices[0].text


def test_an_old_notebook_reads_the_same_twice():
    """The random ids that an upgrade gives to cells do not get in."""
    plain = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": OLD_CELLS[3]}]}
    first, second = (read_notebook(json.dumps(plain).encode(), name="old.ipynb") for _ in range(2))
    assert first == second


def test_nothing_is_logged_or_printed_while_an_invalid_notebook_is_read(caplog, capfd):
    """Warnings of nbformat are about the library's own API and do not reach users."""
    cells = [{"cell_type": "code", "metadata": {}, "source": "x = 1"}, plain_cell("y = 2")]
    with caplog.at_level(logging.DEBUG):
        read_notebook(ipynb(cells), name="a.ipynb")
        plain = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": OLD_CELLS[3]}]}
        read_notebook(json.dumps(plain).encode(), name="old.ipynb")
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_a_percent_script_is_read_with_commented_and_bare_magics():
    """Both ways to write `%%mlrun` in a script are functions; one bare magic does not change how others are read."""
    read = read_notebook(PERCENT.encode(), name="work.py")
    assert [cell.kind for cell in read.cells] == ["markdown", "code", "code", "code"]
    assert read.cells[1].tags == ("parameters",)
    assert read.cells[2].source == "%%mlrun train --memory 4Gi\nmodel = lr"
    assert read.cells[3].source == "%%mlrun score\naccuracy = 1"
    assert (read.kernel, read.notices) == ("my-kernel", ())


@pytest.mark.parametrize("text", [MARKDOWN, MYST], ids=["jupytext", "myst"])
def test_markdown_notebooks_have_cells_and_tags(text):
    """Both Markdown forms that jupytext knows are told apart by their content."""
    read = read_notebook(text.encode(), name="work.md")
    assert [(cell.kind, cell.source, cell.tags) for cell in read.cells] == [
        ("markdown", "# Title", ()),
        ("code", "lr = 0.1", ("parameters",)),
    ]


def test_a_script_reads_the_same_twice():
    """The random ids of jupytext do not get in."""
    assert read_notebook(PERCENT.encode(), name="a.py") == read_notebook(PERCENT.encode(), name="a.py")


BROKEN = {
    "not UTF-8": (b"\xff\xfe{}", "not UTF-8"),
    "cut off": (b'{"cells": [', "not valid JSON"),
    "empty": (b"", "not valid JSON"),
    "too deep": (b"[" * 100_000, "not valid JSON"),
    "a list": (b"[]", "no number `nbformat`"),
    "no nbformat": (b'{"cells": []}', "no number `nbformat`"),
    "nbformat is text": (ipynb(nbformat="4"), "no number `nbformat`"),
    "from the future": (ipynb(nbformat=5), "format 5"),
    "metadata is a list": (ipynb(metadata=[]), "`metadata`"),
    "kernelspec is text": (ipynb(metadata={"kernelspec": "python3"}), "`metadata.kernelspec`"),
    "kernel is a number": (ipynb(metadata={"kernelspec": {"name": 3}}), "`metadata.kernelspec`"),
    "language_info is a list": (ipynb(metadata={"language_info": [1]}), "`metadata.language_info`"),
    "no cells": (b'{"nbformat": 4, "metadata": {}}', "`cells`"),
    "a cell is text": (ipynb(["x"]), "cell 0"),
    "unknown kind": (ipynb([plain_cell("x", "heading")]), "cell 0"),
    "source is a number": (ipynb([plain_cell(3)]), "`source` of cell 0"),
    "tags is text": (ipynb([plain_cell("x", tags="parameters")]), "`metadata` of cell 0"),
    "half a character": (ipynb([plain_cell("\ud800")]), "lone surrogate"),
    "an old one without worksheets": (b'{"nbformat": 3}', "not notebook format 3"),
    "an old one with nonsense": (b'{"nbformat": 3, "worksheets": [{"cells": [3]}]}', "not notebook format 3"),
    "a format that never was": (b'{"nbformat": 0}', "format 0"),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook_is_named_with_what_is_wrong_and_a_remedy(data, said):
    """Every kind of broken file is one error of ours, never a traceback."""
    with pytest.raises(NotebookError) as caught:
        read_notebook(data, name="folder/bad.ipynb")
    assert "`folder/bad.ipynb`" in caught.value.message
    assert said in caught.value.message
    assert caught.value.hint


def test_a_file_of_another_kind_is_refused_by_its_suffix():
    """The suffix decides, and the message lists those that are read."""
    with pytest.raises(NotebookError, match=r"suffix is `\.txt`") as caught:
        read_notebook(b"x = 1", name="notes.txt")
    assert ".ipynb" in caught.value.hint


def test_what_is_written_by_nbformat_is_read():
    """The own reader of nbformat 4 agrees with the library's writer."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# T"), nbformat.v4.new_code_cell("x = 1"), nbformat.v4.new_raw_cell("r")]
    )
    read = read_notebook(nbformat.writes(made).encode(), name="a.ipynb")
    assert [(cell.kind, cell.source, cell.id) for cell in read.cells] == [
        (cell.cell_type, cell.source, cell.id) for cell in made.cells
    ]
