"""
What every hub source must do, as tests: inherit `HubContract`, give it your source, and get a verdict.

    class TestMySource(HubContract):
        def published(self, tmp_path, items):
            return MySource("mine", put_somewhere(items))

*items* is the files of each version: `{("greet", "1.0.0"): {"item.yaml": b"..."}}`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb.errors import HubError, NotFoundError
from mlrun_nb.protocols.hub import HubSource

Items = dict[tuple[str, str], dict[str, bytes]]


def make_item(
    name: str = "greet", version: str = "1.0.0", *, summary: str = "Say hello.", **more: str
) -> dict[str, bytes]:
    """Return the files of an item; *more* are lines of its `item.yaml`."""
    function = name.replace("-", "_")
    about = {
        "name": name, "version": version, "summary": summary, "notebook": "cell.py", "function": function,
        "categories": "[texts]", **more,
    }  # fmt: skip
    return {
        "item.yaml": "".join(f"{key}: {value}\n" for key, value in about.items()).encode(),
        "cell.py": f"# %%\n# %%mlrun {function} --output said\nsaid = 'hello {version}'\n".encode(),
    }


class HubContract:
    """What holds for every source."""

    def published(self, tmp_path: Path, items: Items) -> HubSource:
        """Return a source that has *items*."""
        raise NotImplementedError

    @pytest.fixture
    def items(self) -> Items:
        """Give three versions of one item, and another item."""
        return {
            ("greet", "1.2.0"): make_item(),
            ("greet", "1.10.0"): make_item(version="1.10.0"),
            ("greet", "1.9.0"): make_item(version="1.9.0"),
            ("part-ways", "0.1.0"): make_item("part-ways", "0.1.0", summary="Say goodbye, and hello again."),
        } | {("greet", "1.2.0"): make_item(version="1.2.0")}

    def test_the_newest_of_each_item_is_found_by_all_words(self, tmp_path: Path, items: Items) -> None:
        """In names, texts and categories, whatever the case; who is called so is first."""
        source = self.published(tmp_path, items)
        assert [(item.name, item.version) for item in source.search("")] == [
            ("greet", "1.10.0"),
            ("part-ways", "0.1.0"),
        ]
        assert [item.name for item in source.search("HELLO texts")] == ["greet", "part-ways"]
        assert [item.name for item in source.search("part hello")] == ["part-ways"]
        assert source.search("hello nothing") == []

    def test_versions_are_ordered_by_their_numbers(self, tmp_path: Path, items: Items) -> None:
        """Newest first."""
        found = self.published(tmp_path, items).versions("greet")
        assert [item.version for item in found] == ["1.10.0", "1.9.0", "1.2.0"]

    def test_a_version_has_the_files_that_were_published(self, tmp_path: Path, items: Items) -> None:
        """Byte for byte, with their digests; the newest where none is named."""
        source = self.published(tmp_path, items)
        for version, wanted in (("1.2.0", "1.2.0"), ("", "1.10.0")):
            bundle = source.fetch("greet", version)
            assert bundle.files == items["greet", wanted]
            assert bundle.item.files == {name: digest_bytes(data) for name, data in bundle.files.items()}
            assert bundle.item in source.versions("greet")

    def test_the_same_version_has_the_same_digest_elsewhere(self, tmp_path: Path, items: Items) -> None:
        """It names the content, and no place."""
        digests = set()
        for place in ("here", "there"):
            (tmp_path / place).mkdir()
            digests.add(self.published(tmp_path / place, items).fetch("greet").item.digest)
        assert len(digests) == 1

    def test_what_it_lacks_is_said_with_what_there_is(self, tmp_path: Path, items: Items) -> None:
        """An item, and a version of one."""
        source = self.published(tmp_path, items)
        with pytest.raises(NotFoundError, match="no item `great`") as caught:
            source.versions("great")
        assert "`greet`" in caught.value.hint
        with pytest.raises(NotFoundError, match=r"no version `9\.9\.9`") as caught:
            source.fetch("greet", "9.9.9")
        assert "1.10.0" in caught.value.hint

    @pytest.mark.parametrize("name", ["../outside.py", "/etc/outside", ".hidden", "a/../../b"])
    def test_no_file_leads_out_of_its_folder(self, tmp_path: Path, items: Items, name: str) -> None:
        """Whatever a source calls it: nothing of it is given."""
        items["greet", "1.10.0"][name] = b"x"
        try:
            given = set(self.published(tmp_path, items).fetch("greet").files)
        except HubError:
            given = set()
        assert name not in given
