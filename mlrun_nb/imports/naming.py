"""Names in the notebook: those of MLRun where Python and the code leave them free, else the nearest that is."""

from __future__ import annotations

import builtins
import keyword
import re
import symtable
from collections.abc import Iterable

from mlrun_nb.imports.source import Source

_OWN = frozenset(
    {"context", "mlrun_answer", "mlrun_begin", "mlrun_context", "mlrun_end", "mlrun_event", "mlrun_file", "mlrun_item"}
    | {"mlrun_value", "get_ipython", "install_mlrun"}
)
_BUILTINS = frozenset(dir(builtins))


class Names:
    """Hands out names; none twice, and none of *taken*."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *_OWN, *_BUILTINS}

    def take(self, wanted: str, *, prefix: str = "") -> str:
        """Return *wanted* as a name that is free: signs become `_`, and `_` or *prefix* is added to one that is not."""
        name = identifier(wanted)
        if prefix and (name in self._taken or keyword.iskeyword(name)):
            name = f"{prefix}{name}"
        while name in self._taken or keyword.iskeyword(name):
            name += "_"
        self._taken.add(name)
        return name


def identifier(text: str) -> str:
    """Return *text* with `_` for what no name may hold."""
    name = re.sub(r"\W", "_", text)
    return f"_{name}" if not name or name[0].isdigit() else name


def bound_by(source: Source) -> set[str]:
    """Return the names that the code binds where every function of it sees them."""
    table = symtable.symtable(source.text, source.file, "exec")
    bound = {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}
    return bound | {each.get_name() for each in table.get_symbols() if each.is_namespace()}
