"""What a child by `fork` is to become, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


class HasDescriptor(Protocol):
    """A socket or the like."""

    def detach(self) -> int:
        """Give the descriptor up."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """
    What a child is to become.

    `entry` is `module:function`, called without arguments; `argv` is its `sys.argv`; `files` become its descriptors
    from 0 on, and of all others only `keep` stay open; `forget` are objects that must not close a descriptor that is
    the child's by then. `surroundings` are another process's, None for the parent's own. `dies_with_parent` is meant as
    Linux means it.

    With `imports_from_directory` nothing may lie in the working directory that an ordinary start would import in place
    of what is loaded. `uses_threads`: BLAS and OpenMP get the number of threads that the environment asks for, which
    makes threads.

    `ready` is called when nothing can fail any more. With `ends_at_once`, which is called with the exit status, the
    child ends without exit handlers.
    """

    entry: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    files: Sequence[int]
    keep: Sequence[int] = ()
    session: Literal["", "session", "group"] = ""
    surroundings: Mapping[str, Any] | None = None
    directory: str = ""
    imports_from_directory: bool = False
    dies_with_parent: bool = False
    uses_threads: bool = False
    forget: Sequence[HasDescriptor] = ()
    ready: Callable[[], None] | None = None
    ends_at_once: Callable[[int], None] | None = None
