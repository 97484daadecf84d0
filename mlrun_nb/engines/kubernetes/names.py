"""Names and labels of the objects of a run. What a person called something stands whole in an annotation."""

from __future__ import annotations

import re

from mlrun_nb.model.run import RunId, RunRequest

RUN_LABEL = "mlrun-nb/run"
MANAGED_BY = {"app.kubernetes.io/managed-by": "mlrun-nb"}
NONCE_ANNOTATION = "mlrun-nb/nonce"
CONTAINER = "main"
"""The container of the run in its pod; a `pod_patch` may add others."""

_LONGEST_SLUG = 30
_LONGEST_LABEL = 63
"""Characters of a label's value. Source: Kubernetes, `Labels and Selectors`."""


def job_name(function: str, run: RunId) -> str:
    """Return the name of a run's Job, of its ConfigMap and of what else is made for it: the same from any process."""
    middle = slug(function)[:_LONGEST_SLUG].strip("-")
    return f"mlrun-{middle}-{run}" if middle else f"mlrun-{run}"


def labels(request: RunRequest) -> dict[str, str]:
    """Return the labels of everything that is made for *request*."""
    version = request.version
    return MANAGED_BY | {
        RUN_LABEL: request.id,
        "mlrun-nb/function": label_value(version.function),
        "mlrun-nb/project": label_value(version.project),
        "mlrun-nb/version": version.hash[:12],
    }


def label_value(text: str) -> str:
    """Return *text* with what a label's value may not hold replaced; it may come out empty."""
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)[:_LONGEST_LABEL].strip("-_.")


def slug(text: str) -> str:
    """Return *text* as part of a name that DNS takes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
