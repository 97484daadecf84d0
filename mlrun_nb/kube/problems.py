"""
What a request to the API server can come to instead of an answer.

`ApiProblem` is the server's own refusal and the caller's business. A server that cannot answer now, whatever the cause,
is `errors.EngineUnavailable`. `StreamCut` never leaves `kube`: whoever reads a stream opens it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mlrun_nb.kube.objects import JsonObject, part, parts


class ApiProblem(Exception):
    """
    The API server refused a request, and would refuse it again: a `Status` object of it.

    `status` is the HTTP status, `reason` Kubernetes' word (`NotFound`, `AlreadyExists`, `Forbidden`, `Invalid`, …),
    `message` its sentence, `details` what the server adds to it (`kind`, `name`, `causes`, …).
    """

    def __init__(self, status: int, *, reason: str, message: str, details: JsonObject | None = None) -> None:
        super().__init__(status, reason, message, details)
        self.status = status
        self.reason = reason
        self.message = message
        self.details: JsonObject = details or {}

    def __str__(self) -> str:
        return f"{self.status} {self.reason}: {self.message}"

    @property
    def causes(self) -> Sequence[JsonObject]:
        """What is wrong, field by field (`field`, `reason`, `message`), where the server says it."""
        return parts(self.details, "causes")

    @classmethod
    def from_answer(cls, status: int, body: bytes) -> ApiProblem:
        """Make one of an answer; *body* need not be a `Status`: proxies answer in HTML."""
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if not isinstance(said, Mapping):
            return cls(status, reason="", message=body[:500].decode(errors="replace").strip())
        return cls(
            status,
            reason=str(said.get("reason", "")),
            message=str(said.get("message", "")),
            details=part(said, "details"),
        )


class StreamCut(Exception):
    """A stream ended before its end: cut, silent for too long, or garbage."""
