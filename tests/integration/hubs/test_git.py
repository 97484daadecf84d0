"""Repositories of git as sources: pinned to the commit that was found, and refused where a tag moved."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.hubs.folder import FolderSource
from mlrun_nb.hubs.git_source import GitSource
from mlrun_nb.hubs.places import GitPlace
from mlrun_nb.testing.hub_contract import make_item
from tests.hub_servers import GitServer, git


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Give the clone of somebody who publishes, with one item."""
    add(tmp_path / "work", "1.0.0")
    return tmp_path / "work"


def add(folder: Path, version: str, name: str = "greet") -> None:
    """Write a version of an item."""
    place = folder / name / version
    place.mkdir(parents=True)
    for path, data in make_item(name, version).items():
        (place / path).write_bytes(data)


def versions(source: GitSource) -> list[str]:
    """Return the versions of the one item."""
    return [item.version for item in source.versions("greet")]


def test_a_branch_stays_where_it_was_found_until_it_is_refreshed(server: GitServer, work: Path, tmp_path: Path):
    """Also for a new process, and while the server is away."""
    place = GitPlace(url=server.publish(work, "team.git"))
    assert versions(GitSource("team", place, tmp_path / "own")) == ["1.0.0"]
    add(work, "1.1.0")
    server.publish(work, "team.git")
    source = GitSource("team", place, tmp_path / "own")
    assert versions(source) == ["1.0.0"]
    source.refresh()
    assert versions(source) == ["1.1.0", "1.0.0"]
    assert source.fetch("greet").revision == git(work, "rev-parse", "HEAD")
    server.stop()
    assert versions(GitSource("team", place, tmp_path / "own")) == ["1.1.0", "1.0.0"]
    assert GitSource("team", place, tmp_path / "own").fetch("greet", "1.0.0").item.version == "1.0.0"


def test_history_is_not_fetched_and_nothing_is_checked_out(server: GitServer, work: Path, tmp_path: Path):
    """Only one commit is here, and no file of it."""
    server.publish(work, "team.git")
    add(work, "1.1.0")
    url = server.publish(work, "team.git")
    own = tmp_path / "own"
    GitSource("team", GitPlace(url=url), own).fetch("greet")
    assert git(own / "repository", "rev-list", "--all", "--count") in {"0", "1"}
    commit = git(work, "rev-parse", "HEAD")
    assert git(own / "repository", "rev-list", "--count", commit) == "1"
    assert not list(own.rglob("*.py"))


@pytest.mark.parametrize("reference", ["main", "v1", "commit", "feature/new"])
def test_a_branch_a_tag_and_a_commit_are_found(server: GitServer, work: Path, tmp_path: Path, reference: str):
    """And a folder in it, by the place that says so."""
    (work / "shelf").mkdir()
    (work / "greet").rename(work / "shelf/greet")
    url = server.publish(work, "team.git", tag="v1")
    git(work, "push", "--quiet", url, "HEAD:refs/heads/feature/new")
    commit = git(work, "rev-parse", "HEAD")
    add(work / "shelf", "2.0.0")
    server.publish(work, "other.git")
    name = commit if reference == "commit" else reference
    source = GitSource("team", GitPlace(url=url, reference=name, folder="shelf"), tmp_path / "own")
    assert versions(source) == ["1.0.0"]
    assert source.fetch("greet").revision == commit


def test_a_tag_that_moved_is_refused(server: GitServer, work: Path, tmp_path: Path):
    """With both commits; what was found before stays."""
    url = server.publish(work, "team.git", tag="v1")
    source = GitSource("team", GitPlace(url=url, reference="v1"), tmp_path / "own")
    assert versions(source) == ["1.0.0"]
    before = git(work, "rev-parse", "HEAD")
    add(work, "1.1.0")
    server.publish(work, "team.git", tag="v1")
    with pytest.raises(HubError, match=f"led to commit {before[:7]}") as caught:
        source.refresh()
    assert git(work, "rev-parse", "HEAD")[:7] in caught.value.message
    assert versions(GitSource("team", GitPlace(url=url, reference="v1"), tmp_path / "own")) == ["1.0.0"]


