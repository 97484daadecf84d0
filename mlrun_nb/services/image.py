"""
A container image for a function: what it requires over a base, and the tool that builds it.

The text of the Dockerfile is pure. Code travels with each run, so that an image is made anew only when requirements
change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from mlrun_nb._lib.records import Json
from mlrun_nb._lib.shell import quoted
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.model.function import Version
from mlrun_nb.project import Project
from mlrun_nb.services.register import prepare
from mlrun_nb.services.targets import StoredTarget, parse_target

BASE = "python:3.12-slim"
USER = 1000
"""Who the image is, without a name for it where the base has one: not root, which restricted namespaces refuse."""
NEEDED = ("papermill", "ipykernel")
TOOLS = ("buildah", "podman", "docker")
_PIP = "PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir"
"""Into the Python that runs are started with, also where that is a distribution's own: nobody else lives there."""
_PIP_SECRET = "id=pip.conf,target=/etc/pip.conf"  # noqa: S105  # where a file is mounted
"""For the one command only: neither a layer nor the history of the image holds it."""


def version_for(project: Project, text: str) -> Version:
    """Return the version that *text* names, as `run` takes it; records nothing. Raises UsageError."""
    target = parse_target(text)
    if isinstance(target, StoredTarget):
        return project.store.get_version(target.project or project.config.project, target.function, target.reference)
    return prepare(project, target).version


def driver_for(project: Project) -> str:
    """Return the distribution with which a pod reaches the place of artifacts; empty where none is needed."""
    url = project.config.artifacts
    if not url or local_path(url) is not None:
        return ""
    from mlrun_nb.artifacts.remote import driver_of

    return driver_of(url)


def dockerfile(version: Version, *, base: str = BASE, driver: str = "", has_pip_config: bool = False) -> str:
    """Return a Dockerfile for what *version* requires; with *has_pip_config* pip reads the secret `pip.conf`."""
    required = dict.fromkeys((*NEEDED, *([driver] if driver else []), *_texts(version.spec.options.get("requirement"))))
    mount = f"--mount=type=secret,{_PIP_SECRET} " if has_pip_config else ""
    return (
        f"# For `{version.function}@{version.short}`; made by `mlrun-nb image dockerfile`.\n"
        f"FROM {base}\n"
        "USER root\n"
        f"RUN getent passwd {USER} >/dev/null || useradd --uid {USER} --create-home user\n"
        f"RUN {mount}{_PIP} \\\n    " + " \\\n    ".join(map(quoted, required)) + f"\nUSER {USER}\n"
    )


def build(text: str, name: str, *, tool: str, push: bool, pip_config: Path | None, said: TextIO) -> None:
    """
    Build the Dockerfile *text* as *name* with *tool*, and *push* it; what the tool says goes to *said*.

    Raises EngineRejected where the tool gives up.
    """
    secret = ["--secret", f"id=pip.conf,src={pip_config}"] if pip_config is not None else []
    with tempfile.TemporaryDirectory(prefix="mlrun-nb-image-") as folder:
        path = Path(folder, "Dockerfile")
        path.write_text(text, encoding="utf-8")
        kit = {"DOCKER_BUILDKIT": "1"} if secret else {}  # of docker's two builders the one that knows secrets
        _run([tool, "build", *secret, "--tag", name, "--file", str(path), folder], said, environment=kit)
    if push:
        _run([tool, "push", name], said, environment={})


def find_tool(wanted: str | None = None) -> str:
    """Return the program that builds images: *wanted*, or the first that is here; raises EngineUnavailable."""
    for tool in (wanted,) if wanted else TOOLS:
        if shutil.which(tool):
            return tool
    what = f"`{wanted}` is not installed" if wanted else "none of buildah, podman and docker is installed"
    raise EngineUnavailable(
        f"no image can be built here: {what}",
        hint="Install one, `apt-get install buildah`, or take the file elsewhere: `mlrun-nb image dockerfile`.",
    )


def _run(command: Sequence[str], said: TextIO, *, environment: Mapping[str, str]) -> None:
    said.flush()
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        raise EngineRejected(
            f"`{quoted(*command[:2])}` ended with exit code {done.returncode}; what it said stands above",
            hint="Correct what it names: the base with `--base`, a requirement in the notebook.",
        )


def _texts(value: Json) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else []
