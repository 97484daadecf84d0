"""What the cells of an imported notebook call themselves: how a handler gets its context, its items and its values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlrun_nb.from_mlrun.context import MLClientCtx, get_or_create_ctx
from mlrun_nb.from_mlrun.data_item import mlrun_item, mlrun_value
from mlrun_nb.from_mlrun.event import Event, EventContext, Response

__all__ = [
    "mlrun_answer",
    "mlrun_begin",
    "mlrun_context",
    "mlrun_end",
    "mlrun_event",
    "mlrun_file",
    "mlrun_item",
    "mlrun_value",
]


def mlrun_context(
    name: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    inputs: Mapping[str, object] | None = None,
    events: bool = False,
) -> MLClientCtx:
    """
    Return a context with *parameters* and *inputs*, which are items or what `mlrun_item` takes; for `with`.

    With *events* it is one as Nuclio's handlers take it.
    """
    kind = EventContext if events else MLClientCtx
    return kind(name, parameters=parameters or {}, inputs=inputs or {})


def mlrun_begin(
    name: str, *, parameters: Mapping[str, Any] | None = None, inputs: Mapping[str, object] | None = None
) -> None:
    """Make a context for a file that is not a function: the one that `mlrun.get_or_create_ctx` returns to it."""
    mlrun_context(name, parameters=parameters, inputs=inputs).__enter__()


def mlrun_end() -> None:
    """End what `mlrun_begin` began."""
    get_or_create_ctx().__exit__(None, None, None)


def mlrun_event(body: object) -> Event:
    """Return an event with *body*, as Nuclio's handlers take it."""
    return Event(body)


def mlrun_answer(value: object) -> object:
    """Return the body of what a handler of Nuclio answered."""
    return value.body if isinstance(value, Response) else value


def mlrun_file(value: object) -> object:
    """Return the path that the text *value* is, so that it is the file that is kept and not its name."""
    return Path(value) if isinstance(value, str) else value
