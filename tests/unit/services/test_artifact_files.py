"""The file of an artifact, wherever it lies: a remote one is copied for a while, and the copy goes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.config import Config
from mlrun_nb.errors import ArtifactError, NotFoundError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.project import Project
from mlrun_nb.services.artifact_files import file_name, find_file, find_rendering, is_worth_a_look, opened
from mlrun_nb.testing.records import make_run


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a project with its home in a folder of its own."""
    return Project(Config(home=tmp_path / "home", store="memory://"))


def artifact(uri: str) -> Artifact:
    """Return an artifact whose main file is at *uri*."""
    return Artifact(
        name="plots/roc", kind="figure", uri=uri, size=1, digest="", previews={"image/png": "plots/roc.png"}
    )


@pytest.fixture
def remote() -> Artifact:
    """Return an artifact in an object store."""
    folder = open_folder(f"memory://{uuid.uuid4().hex}")
    folder.write("plots/roc.json", b"{}")
    folder.write("plots/roc.png", b"png")
    return artifact(folder.url_of("plots/roc.json"))


def test_a_remote_file_is_copied_and_the_copy_removed(project, remote):
    """With the folder that was made for it."""
    file = find_file(project, make_run(), remote)
    with opened(file) as path:
        assert (file.is_copy, path.read_bytes()) == (True, b"{}")
    assert not Path(file.path.parent).exists()


def test_a_rendering_lies_beside_its_file(project, remote):
    """By the name that the record has for it, and no other."""
    file, media_type = find_rendering(project, make_run(), remote, "plots/roc.png")
    with opened(file) as path:
        assert (path.read_bytes(), media_type) == (b"png", "image/png")
    with pytest.raises(NotFoundError):
        find_rendering(project, make_run(), remote, "plots/roc.json")


def test_only_a_small_file_is_fetched_for_a_look(remote, tmp_path):
    """One that lies here is looked at where it is, however long."""
    large = replace(remote, size=1 << 40)
    assert [is_worth_a_look(each) for each in (remote, large)] == [True, False]
    assert is_worth_a_look(replace(large, uri=str(tmp_path / "x")))


def test_a_remote_file_that_is_gone_leaves_no_copy(project, tmp_path, monkeypatch):
    """Nor a folder for one."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(ArtifactError):
        find_file(project, make_run(), artifact(f"memory://{uuid.uuid4().hex}/no"))
    assert list(tmp_path.glob("mlrun-nb-artifact-*")) == []


def test_a_file_of_a_run_is_served_where_it_lies(project, tmp_path):
    """Below the home; not beside it, and not by way of a link."""
    inside, outside = project.config.home / "runs/a/model.json", tmp_path / "secret"
    inside.parent.mkdir(parents=True)
    for path in (inside, outside):
        path.write_text("{}")
    (inside.parent / "link").symlink_to(outside)
    assert find_file(project, make_run(), artifact(str(inside))).path == inside.resolve()
    for path in (outside, inside.parent / "link", inside.parent):
        with pytest.raises(NotFoundError):
            find_file(project, make_run(), artifact(str(path)))


def test_a_file_is_called_what_it_is_called_there():
    """Whatever stands around it in an address."""
    names = {file_name(artifact(uri)) for uri in ("/a/b%20c.txt", "s3://bucket/a/b%2520c.txt")}
    assert names == {"b%20c.txt"}
