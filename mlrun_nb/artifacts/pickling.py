"""
Pickles in which a class of the notebook comes back as that class.

A class that a cell defines lives in `__main__`, and cloudpickle sends such a class along by value: what comes back is
an instance of a copy, and `isinstance(value, Model)` is false without a word. Here such a class is written as its name
together with the copy. Where the reading process has a class of that name and shape in its own `__main__` the value
becomes an instance of it; otherwise the copy stands in, with a warning if a different class has the name.

The functions that decide travel in the pickle, so that plain `cloudpickle.load` can read it where this package is not.
"""

from __future__ import annotations

import inspect
import io
import pickle
import sys
import warnings
from typing import IO

import cloudpickle

Shape = tuple[object, ...]


def dump(value: object, file: IO[bytes]) -> None:
    """Write *value* to *file*; raises what pickling raises, which may be anything."""
    _Pickler(file, protocol=pickle.DEFAULT_PROTOCOL).dump(value)


def dumps(value: object) -> bytes:
    """Return *value* as bytes."""
    file = io.BytesIO()
    dump(value, file)
    return file.getvalue()


def load(file: IO[bytes]) -> object:
    """Return what `dump` wrote. A pickle runs code: only for files that this user's runs have made."""
    return pickle.load(file)  # noqa: S301  # the callers refuse pickles of unknown origin


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # cloudpickle has no type information
    def reducer_override(self, obj: object) -> object:
        if isinstance(obj, type) and _is_of_main(obj):
            return _resolve, (obj.__qualname__, _shape(obj), cloudpickle.dumps(obj))
        return super().reducer_override(obj)


def _is_of_main(kind: type) -> bool:
    return kind.__module__ == "__main__" and _in_main(kind.__qualname__) is kind


def _in_main(name: str) -> object:
    found: object = sys.modules.get("__main__")
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def _shape(kind: type) -> Shape:
    """
    Return what must be equal for one class to hold the state of another: bases and declared fields, not methods.

    A method that was corrected since then is no reason to give the value a class of its own.
    """
    bases = tuple(f"{base.__module__}.{base.__qualname__}" for base in kind.__bases__)
    fields = tuple(sorted({*inspect.get_annotations(kind), *kind.__dict__.get("__dataclass_fields__", ())}))
    slots = kind.__dict__.get("__slots__", ())
    return bases, fields, (slots,) if isinstance(slots, str) else tuple(slots), type(kind).__qualname__


def _resolve(name: str, shape: Shape, copy: bytes) -> object:
    found = _in_main(name)
    if isinstance(found, type):
        if _shape(found) == shape:
            return found
        warnings.warn(
            f"the value was saved with another class `{name}` than the one defined here and keeps the saved one, so "
            f"`isinstance(value, {name})` is false; save it again with the present class",
            stacklevel=2,
        )
    return pickle.loads(copy)  # noqa: S301  # part of a pickle that is being read anyway


cloudpickle.register_pickle_by_value(sys.modules[__name__])  # see above: `_resolve` and what it calls travel along
