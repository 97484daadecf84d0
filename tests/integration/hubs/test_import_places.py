"""Functions of MLRun behind http and in repositories: read with what is beside them, and nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.services.import_places import find_place
from mlrun_nb.services.imports import import_from
from tests.hub_servers import GitServer, WebServer, flood, git

ITEM = "name: greet\nspec: {filename: code/greet.py, handler: greet, kind: job}\n"
CODE = "def greet(name: str = 'you'):\n    said = f'hello {name}'\n    return said\n"


def lay(folder: Path) -> Path:
    """Write an item with its code below *folder*."""
    (folder / "items" / "greet" / "code").mkdir(parents=True)
    (folder / "items" / "greet" / "item.yaml").write_text(ITEM)
    (folder / "items" / "greet" / "code" / "greet.py").write_text(CODE)
    (folder / "items" / "alone.yaml").write_text(ITEM)
    return folder


def outputs(where: str) -> tuple[str, list[str]]:
    """Return what the place is called and the outputs of the function that is there."""
    with find_place(where) as place:
        call = import_from(place).call
    assert call is not None
    return place.name, [name for name, _ in call.outputs]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebServer]:
    """Serve the item over http."""
    with WebServer(lay(tmp_path / "site")) as server:
        yield server


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[str]:
    """Give the address of a repository with the item."""
    with GitServer(tmp_path / "served") as server:
        yield server.publish(lay(tmp_path / "work"), "team.git")


def test_the_code_of_an_item_behind_http_is_read_from_beside_it(web: WebServer):
    """By the address of the file, and by that of its folder."""
    address = f"{web.url}/items/greet/item.yaml"
    assert outputs(address) == (address, ["said"])
    assert web.asked == [("/items/greet/item.yaml", 200), ("/items/greet/code/greet.py", 200)]
    assert outputs(f"{web.url}/items/greet/") == (address, ["said"])


def test_a_password_in_an_address_is_not_written_down(web: WebServer):
    """The notebook says where it came from, and goes to others."""
    address = web.url.replace("//", "//ana:secret@")
    with find_place(f"{address}/items/greet/item.yaml") as place:
        about = import_from(place).cells[0].source
    assert f"{web.url}/items/greet/item.yaml" in about
    assert "secret" not in about


def test_what_a_server_has_not_is_named(web: WebServer):
    """The description, a folder without one, and the code beside it."""
    with pytest.raises(HubError, match=r"there is no `.*/nowhere\.yaml`"):
        outputs(f"{web.url}/nowhere.yaml")
    with pytest.raises(NotFoundError, match=r"has no `function\.yaml` and no `item\.yaml`"):
        outputs(f"{web.url}/items/")
    with pytest.raises(HubError, match=r"names `code/greet\.py` as its code, and there is no such file beside it"):
        outputs(f"{web.url}/items/alone.yaml")


def test_of_a_server_no_more_is_read_than_code_may_be(web: WebServer):
    """Of one that sends without end, too."""
    web.faults["/items/greet/code/greet.py"] = flood
    with pytest.raises(HubError, match="is larger than the 4 MiB"):
        outputs(f"{web.url}/items/greet/item.yaml")


def test_an_item_in_a_repository_is_read_at_what_is_asked_for(repository: str, tmp_path: Path):
    """A branch or a tag, by the folder or the file; the repository is not kept."""
    work = tmp_path / "work"
    git(work, "tag", "v1")
    git(work, "push", "--quiet", repository, "v1")
    address = f"git+{repository}@v1#subdirectory=items/greet"
    assert outputs(address) == (f"{repository}@v1#subdirectory=items/greet/item.yaml", ["said"])
    assert outputs(f"git+{repository}#subdirectory=items/greet/item.yaml")[1] == ["said"]


LACKS = [
    ("#subdirectory=items", NotFoundError, "has no `function.yaml` and no `item.yaml`"),
    ("", NotFoundError, "has no `function.yaml` and no `item.yaml`"),
    ("#subdirectory=items/no.yaml", NotFoundError, "has no file `items/no.yaml`"),
    ("#subdirectory=items/alone.yaml", HubError, "names `code/greet.py` as its code, and there is no such file"),
    ("@nowhere#subdirectory=items", HubError, "has no branch and no tag `nowhere`"),
]


@pytest.mark.parametrize(("behind", "kind", "message"), LACKS)
def test_what_a_repository_has_not_is_named(repository: str, behind: str, kind: type[Exception], message: str):
    """With what to correct."""
    with pytest.raises(kind, match=message):
        outputs(f"git+{repository}{behind}")


def test_of_a_repository_no_more_is_read_than_code_may_be(repository: str, tmp_path: Path):
    """As everywhere."""
    work = tmp_path / "work"
    (work / "items" / "greet" / "code" / "greet.py").write_bytes(b"#" * (5 << 20))
    git(work, "commit", "--quiet", "--all", "--message", "more")
    git(work, "push", "--quiet", repository, "HEAD")
    with pytest.raises(HubError, match=r"greet\.py` has more than 4 MiB"):
        outputs(f"git+{repository}#subdirectory=items/greet")


def test_an_address_of_another_kind_is_refused():
    """With those that are known."""
    with pytest.raises(NotFoundError, match="addresses of `hub` are not known"):
        outputs("hub://describe")
