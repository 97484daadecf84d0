"""
Errors as problem+json (RFC 9457): what happened to which object, and `hint`, the thing to do.

The status says whose move it is, as the command line's exit code does: 4xx the caller's, 503 what cannot be reached
now, 500 ours.
"""

from __future__ import annotations

from http import HTTPStatus

from mlrun_nb.errors import (
    ArtifactError,
    EngineRejected,
    EngineUnavailable,
    HubError,
    MlrunNbError,
    NotFoundError,
    StoreError,
    UsageError,
)
from mlrun_nb.server.route import Shape

MEDIA_TYPE = "application/problem+json"

_STATUSES: tuple[tuple[type[MlrunNbError], HTTPStatus], ...] = (
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (EngineRejected, HTTPStatus.CONFLICT),
    (EngineUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (HubError, HTTPStatus.SERVICE_UNAVAILABLE),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ArtifactError, HTTPStatus.SERVICE_UNAVAILABLE),
)


class Problem(Shape, frozen=True, kw_only=True):
    """
    Why a request came to nothing: `title` is the class of the error, `detail` one sentence, `hint` what to do.
    """

    title: str
    status: int
    detail: str
    hint: str = ""


def problem_of(error: MlrunNbError) -> Problem:
    """Return the problem that *error* is to a client."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return Problem(title=type(error).__name__, status=int(status), detail=error.message, hint=error.hint)
