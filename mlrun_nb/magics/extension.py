"""What `%load_ext mlrun_nb` puts into a shell, and takes away again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from IPython.core.magic import no_var_expand

from mlrun_nb.api.session import session_of
from mlrun_nb.magics import nested
from mlrun_nb.magics.completion import make_matcher
from mlrun_nb.magics.manual import LINE_MANUAL, manual

_NAME = "mlrun"
_loaded: WeakKeyDictionary[Any, Extension] = WeakKeyDictionary()


def load(shell: Any) -> None:  # noqa: ANN401  # IPython's shell
    """Add the magics to *shell*; a second time nothing changes."""
    if shell not in _loaded:
        _loaded[shell] = Extension(shell)


def unload(shell: Any) -> None:  # noqa: ANN401  # as above
    """Take them away; a second time nothing happens."""
    extension = _loaded.pop(shell, None)
    if extension is not None:
        extension.remove()


class Extension:
    """Everything of ours that a shell holds."""

    def __init__(self, shell: Any) -> None:  # noqa: ANN401  # as above
        self._shell, self._spans = shell, nested.Spans()
        self._matcher = make_matcher(session_of(shell))  # from now on the session knows which cell is which
        self._hooks = {"pre_run_cell": self._spans.begin, "post_run_cell": self._spans.end}
        shell.register_magic_function(_cell_magic(shell), "cell", _NAME)
        shell.register_magic_function(_line_magic(shell), "line", _NAME)
        self._matchers = getattr(shell.Completer, "custom_matchers", [])  # IPython 8.6
        self._matchers.append(self._matcher)
        shell.input_transformers_cleanup.append(nested.transform)
        for event, function in self._hooks.items():
            shell.events.register(event, function)

    def remove(self) -> None:
        """Leave the shell as it was."""
        for kind in ("line", "cell"):
            self._shell.magics_manager.magics[kind].pop(_NAME, None)
        self._shell.input_transformers_cleanup.remove(nested.transform)
        self._matchers.remove(self._matcher)
        for event, function in self._hooks.items():
            self._shell.events.unregister(event, function)


def _line_magic(shell: Any) -> Callable[[str], None]:  # noqa: ANN401  # as above
    def mlrun(line: str) -> None:
        from mlrun_nb.magics import line_magic

        line_magic.run(line, terminal=not hasattr(shell, "kernel"))

    mlrun.__doc__ = f"{LINE_MANUAL}\n\n{manual()}"  # Shift-Tab on `%%mlrun` shows this one too
    return mlrun


def _cell_magic(shell: Any) -> Callable[[str, str], None]:  # noqa: ANN401  # as above
    @no_var_expand
    def mlrun(line: str, cell: str) -> None:
        if nested.is_nested():  # below another magic, where no transformer sees it
            nested.run(shell, f"%%mlrun {line}\n{cell}")
            return
        from mlrun_nb.magics.cell_magic import CellMagic
        from mlrun_nb.magics.failure import reported

        with reported("%%mlrun", line):
            CellMagic(shell, session_of(shell)).run(line, cell)

    mlrun.__doc__ = manual()
    return mlrun
