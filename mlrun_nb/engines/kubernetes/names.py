"""Names and labels of the objects of a run. What a person called something stands whole in an annotation."""

from __future__ import annotations

import re

from mlrun_nb.kube.objects import MANAGED_BY
from mlrun_nb.model.run import RunId, RunRequest

RUN_LABEL = "mlrun-nb/run"
NONCE_ANNOTATION = "mlrun-nb/nonce"

_RUN_ID = 12
"""Characters of a run's id."""
DASK_PORT = 8786
"""Where a Dask scheduler listens, by its default."""

_LONGEST_SLUG = 30
_LONGEST_LABEL = 63
"""Characters of a label's value. Source: Kubernetes, `Labels and Selectors`."""


def job_name(function: str, run: RunId, number: int = 0) -> str:
    """
    Return the name of a run's Job, of its ConfigMap and of what else is made for it: the same from any process.

    A *number* tells several Jobs of one run apart.
    """
    middle = slug(function)[:_LONGEST_SLUG].strip("-")
    return "-".join(filter(None, ["mlrun", middle, run, str(number or "")]))


def dask_cluster(job: str) -> str:
    """Return the name of the Dask cluster that a run's *job* owns: short, since names of workers are made of it."""
    *_, run, last = job.split("-")
    return f"dask-{run}-{last}" if len(last) < _RUN_ID else f"dask-{last}"  # the number of one sent again


def dask_scheduler(job: str) -> str:
    """Return the address of that cluster's scheduler, for pods of the same namespace."""
    return f"tcp://{dask_cluster(job)}-scheduler:{DASK_PORT}"


def labels(request: RunRequest) -> dict[str, str]:
    """Return the labels of everything that is made for *request*."""
    version = request.version
    key, _, value = MANAGED_BY.partition("=")
    return {
        key: value,
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
