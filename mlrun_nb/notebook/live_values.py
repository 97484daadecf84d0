"""
Whether a constant still has in the kernel the value that its source gives it: the source is run again, and compared.

What runs here kept the rule of `constants`, so it computes and touches nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from mlrun_nb.notebook.changes import stored_names
from mlrun_nb.notebook.statements import Statement, assignments


def has_live_value(name: str, statement: Statement, live: Mapping[str, object]) -> bool:
    """Return whether *name* still has in the kernel the value, or one of the values, that *statement* gives it."""
    if name not in live:
        return False
    if statement.binds[name] != {"value"}:
        return True
    return any(_gives(assignment, name, live) for assignment in assignments(statement.node))


def _gives(assignment: ast.Assign | ast.AnnAssign, name: str, live: Mapping[str, object]) -> bool:
    """Run an assignment that kept the rule, apart from the kernel's namespace, and compare."""
    targets: list[ast.expr] = assignment.targets if isinstance(assignment, ast.Assign) else [assignment.target]
    if assignment.value is None or not any(name in stored_names(target) for target in targets):
        return False
    again = ast.Assign(targets=targets, value=assignment.value)
    module = ast.fix_missing_locations(ast.Module(body=[ast.copy_location(again, assignment)], type_ignores=[]))
    names = {node.id for node in ast.walk(assignment.value) if isinstance(node, ast.Name)}
    namespace = {"__name__": "__main__"} | {key: live[key] for key in names if key in live}
    try:
        exec(compile(module, "<constant>", "exec"), namespace)  # noqa: S102  # literals, operators and a few types only
        return _same(namespace[name], live[name])
    except Exception:  # noqa: BLE001  # a value of the user's may raise anything when it is compared
        return False


def _same(one: object, other: object) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(map(_same, one.values(), other.values()))
    if type(one).__eq__ is object.__eq__:  # a type, a function, a lock: what its source makes is never equal to it
        return True
    return bool(one == other) or repr(one) == repr(other)  # NaN is not equal to itself
