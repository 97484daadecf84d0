"""Publishing to repositories of git: what is in them does nothing here, and what fails leaves nothing behind."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from mlrun_nb.errors import HubError
from mlrun_nb.hubs.git_source import GitSource
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.model.hub import Bundle
from mlrun_nb.testing.hub_contract import make_item
from tests.hub_servers import GitServer, git


def bundle(name: str = "greet", version: str = "1.0.0", extra: bytes = b"") -> Bundle:
    """Return an item; *extra* makes its content another one."""
    files = {**make_item(name, version), **({"more.txt": extra} if extra else {})}
    return Bundle(item=item_of(files, name), files=files)


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.org")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give somebody's folder with a file."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work/README.md").write_text("ours\n")
    return tmp_path / "work"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give the folder in which a source keeps what it needs."""
    return tmp_path / "kept/own"


def commits(url: Path, name: str = "main") -> list[str]:
    """Return what was committed, newest first."""
    return git(url, "log", "--format=%s", name).split("\n")


def refusing_hook(server: GitServer) -> Path:
    """Have the repository refuse all pushes, until the file that is returned is gone."""
    hook = server.folder / "team.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    return hook


def test_a_link_in_a_repository_leads_nowhere(server: GitServer, work: Path, own: Path, tmp_path: Path):
    """A folder beside ours stays as it is, and nothing is committed."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (work / "greet").symlink_to(outside)
    source = GitSource("team", GitPlace(url=server.publish(work, "team.git")), own)
    with pytest.raises(HubError, match="cannot be written: Not a directory"):
        source.publish(bundle(), push=True)
    assert not list(outside.iterdir())
    source.publish(bundle("other"), push=True)
    assert commits(server.folder / "team.git") == ["other 1.0.0", "items"]


def test_a_filter_that_a_repository_asks_for_is_not_executed(
    server: GitServer, work: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Also where the user has one of that name; what is published goes byte for byte."""
    told = tmp_path / "told"
    (work / ".gitattributes").write_text("* filter=loud text eol=crlf\n")
    url = server.publish(work, "team.git")
    settings = tmp_path / "gitconfig"
    command = f'"touch {told}; cat"'
    settings.write_text(f'[filter "loud"]\n\tsmudge = {command}\n\tclean = {command}\n\trequired = true\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    source = GitSource("team", GitPlace(url=url), own)
    published = bundle(extra=b"one\r\ntwo\n")
    source.publish(published, push=True)
    assert source.fetch("greet").files == published.files
    assert not told.exists()


def test_what_a_repository_ignores_is_published_all_the_same(server: GitServer, work: Path, own: Path):
    """As a list of what an editor leaves, which happens to fit."""
    (work / ".gitignore").write_text("*.py\n")
    source = GitSource("team", GitPlace(url=server.publish(work, "team.git")), own)
    source.publish(bundle(), push=True)
    assert source.fetch("greet").files == bundle().files


def test_a_push_that_is_refused_leaves_no_commit(server: GitServer, work: Path, own: Path):
    """So that the next one has not both, and the version is still free."""
    source = GitSource("team", GitPlace(url=server.publish(work, "team.git")), own)
    hook = refusing_hook(server)
    with pytest.raises(HubError, match=r"rejected|failed to push"):
        source.publish(bundle(), push=True)
    hook.unlink()
    source.publish(bundle(extra=b"better"), push=True)
    assert commits(server.folder / "team.git") == ["greet 1.0.0", "items"]
    assert source.fetch("greet").files["more.txt"] == b"better"


def test_a_version_that_somebody_else_pushed_first_is_said(server: GitServer, work: Path, own: Path):
    """With what to type, after which the next one works; what was not pushed stays until then."""
    url = server.publish(work, "team.git")
    source = GitSource("team", GitPlace(url=url), own)
    source.publish(bundle(extra=b"mine"), push=False)
    GitSource("team", GitPlace(url=url), own.with_name("theirs")).publish(bundle(extra=b"theirs"), push=True)
    with pytest.raises(HubError, match="does not fit on what is there now"):
        source.publish(bundle("other"), push=True)
    with pytest.raises(HubError, match="does not fit on what is there now") as caught:
        source.publish(bundle("other"), push=True)
    subprocess.run(shlex.split(caught.value.hint.split("`")[1]), check=True, capture_output=True)
    source.publish(bundle("other"), push=True)
    assert commits(server.folder / "team.git") == ["other 1.0.0", "greet 1.0.0", "items"]
    assert source.fetch("greet").files["more.txt"] == b"theirs"


def test_commits_that_are_not_pushed_yet_stay_on_top(server: GitServer, work: Path, own: Path):
    """And go along with the next push."""
    url = server.publish(work, "team.git")
    source = GitSource("team", GitPlace(url=url), own)
    source.publish(bundle(), push=False)
    GitSource("team", GitPlace(url=url), own.with_name("theirs")).publish(bundle("other"), push=True)
    source.publish(bundle("third"), push=True)
    assert commits(server.folder / "team.git") == ["third 1.0.0", "greet 1.0.0", "other 1.0.0", "items"]


def test_an_empty_repository_gets_its_first_commit(server: GitServer, own: Path):
    """Nobody has to make one by hand; before there are no items in it."""
    source = GitSource("team", GitPlace(url=server.make("team.git")), own)
    assert not source.search("")
    source.publish(bundle(), push=True)
    assert source.fetch("greet").files == bundle().files
    source.publish(bundle("other"), push=True)
    assert commits(server.folder / "team.git") == ["other 1.0.0", "greet 1.0.0"]


def test_a_first_commit_that_is_refused_leaves_nothing(server: GitServer, own: Path):
    """And the next one is the first."""
    source = GitSource("team", GitPlace(url=server.make("team.git")), own)
    hook = refusing_hook(server)
    with pytest.raises(HubError, match=r"rejected|failed to push"):
        source.publish(bundle(), push=True)
    hook.unlink()
    source.publish(bundle(extra=b"better"), push=True)
    assert commits(server.folder / "team.git") == ["greet 1.0.0"]
    assert source.fetch("greet").files["more.txt"] == b"better"


def test_a_first_commit_goes_on_top_of_one_that_came_before_it(server: GitServer, own: Path):
    """Of somebody who pushed to the empty repository meanwhile."""
    url = server.make("team.git")
    source = GitSource("team", GitPlace(url=url), own)
    source.publish(bundle(), push=False)
    GitSource("team", GitPlace(url=url), own.with_name("theirs")).publish(bundle("other"), push=True)
    source.publish(bundle("third"), push=True)
    assert commits(server.folder / "team.git") == ["third 1.0.0", "greet 1.0.0", "other 1.0.0"]


def test_a_tag_takes_nothing(server: GitServer, work: Path, own: Path):
    """However often it is tried."""
    source = GitSource("team", GitPlace(url=server.publish(work, "team.git", tag="v1"), reference="v1"), own)
    for _ in range(2):
        with pytest.raises(HubError, match="is at `v1`, which is no branch"):
            source.publish(bundle(), push=False)
