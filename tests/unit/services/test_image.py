"""The Dockerfile of a function, against texts that a person has read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlrun_nb.config import Config
from mlrun_nb.errors import ConfigError, EngineUnavailable
from mlrun_nb.model.function import Version
from mlrun_nb.project import Project
from mlrun_nb.services.image import dockerfile, driver_for, find_tool
from mlrun_nb.testing.records import make_version

PLAIN = """\
# For `train@8ff436d`; made by `mlrun-nb image dockerfile`.
FROM python:3.12-slim
USER root
RUN getent passwd 1000 >/dev/null || useradd --uid 1000 --create-home user
RUN PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir \\
    papermill \\
    ipykernel
USER 1000
"""
FULL = """\
# For `train@8ff436d`; made by `mlrun-nb image dockerfile`.
FROM registry.example/cuda:12
USER root
RUN getent passwd 1000 >/dev/null || useradd --uid 1000 --create-home user
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf PIP_BREAK_SYSTEM_PACKAGES=1 python3 -m pip install --no-cache-dir \\
    papermill \\
    ipykernel \\
    s3fs \\
    'scikit-learn>=1.4,<2' \\
    'polars[all]; python_version >= "3.11"'
USER 1000
"""  # noqa: E501  # one command, as Docker has it


def _version(*requirements: str) -> Version:
    version = make_version()
    return replace(version, spec=replace(version.spec, options={"requirement": list(requirements)}))


def test_a_function_that_requires_nothing_gets_what_runs_it():
    """Whatever else is in the version."""
    assert dockerfile(make_version()) == PLAIN


def test_requirements_base_driver_and_index_stand_where_they_belong():
    """Each requirement once, in quotes where a shell needs them."""
    version = _version("scikit-learn>=1.4,<2", 'polars[all]; python_version >= "3.11"', "papermill")
    assert dockerfile(version, base="registry.example/cuda:12", driver="s3fs", has_pip_config=True) == FULL


@pytest.mark.parametrize(
    ("artifacts", "driver"), [("", ""), ("/srv/runs", ""), ("s3://runs", "s3fs"), ("gs://runs/a", "gcsfs")]
)
def test_the_image_can_reach_the_place_of_artifacts(tmp_path, artifacts, driver):
    """Of the project in force."""
    assert driver_for(Project(Config(home=tmp_path, store="memory://", artifacts=artifacts))) == driver


def test_a_place_of_artifacts_that_nobody_knows_is_an_error(tmp_path):
    """As it is for a run."""
    with pytest.raises(ConfigError, match="nothing knows `s4:`"):
        driver_for(Project(Config(home=tmp_path, store="memory://", artifacts="s4://runs")))


@pytest.mark.parametrize(("wanted", "message"), [(None, "none of buildah, podman and docker"), ("podman", "`podman`")])
def test_a_machine_without_a_tool_is_told_what_to_install(monkeypatch, tmp_path, wanted, message):
    """And that the file can be taken elsewhere."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineUnavailable, match=message) as caught:
        find_tool(wanted)
    assert "mlrun-nb image dockerfile" in caught.value.hint
