"""A version as cells that a person goes on with: what it needs of the cells above, and its `%%mlrun` cell."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.model.function import SourceCell, Version
from mlrun_nb.notebook.history import SETUP_TAG
from mlrun_nb.notebook.option_edit import edit_options


def editable_cells(version: Version) -> tuple[str, ...]:
    """Return the sources of cells that make *version* again where they are run; not for a whole notebook."""
    spec = version.spec
    above = [_tagged(cell) for cell in spec.cells if cell.role in {"setup", "definition"}]
    own = [cell.source for cell in spec.cells if cell.role in {"parameters", "body"}]
    data = [file.path for file in spec.files if not file.path.endswith(".py")]  # modules are found by their imports
    stated = {"input": list(spec.inputs), "output": list(spec.outputs), "file": data, **spec.options}
    options = {name: value for name, value in stated.items() if value not in ([], None)}
    return (*above, edit_options("\n".join([f"%%mlrun {version.function}", *own]), options))


def percent_text(prose: Sequence[str], code: Sequence[str]) -> str:
    """Return a notebook of Markdown and code cells as a script with `# %%`, without a header that names any tool."""
    import jupytext
    import nbformat

    cells = [*map(nbformat.v4.new_markdown_cell, prose), *map(nbformat.v4.new_code_cell, code)]
    bare = {"jupytext": {"notebook_metadata_filter": "-all"}}
    return str(jupytext.writes(nbformat.v4.new_notebook(cells=cells, metadata=bare), fmt="py:percent"))


def _tagged(cell: SourceCell) -> str:
    """Return the source, with the tag of a setup cell in its text."""
    is_tagged = cell.role != "setup" or SETUP_TAG in cell.source
    return cell.source if is_tagged else f"#| tags: [{SETUP_TAG}]\n{cell.source}"
