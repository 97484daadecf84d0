"""What MLRun has and this has not: it can be imported, named in an annotation and inherited from, never used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from mlrun_nb._lib.nearness import some
from mlrun_nb.errors import MlrunAbsent

PAGE = "docs/how-to/import-from-mlrun.md"


def refuse(name: str) -> MlrunAbsent:
    """Return the error for the use of *name*, such as `mlrun.feature_store.FeatureSet`."""
    return MlrunAbsent(
        f"`{name}` is of MLRun, which is not installed, and the stand-in for it has no such thing",
        hint=f"Write that part of the code without it, or `pip install mlrun`; {PAGE} lists what there is.",
    )


def refuse_member(owner: object, name: str) -> MlrunAbsent:
    """Return the error for a member *name* that *owner*, the stand-in for something of MLRun, has not."""
    there = sorted({each for kind in type(owner).__mro__ for each in vars(kind) if not each.startswith("_")})
    return MlrunAbsent(
        f"the stand-in for MLRun's `{type(owner).__name__}` has no `{name}`",
        hint=f"Do without it: take the line away, or use one of {some(there, most=60)}.",
    )


class Absent:
    """The thing of MLRun called *name*; whatever is done with it raises MlrunAbsent."""

    _name: str

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, name: str) -> Absent:
        if name.startswith("__"):  # what Python and IPython look for themselves
            raise AttributeError(name)
        return Absent(f"{self._name}.{name}")

    def __repr__(self) -> str:
        return f"<{self._name}, which the stand-in for MLRun has not>"

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """Let a class be defined upon it; making an object of that class raises."""
        name = self._name

        def refuse_object(*_: object, **__: object) -> NoReturn:
            raise refuse(name)

        return (type(name.rpartition(".")[2], (), {"__init__": refuse_object, "__module__": "mlrun"}),)

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __or__(self, other: object) -> Absent:
        return self

    __ror__ = __or__
    __getitem__ = __or__

    def __call__(self, *_: object, **__: object) -> NoReturn:
        """Raise MlrunAbsent."""
        raise refuse(self._name)

    def __bool__(self) -> bool:
        raise refuse(self._name)

    def __iter__(self) -> Iterator[object]:
        raise refuse(self._name)

    def __len__(self) -> int:
        raise refuse(self._name)

    def __str__(self) -> str:
        raise refuse(self._name)

    def __setattr__(self, name: str, value: object) -> None:
        raise refuse(f"{self._name}.{name}")
