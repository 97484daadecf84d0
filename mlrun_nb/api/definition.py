"""
`@function`: a `def` in a cell or a file as a function that can be run, and that can be called as before.

What it needs from around it is captured when it runs, so it may use what is defined later, as any `def` may.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import update_wrapper
from typing import Any, ParamSpec, TypeVar, Unpack, cast, overload

from mlrun_nb._lib.records import Json
from mlrun_nb.api.function import AS_STATED, Function
from mlrun_nb.api.options import FUNCTION_OPTIONS, FunctionOptions, checked_options
from mlrun_nb.api.projects import project_in_force
from mlrun_nb.api.shown import signature_text
from mlrun_nb.api.surroundings import Definition, surroundings_of
from mlrun_nb.commands.document import Document, labelled, line
from mlrun_nb.errors import MlrunNbError, UsageError
from mlrun_nb.model.function import Version
from mlrun_nb.notebook.decorated import take_definition
from mlrun_nb.project import Project
from mlrun_nb.services.register import Prepared, prepare

P = ParamSpec("P")
R = TypeVar("R")


@overload
def function(definition: Callable[P, R], /) -> Function[P, R]: ...
@overload
def function(**options: Unpack[FunctionOptions]) -> Callable[[Callable[P, R]], Function[P, R]]: ...
def function(
    definition: Callable[P, R] | None = None, /, **options: Unpack[FunctionOptions]
) -> Function[P, R] | Callable[[Callable[P, R]], Function[P, R]]:
    """
    Make a function of a `def`: `@function`, or with options `@function(memory="4Gi", output="model")`.

    Called, it runs here and now as before, and nothing is recorded; `train.run(…)` runs it as a recorded run. Its
    parameters are those of the `def`; what it returns is the output `result`, or with `output=("model", "accuracy")`
    the two parts of the tuple that it returns.
    """
    checked = checked_options(options, FUNCTION_OPTIONS, where="`@function`")

    def decorate(definition: Callable[P, R]) -> Function[P, R]:
        return Defined(definition, checked)

    return decorate if definition is None else decorate(definition)


class Defined(Function[P, R]):
    """The function that a decorated `def` is; its version is that of what the `def` and all around it say now."""

    def __init__(self, definition: Callable[P, R], options: Mapping[str, Json]) -> None:
        if not inspect.isfunction(definition) or definition.__name__ == "<lambda>":
            raise UsageError(
                f"`@function` makes functions of a `def`, not of {definition!r}",
                hint="Write `def train(lr: float = 0.1): …` below it.",
            )
        update_wrapper(cast("Callable[..., Any]", self), definition)
        self._definition: Callable[P, R] = definition
        self._options = options
        self._surroundings = surroundings_of(cast("Definition", definition))
        self._choice = AS_STATED

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the `def`, here and now; nothing is recorded."""
        return self._definition(*args, **kwargs)

    @property
    def project(self) -> Project:
        """The project in force now."""
        return project_in_force()

    @property
    def name(self) -> str:
        """The name of the `def`."""
        return self._definition.__name__

    def __repr__(self) -> str:
        return f"<Function {self.name}{signature_text(self._definition)}>"

    def __eq__(self, other: object) -> bool:
        return self is other  # what it says may change

    def __hash__(self) -> int:
        return id(self)

    def _view(self, now: datetime, width: int) -> Document:
        try:
            return super()._view(now, width)
        except MlrunNbError as err:  # it cannot run as it stands, and that is worth seeing
            said = [*labelled(("error:", "bad"), err.message, width), *labelled(("hint:", "strong"), err.hint, width)]
            return [line((repr(self), "strong")), *said]

    def _now(self) -> tuple[Version, Prepared | None]:
        function, rest = take_definition(
            self._surroundings.own(), self._definition.__name__, self._options, self._is_decorator
        )
        prepared = prepare(self.project, self._surroundings.target(function, rest))
        return prepared.version, prepared

    def _stays_recorded(self) -> bool:
        return False  # what it says now is the latest there is

    def _is_decorator(self, node: ast.expr) -> bool:
        """Tell whether *node*, an expression behind `@`, is `function` by whatever name it goes there."""
        target = node.func if isinstance(node, ast.Call) else node
        return _value(target, self._definition.__globals__) is function


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> object:
    if isinstance(node, ast.Name):
        return namespace.get(node.id)
    return getattr(_value(node.value, namespace), node.attr, None) if isinstance(node, ast.Attribute) else None
