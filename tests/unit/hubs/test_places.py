"""What addresses of sources mean."""

from __future__ import annotations

import pytest

from mlrun_nb.errors import ConfigError
from mlrun_nb.hubs.places import FolderPlace, GitPlace, OtherPlace, Place, WebPlace, parse_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("/srv/hub", FolderPlace(path="/srv/hub")),
        ("file:///srv/hub", FolderPlace(path="/srv/hub")),
        ("https://host/hub/", WebPlace(url="https://host/hub/")),
        ("https://me@host/hub/catalog.json", WebPlace(url="https://me@host/hub/catalog.json")),
        ("git+https://host/hub.git", GitPlace(url="https://host/hub.git")),
        ("https://host/team/hub.git@v1", GitPlace(url="https://host/team/hub.git", reference="v1")),
        (
            "git+https://me:word@host:8443/hub@feature/new#subdirectory=a/b",
            GitPlace(url="https://me:word@host:8443/hub", reference="feature/new", folder="a/b"),
        ),
        ("git@host:team/hub.git", GitPlace(url="git@host:team/hub.git")),
        ("git@host:team/hub.git@main", GitPlace(url="git@host:team/hub.git", reference="main")),
        ("ssh://git@host/hub.git", GitPlace(url="ssh://git@host/hub.git")),
        ("git+ssh://git@host/hub.git@0123abc", GitPlace(url="ssh://git@host/hub.git", reference="0123abc")),
        ("git+file:///srv/hub.git", GitPlace(url="file:///srv/hub.git")),
        ("corp://anything", OtherPlace(scheme="corp", url="corp://anything")),
    ],
)
def test_an_address_says_what_kind_of_source_it_is(text: str, place: Place):
    """As pip and git write them."""
    assert parse_place(text) == place


@pytest.mark.parametrize("text", ["git+https://host", "git+https://host/hub@", "git+https://host/hub@-x", "git+-x:hub"])
def test_an_address_of_git_that_cannot_be_is_refused(text: str):
    """Before git sees it."""
    with pytest.raises(ConfigError, match="names no repository of git") as caught:
        parse_place(text)
    assert "subdirectory" in caught.value.hint
