"""What a request that got no answer, or one that is no use, comes to: asked again, or an error with a thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from mlrun_nb.errors import EngineUnavailable
from mlrun_nb.kube.access import Credentials
from mlrun_nb.kube.problems import ApiProblem

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

_LONGEST_WAIT_S = 30.0
"""The most that a server's `Retry-After` is obeyed."""


class Unanswered(Exception):
    """A request came to nothing for now. `error` is what the caller sees once no attempt is left."""

    def __init__(self, error: EngineUnavailable, *, may_repeat: bool, wait_s: float = 0.0) -> None:
        super().__init__(error)
        self.error = error
        self.may_repeat = may_repeat
        self.wait_s = wait_s


def is_stranger(problem: ApiProblem) -> bool:
    """Tell whether the server does not know who asks; one that lets strangers in says 403."""
    return problem.status == 401 or (problem.status == 403 and '"system:anonymous"' in problem.message)


def refusal(
    response: BaseHTTPResponse, problem: ApiProblem, *, what: str, may_repeat: bool, credentials: Credentials
) -> ApiProblem | Unanswered:
    """Return what to raise for a status from 400: the server's word is final, or asking again may help."""
    is_turned_away = problem.status == 429
    if not is_turned_away and problem.status < 500:
        return problem
    error = EngineUnavailable(
        f"the API server at `{credentials.server}` did not carry out {what}: {problem}",
        hint=f"Try again later; this says how it is: `{credentials.kubectl} get --raw '/readyz?verbose'`.",
    )
    error.__cause__ = problem
    said = response.headers.get("Retry-After", "")
    wait_s = min(float(said), _LONGEST_WAIT_S) if said.isdigit() else 0.0
    return Unanswered(error, may_repeat=may_repeat or is_turned_away, wait_s=wait_s)


def unreached(err: HTTPError, *, may_repeat: bool, credentials: Credentials) -> Unanswered:
    """Return what to raise where no answer came."""
    is_untrusted = isinstance(err, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(err)
    error = EngineUnavailable(
        f"the API server at `{credentials.server}` cannot be reached: {_plain(err)}",
        hint="Set `certificate-authority` of the cluster in your kubeconfig."
        if is_untrusted
        else f"See whether this works: `{credentials.kubectl} get --raw /readyz`.",
    )
    error.__cause__ = err
    never_arrived = isinstance(err, NewConnectionError | ConnectTimeoutError)
    return Unanswered(error, may_repeat=not is_untrusted and (may_repeat or never_arrived))


def _plain(err: HTTPError) -> str:
    """Return the text of *err* without the address of the object that it begins with."""
    return str(err).rpartition(">: ")[2] or type(err).__name__
