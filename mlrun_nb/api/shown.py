"""
How the objects of this package show themselves: text where there is nothing better, HTML in a notebook.

IPython asks for `_repr_mimebundle_`; nothing here imports it. Layout is that of `commands`.
"""

from __future__ import annotations

import inspect
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from mlrun_nb.commands.document import Document, plain
from mlrun_nb.commands.html import html

_FALLBACK = (100, 24)


class Shown(ABC):
    """Something with a `_view`, which is its text and its HTML."""

    @abstractmethod
    def _view(self, now: datetime, width: int) -> Document: ...

    def _text(self) -> str:
        return plain(self._view(datetime.now().astimezone(), shutil.get_terminal_size(_FALLBACK).columns))

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return what a notebook shows. Source: IPython, `MimeBundleFormatter`; it passes filters and applies them."""
        lines = self._view(datetime.now().astimezone(), _FALLBACK[0])
        return {"text/plain": plain(lines).rstrip("\n"), "text/html": html(lines)}


class _Words(str):
    """A text that is written without quotes wherever it appears."""

    __slots__ = ()
    __repr__ = str.__str__


def signature_text(function: Callable[..., Any]) -> str:
    """Return what *function* takes and returns, annotations as they were written: `(lr: float = 0.1) -> list`."""
    signature = inspect.signature(function)
    arguments = [each.replace(annotation=_unquoted(each.annotation)) for each in signature.parameters.values()]
    return str(signature.replace(parameters=arguments, return_annotation=_unquoted(signature.return_annotation)))


def _unquoted(annotation: object) -> object:
    return _Words(annotation) if isinstance(annotation, str) else annotation


class Text(str):
    """A text of several lines that a notebook shows as it is, not as a quoted string."""

    __slots__ = ()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": str(self)}
