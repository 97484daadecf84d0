"""What a request has to say so that a pod can run it, and what will be different there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.kubernetes.names import slug
from mlrun_nb.errors import EngineRejected
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import RunRequest
from mlrun_nb.model.settings import Settings


def check_request(request: RunRequest) -> Iterator[Notice]:
    """Yield notices; raises EngineRejected for what no pod could do."""
    settings = request.settings
    _check_image(settings)
    _check_secrets(settings)
    if request.version.spec.outputs and local_path(request.artifacts) is not None and not settings.volumes:
        yield Notice(
            text="outputs come home through the log of the pod, 8 MB of them at the most",
            hint="Set `artifacts: s3://bucket/folder` in project.yaml for larger ones.",
        )
    if Path(request.artifacts).is_relative_to("/mlrun"):
        raise EngineRejected(
            "`artifacts` lies below `/mlrun`, which a pod needs for itself", hint="Choose another folder for them."
        )


def _check_image(settings: Settings) -> None:
    if not settings.environment.image:
        raise EngineRejected(
            "no image is named for the run on Kubernetes",
            hint="Set `image:` in the profile, or `--image NAME`: any image with Python 3.11, papermill and ipykernel. "
            "`mlrun-nb image build` makes one.",
        )


def _check_secrets(settings: Settings) -> None:
    for name, reference in settings.environment.secret.items():
        if reference.startswith("kubernetes:"):
            continue
        secret = slug(name)
        raise EngineRejected(
            f"secret `{name}={reference}` is on this machine, and the run is on a cluster",
            hint=f"Make a Secret of it, `kubectl create secret generic {secret} --from-literal={name}=...`, and write "
            f"`--secret {name}=kubernetes:{secret}/{name}`.",
        )
