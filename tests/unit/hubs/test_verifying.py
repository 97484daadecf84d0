"""What is checked of an item before any of it is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlrun_nb.errors import HubError
from mlrun_nb.hubs.verifying import MOST_BYTES, MOST_FILES, item_of, verified
from mlrun_nb.testing.hub_contract import make_item


def test_an_item_says_what_it_is():
    """Its digest depends on each byte of it."""
    files = make_item(requirements="[pandas]")
    item = item_of(files, "`greet`")
    assert (item.name, item.version, item.requirements) == ("greet", "1.0.0", ("pandas",))
    other = item_of({**files, "cell.py": files["cell.py"] + b"\n"}, "`greet`")
    assert other.digest != item.digest


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cell.py", b"import os\n", "`cell.py` is not the one"),
        ("cell.py", None, "`cell.py` is missing"),
        ("more.py", b"", "`more.py` is not one that it states"),
    ],
)
def test_what_is_not_as_it_was_published_is_refused(name: str, data: bytes | None, said: str):
    """By the file's name, and nothing is installed."""
    files = make_item()
    item = item_of(files, "`greet`")
    changed = {**files, name: data} if data is not None else {each: files[each] for each in files if each != name}
    with pytest.raises(HubError, match=said) as caught:
        verified(item, changed, "team")
    assert "Nothing was installed" in caught.value.hint


def test_a_catalog_that_says_something_else_than_the_item_is_refused():
    """What people read before they install is what they get."""
    files = make_item()
    item = replace(item_of(files, "`greet`"), summary="Say something nicer.")
    with pytest.raises(HubError, match="says something else"):
        verified(item, files, "team")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        (b"- a\n", "is no mapping"),
        (b"name: [", "cannot be read"),
        (make_item(flavour="sweet")["item.yaml"], "does not know `flavour`"),
        (make_item(summary="")["item.yaml"], "needs `summary`"),
        (make_item(version="'1.0'")["item.yaml"], "is no name and version"),
        (make_item(version="1.0")["item.yaml"], "needs `version`"),
        (make_item("Greet")["item.yaml"], "is no name and version"),
        (make_item(notebook="other.py")["item.yaml"], "has no `other.py`"),
        (b"name: !!python/object/apply:os.system ['true']\n", "cannot be read"),
    ],
)
def test_what_an_item_says_of_itself_is_checked(about: bytes, said: str):
    """Each fault with what to write."""
    with pytest.raises(HubError, match=said) as caught:
        item_of({**make_item(), "item.yaml": about}, "`greet`")
    assert caught.value.hint


def test_too_much_is_refused_before_it_is_read():
    """Many files, and large ones."""
    many = {f"{number}.txt": b"" for number in range(MOST_FILES + 1)}
    with pytest.raises(HubError, match="files, at most"):
        item_of({**make_item(), **many}, "`greet`")
    with pytest.raises(HubError, match="MiB, at most"):
        item_of({**make_item(), "data.bin": bytes(MOST_BYTES)}, "`greet`")
