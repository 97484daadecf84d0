"""
A notebook of the corpus from its first cell to its last in one session, as under a user's hand.

`%%mlrun` cells run in place with their defaults; inputs before and outputs behind them are kept in a folder. Before a
function runs, capture with the live values must take what it takes without them.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from mlrun_nb._lib.records import to_json
from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.artifacts.saving import save_value
from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import FunctionCell
from mlrun_nb.notebook.discovery import find_function
from mlrun_nb.notebook.parsing import parse_function_cell
from mlrun_nb.notebook.reading import read_notebook
from tests.acceptance.corpus import Story


def run_whole(story: Story, values: Path) -> None:
    """Run the notebook; values are kept in *values*. Raises what a cell raises."""
    sources = list(_sources(story, values))
    if story.needs_kernel:
        _in_kernel(sources, story.path.parent)
    else:
        _in_ipython(sources)


def keep(folder: str, names: Sequence[str], namespace: dict[str, Any]) -> None:
    """Keep variables as artifacts, and their records beside them; called from between the cells."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    records = {name: to_json(save_value(namespace[name], LocalFolder(place), name).artifact) for name in names}
    (place / "records").write_text(json.dumps(records))


def compare_live(path: str, function: str, namespace: dict[str, Any]) -> None:
    """Raise AssertionError where capture in this kernel gives other source than capture from the file alone."""
    notebook = read_notebook(Path(path).read_bytes(), name=path)
    cell = find_function(notebook, function)
    above, inputs = notebook.cells[: cell.cell.index], _names(cell, "input")
    alone, live = (capture(cell.body, above, given=inputs, live=values).cells for values in (None, namespace))
    assert alone == live, f"{function}: {live} is captured here, {alone} from the file"


def _sources(story: Story, values: Path) -> Iterator[tuple[str, bool]]:
    """Yield the code to run, each with whether it may raise."""
    for cell in story.notebook.cells:
        function = parse_function_cell(cell)
        if cell.kind == "code" and function is None:
            yield cell.source, "raises-exception" in cell.tags
        if function is not None:
            yield _keep(values / function.name / "inputs", _names(function, "input")), False
            if not _is_to_fail(story, function.name):
                yield _compare(story.path, function.name), False
            yield from ((source, _is_to_fail(story, function.name)) for source in _in_place(function))
            yield _keep(values / function.name / "outputs", _outputs(function, story)), False
    yield "import matplotlib.pyplot as _plt; _plt.close('all')", False


def _in_place(function: FunctionCell) -> Iterator[str]:
    yield function.body
    definition = _definition(function.body)
    if definition is not None:
        given = ", ".join(f"{name}={name}" for name in _names(function, "input"))
        yield f"{', '.join(_names(function, 'output') or ['result'])} = {definition}({given})"


def _is_to_fail(story: Story, function: str) -> bool:
    return bool(story.stated(function, "error") or story.stated(function, "fails"))


def _definition(body: str) -> str | None:
    try:
        tree = ast.parse(body)
    except SyntaxError:  # magics
        return None
    return tree.body[0].name if len(tree.body) == 1 and isinstance(tree.body[0], ast.FunctionDef) else None


def _outputs(function: FunctionCell, story: Story) -> list[str]:
    if _is_to_fail(story, function.name):
        return []
    return _names(function, "output") or (["result"] if _definition(function.body) else [])


def _names(function: FunctionCell, option: str) -> list[str]:
    names = function.options.get(option, [])
    return [str(name) for name in names] if isinstance(names, list) else []


def _keep(folder: Path, names: Sequence[str]) -> str:
    return f"from {__name__} import keep as _keep\n_keep({str(folder)!r}, {list(names)!r}, globals())"


def _compare(path: Path, function: str) -> str:
    return f"from {__name__} import compare_live as _compare\n_compare({str(path)!r}, {function!r}, globals())"


def _in_ipython(sources: Sequence[tuple[str, bool]]) -> None:
    from IPython.terminal.interactiveshell import TerminalInteractiveShell

    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    shell = TerminalInteractiveShell.instance(simple_prompt=True, user_module=main, user_ns=main.__dict__)
    shell.run_line_magic("xmode", "Minimal")
    for source, may_raise in sources:
        result = shell.run_cell(source, store_history=True)
        if not may_raise:
            result.raise_error()


def _in_kernel(sources: Sequence[tuple[str, bool]], folder: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook()
    for source, may_raise in sources:
        metadata = {"tags": ["raises-exception"]} if may_raise else {}
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata))
    root = str(Path(__file__).parents[2])
    notebook.cells.insert(0, nbformat.v4.new_code_cell(f"import sys; sys.path.append({root!r})"))
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
