"""
One cell as code of this process: magics, top-level `await`, the value of the last line, and sources for the debugger.

Behaves as IPython's kernel does, without one: `from __future__` holds for later cells too. Used by `in_process`.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import linecache
import sys
import threading
from collections.abc import Coroutine
from types import CodeType
from typing import Any

from mlrun_nb.errors import UsageError
from mlrun_nb.notebook.nested import as_plain_cell

_FUTURES = sum(getattr(__future__, name).compiler_flag for name in set(__future__.all_feature_names))


class CellRunner:
    """Runs cells one after the other in one namespace; *label* begins the names under which debuggers show them."""

    def __init__(self, namespace: dict[str, Any], *, label: str) -> None:
        self._namespace, self._label = namespace, label
        self._flags = 0

    def file_of(self, index: int) -> str:
        """Return the file name of a cell in tracebacks."""
        return f"<{self._label} cell {index + 1}>"

    def run(self, source: str, index: int) -> None:
        """Execute *source*; the value of a last expression goes to `sys.displayhook`. Raises what the cell raises."""
        file = self.file_of(index)
        text = _translated(as_plain_cell(source), file)
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        tree = ast.parse(text, file)
        shown = [tree.body.pop()] if _ends_with_value(tree, source) else []
        self._execute(compile(tree, file, "exec", flags=self._all_flags(), dont_inherit=True))
        for last in shown:
            code = compile(ast.Interactive([last]), file, "single", flags=self._all_flags(), dont_inherit=True)
            self._execute(code)

    def _all_flags(self) -> int:
        return self._flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

    def _execute(self, code: CodeType) -> None:
        self._flags |= code.co_flags & _FUTURES
        if code.co_flags & inspect.CO_COROUTINE:
            _wait_for(eval(code, self._namespace))  # noqa: S307  # the user's cell
        else:
            exec(code, self._namespace)  # noqa: S102  # the user's cell


def shell() -> Any:  # noqa: ANN401  # IPython's shell, which may not be imported here
    """Return the IPython shell of this process, None where there is none; imports nothing."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _translated(source: str, file: str) -> str:
    here = shell()
    if here is not None:
        return str(here.transform_cell(source))
    try:
        ast.parse(source, file)
    except SyntaxError:
        magic = next((line for line in source.splitlines() if line.lstrip().startswith(("%", "!", "?"))), None)
        if magic is None:
            raise
        hint = "Run it from a notebook or IPython, or with `--on local`."
        error = UsageError(f"`{magic.strip()}` is a magic, and there is no IPython in this process", hint=hint)
        error.add_note(f"hint: {hint}")  # it is told as the cell's own exception
        raise error from None
    return source


def _ends_with_value(tree: ast.Module, source: str) -> bool:
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";")


def _wait_for(coroutine: Coroutine[Any, Any, object]) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(coroutine)
        return
    # a kernel's loop is running in this thread: the cell gets a loop in another
    raised: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(coroutine)
        except BaseException as err:  # noqa: BLE001  # raised again where the cell is executed
            raised.append(err)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
