"""Why the API server, or the Job controller, would not make an object: the words of both are the same."""

from __future__ import annotations

from dataclasses import dataclass

from mlrun_nb.kube.problems import ApiProblem
from mlrun_nb.model.run import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an object was refused: a stable word, whose move it is, one line naming the object, the thing to do."""

    cls: str
    fault: Fault
    summary: str
    hint: str


def refusal(problem: ApiProblem, *, what: str) -> Refusal:
    """Return why *what*, such as "Job `mlrun-train-…`", was refused."""
    raise NotImplementedError


def refusal_of_pod(message: str, *, what: str) -> Refusal:
    """Return why the pods of *what* are refused, by the *message* of an event `FailedCreate`."""
    raise NotImplementedError