def test_a_version_that_is_gone_is_still_had_by_its_commit(server: GitServer, work: Path, tmp_path: Path):
    """As a lock names it, for somebody who clones later."""
    url = server.publish(work, "team.git")
    commit = git(work, "rev-parse", "HEAD")
    (work / "greet/1.0.0").rename(work / "greet/2.0.0")
    for path, data in make_item(version="2.0.0").items():
        (work / "greet/2.0.0" / path).write_bytes(data)
    server.publish(work, "team.git")
    source = GitSource("team", GitPlace(url=url), tmp_path / "own")
    with pytest.raises(NotFoundError):
        source.fetch("greet", "1.0.0")
    with pytest.raises(HubError, match="names no commit"):
        source.fetch("greet", "1.0.0", revision="--upload-pack=x")
    bundle = source.fetch("greet", "1.0.0", revision=commit)
    assert (bundle.item.version, bundle.revision) == ("1.0.0", commit)


def test_links_and_submodules_are_passed_over(server: GitServer, work: Path, tmp_path: Path):
    """They lead out of the repository."""
    (work / "greet/1.0.0/passwd").symlink_to("/etc/passwd")
    url = server.publish(work, "team.git")
    assert set(GitSource("team", GitPlace(url=url), tmp_path / "own").fetch("greet").files) == {"item.yaml", "cell.py"}


def test_a_broken_item_hides_no_other(server: GitServer, work: Path, tmp_path: Path):
    """It is named, each time."""
    add(work, "1.0.0", "part")
    (work / "part/1.0.0/item.yaml").write_text("name: [")
    url = server.publish(work, "team.git")
    for _ in range(2):
        source = GitSource("team", GitPlace(url=url), tmp_path / "own")
        assert [item.name for item in source.search("")] == ["greet"]
        assert "`part@1.0.0`" in source.notices[0].message


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"reference": "absent"}, "has no branch and no tag `absent`"),
        ({"folder": "absent"}, "has no folder `absent`"),
        ({"reference": "0" * 40}, "git says"),
        ({"url": "absent.git"}, "git says"),
    ],
)
def test_what_is_not_there_is_named(server: GitServer, work: Path, tmp_path: Path, place: dict[str, str], said: str):
    """Each with what to do."""
    url = server.publish(work, "team.git")
    place = {"url": url, **place}
    if not place["url"].startswith("http"):
        place["url"] = f"{server.url}/{place['url']}"
    with pytest.raises(HubError, match=said) as caught:
        GitSource("team", GitPlace(**place), tmp_path / "own").search("")
    assert "`team`" in caught.value.message
    assert caught.value.hint


def test_an_address_cannot_make_git_execute_anything(tmp_path: Path):
    """Neither as an option nor by its transport."""
    for url in ("ext::sh -c touch% executed", "--upload-pack=touch executed"):
        with pytest.raises(HubError):
            GitSource("team", GitPlace(url=url), tmp_path / "own").search("")
    assert not list(tmp_path.rglob("executed"))


def test_a_server_that_is_silent_is_given_up(tmp_path: Path):
    """After the time that a command of git may take."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/team.git"
        with pytest.raises(HubError, match="gave no answer within 1 s"):
            GitSource("team", GitPlace(url=url), tmp_path / "own", patience_s=1).search("")


def test_a_version_is_committed_and_pushed_only_when_told(server: GitServer, work: Path, tmp_path: Path, monkeypatch):
    """The commit is there to look at before."""
    for key in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{key}_NAME", "A")
        monkeypatch.setenv(f"GIT_{key}_EMAIL", "a@example.org")
    url = server.publish(work, "team.git")
    source = GitSource("team", GitPlace(url=url), tmp_path / "own")
    add(tmp_path / "new", "1.1.0")
    bundle = FolderSource("new", tmp_path / "new").fetch("greet")
    done = source.publish(bundle, push=False)
    assert done.next.endswith("push origin HEAD")
    assert versions(source) == ["1.0.0"]
    assert git(work, "ls-remote", url, "main").split()[0] == git(work, "rev-parse", "HEAD")
    add(work, "0.9.0")
    server.publish(work, "team.git")  # somebody else was quicker
    assert source.publish(bundle, push=True).next == ""
    assert versions(source) == ["1.1.0", "1.0.0", "0.9.0"]
    git(work, "push", "--quiet", url, "HEAD:refs/tags/v1")
    with pytest.raises(HubError, match="is no branch"):
        GitSource("team", GitPlace(url=url, reference="v1"), tmp_path / "fourth").publish(bundle, push=False)
    tagged = GitSource("team", GitPlace(url=url, reference="absent"), tmp_path / "third")
    with pytest.raises(HubError):
        tagged.publish(bundle, push=False)
