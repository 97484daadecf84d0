"""
Every error that a user of the product can see.

    MlrunNbError
    ├── UsageError                 your move: the words or files given cannot be used      exit 2
    │   ├── NotebookError          a notebook that cannot be read or holds a broken function
    │   ├── CaptureError           a name that a cell needs and that cannot travel with it
    │   ├── OptionError            an option, quantity or duration that means nothing
    │   ├── ParameterError         a parameter that is unknown, missing or of another type
    │   ├── NotFoundError          a function, version, run or artifact that does not exist
    │   │   └── OutputNotFound     a name that a run left nothing under (it is an AttributeError and KeyError too)
    │   ├── MlrunAbsent            something of MLRun that its stand-in has not (it is an AttributeError too)
    │   └── ConfigError            a setting in project.yaml, the environment or the user's configuration
    ├── EngineError                a run could not be handed over
    │   ├── EngineUnavailable      wait, or start it                                        exit 4
    │   └── EngineRejected         your move: the engine refuses this request               exit 2
    ├── HubError                   a hub cannot be reached, or gives something else than it says   exit 4
    │   ├── HubUnreached           there was no answer: what came from it earlier may still be used
    │   └── HubMissing             its server answers, and has no such file
    ├── StoreError                 the record of runs cannot be used                        exit 4
    │   ├── StoreNewer             it was written by a newer release
    │   └── StoreOlder             a team's store that waits for somebody's word to be migrated
    ├── ArtifactError              a file or value that a run left cannot be kept or read   exit 4
    ├── ProductBroken              our bug: the report that it names says what                exit 3
    └── WaitError                   what waiting for a run in Python came to                 exit 1
        ├── RunFailed              it did not succeed
        ├── RunCancelled           somebody asked for its end (in `api`: it is a CancelledError too)
        └── RunUnfinished          it had not ended in time

The families say whose move it is. A failed cell of a user is a run whose state is `failed`; it becomes an error only
for Python code that waits for the run, and only there.
Errors can cross process borders; the entry points render them, nobody else does.
"""

from __future__ import annotations

from typing import Any, ClassVar

__all__ = [
    "ArtifactError",
    "CaptureError",
    "ConfigError",
    "EngineError",
    "EngineRejected",
    "EngineUnavailable",
    "HubError",
    "HubMissing",
    "HubUnreached",
    "MlrunAbsent",
    "MlrunNbError",
    "NotFoundError",
    "NotebookError",
    "OptionError",
    "OutputNotFound",
    "ParameterError",
    "ProductBroken",
    "RunFailed",
    "RunUnfinished",
    "StoreError",
    "StoreNewer",
    "StoreOlder",
    "UsageError",
    "WaitError",
]


class MlrunNbError(Exception):
    """The root of all errors that are shown to users: what happened to which object, and what to do."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return both, so that no traceback, log or `print` leaves out what to do."""
        return f"{self.message}\nhint: {self.hint}"

    def _render_traceback_(self) -> list[str]:
        """Return all that a notebook shows of the error: no frame of ours. Source: IPython, `showtraceback`."""
        return [f"{type(self).__name__}: {self.message}", f"hint: {self.hint}"]

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.message, self.hint)


def _restore(kind: type[MlrunNbError], message: str, hint: str) -> MlrunNbError:
    return kind(message, hint=hint)


class UsageError(MlrunNbError):
    """The words or files given cannot be used as they are."""

    exit_code = 2


class NotebookError(UsageError):
    """A notebook cannot be read, or a function in it is not well formed."""


class CaptureError(UsageError):
    """A name that the cell needs cannot be captured from the cells above it."""


class OptionError(UsageError):
    """An option is unknown, or its value means nothing."""


class ParameterError(UsageError):
    """A parameter is unknown, missing, or its value does not fit its type."""


class NotFoundError(UsageError):
    """A function, version, run or artifact does not exist under this name."""


class OutputNotFound(NotFoundError, AttributeError, KeyError):
    """A run left nothing under this name."""


class MlrunAbsent(UsageError, AttributeError):
    """Code that was written for MLRun uses something of it that the stand-in for MLRun does not have."""


class ConfigError(UsageError):
    """A setting in `project.yaml`, the environment or the user's configuration cannot be used."""


class HubError(MlrunNbError):
    """A hub source cannot be reached, or what it gives is not what it says; nothing of it is kept."""

    exit_code = 4


class HubUnreached(HubError):
    """A hub source gives no answer; what came from it earlier may still be used."""


class HubMissing(HubError):
    """The server of a hub source answers, and has no such file."""


class EngineError(MlrunNbError):
    """A run could not be handed over to its engine, or the engine cannot be asked about it."""

    exit_code = 4


class EngineUnavailable(EngineError):
    """The engine cannot be reached now; the same request may pass later."""


class EngineRejected(EngineError):
    """
    The engine refuses this request; it will refuse it again unless the request changes.

    `cls` is the stable word for the refusal that a run's error has, where the engine knows a closer one.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str, cls: str = "EngineRejected") -> None:
        super().__init__(message, hint=hint)
        self.cls = cls

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.message, self.hint), {"cls": self.cls}


class StoreError(MlrunNbError):
    """The store of versions and runs cannot be read or written."""

    exit_code = 4


class StoreNewer(StoreError):
    """The store was written by a newer release of the product."""


class StoreOlder(StoreError):
    """The store of a team has an older schema, and is migrated only when somebody says so."""


class ArtifactError(MlrunNbError):
    """A file or value that a run left cannot be written, found or read."""

    exit_code = 4


class ProductBroken(MlrunNbError):
    """Something in the product is broken; the report says what."""


class WaitError(MlrunNbError):
    """Waiting for a run came to something else than success; `run` is that run."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str, run: Any = None) -> None:  # noqa: ANN401  # a `Run` of `api`, which lies above
        super().__init__(message, hint=hint)
        self.run = run

    def __reduce__(self) -> tuple[object, ...]:
        return _restore, (type(self), self.message, self.hint), {"run": self.run}


class RunFailed(WaitError):
    """A run failed, or was lost."""

    def _render_traceback_(self) -> list[str]:
        """Return the traceback of the cell that failed, of which the user's frames are kept, above our own words."""
        error = getattr(self.run, "error", None)
        above = [error.traceback, ""] if error is not None and error.traceback else []
        return [*above, *super()._render_traceback_()]


class RunUnfinished(WaitError, TimeoutError):
    """A run had not ended in the time that was given to wait for it; it goes on."""
