"""
The part of the store's contract about versions, tags and functions; authors inherit `store_contract.StoreContract`.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.function import VersionHash
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.records import NOON, make_hash, make_run, make_version
from mlrun_nb.testing.store_fixtures import Given


class VersionContract(Given):
    """Versions, tags, functions."""

    def test_a_saved_version_comes_back_as_it_was(self, store: RunStore) -> None:
        """Nothing of a version is lost, rounded or reordered."""
        version = make_version("x = '\\x00 ü \\ud83d\\ude00'", description="It\nsays so.")
        assert store.save_version(version)
        assert store.get_version("demo", "train", "latest") == version

    def test_saving_a_version_again_records_nothing(self, store: RunStore) -> None:
        """A cell that runs again unedited is no change."""
        store.save_version(make_version())
        before = store.revision()
        assert not store.save_version(make_version())
        assert store.revision() == before

    def test_a_tag_moves_to_the_version_saved_with_it(self, store: RunStore) -> None:
        """`latest` follows the cell, also back to an earlier text."""
        old, new = make_version("x = 1"), make_version("x = 2")
        for version in (old, new, old):
            store.save_version(version)
        assert store.get_version("demo", "train", "latest") == old
        function = store.functions("demo")[0]
        assert (function.latest, function.cell_digest) == (old.hash, old.cell_digest)

    def test_without_a_tag_latest_the_function_shows_what_was_registered_last(self, store: RunStore) -> None:
        """A function always has a version to show."""
        for source in ("x = 1", "x = 2"):
            store.save_version(make_version(source), tags=("imported",))
        assert store.functions("demo")[0].latest == make_hash("x = 2")

    def test_a_tag_is_read_before_a_hash(self, store: RunStore) -> None:
        """Who names a tag like a hash gets the tag."""
        first, second = make_version("x = 1"), make_version("x = 2")
        store.save_version(first)
        store.save_version(second, tags=(first.hash[:8],))
        assert store.get_version("demo", "train", first.hash[:8]) == second
        assert store.get_version("demo", "train", first.hash[:9]) == first

    @pytest.mark.parametrize("reference", ["prod", make_hash("x = 1")[:5], make_hash("other"), ""])
    def test_what_names_no_version_is_not_found(self, store: RunStore, reference: str) -> None:
        """Five digits are too few to mean one version."""
        store.save_version(make_version())
        with pytest.raises(NotFoundError, match="`train` has no version"):
            store.get_version("demo", "train", reference)

    def test_an_ambiguous_hash_lists_the_candidates(self, store: RunStore) -> None:
        """The first of two is nobody's choice."""
        version = make_version()
        twins = [replace(version, hash=VersionHash(f"abcdef{digit * 58}")) for digit in "12"]
        for twin in twins:
            store.save_version(twin)
        with pytest.raises(NotFoundError, match="begins several versions") as caught:
            store.get_version("demo", "train", "abcdef")
        assert all(twin.hash[:12] in caught.value.message for twin in twins)

    @pytest.mark.parametrize("function", ["trian", "TRAIN"])
    def test_an_unknown_function_names_its_project_and_a_command(self, store: RunStore, function: str) -> None:
        """The hint can be typed."""
        store.save_version(make_version())
        for ask in (lambda: store.get_version("demo", function, "latest"), lambda: store.versions("demo", function)):
            with pytest.raises(NotFoundError, match=f"no function `{function}` in project `demo`") as caught:
                ask()
            assert "mlrun-nb functions" in caught.value.hint

    def test_a_misspelt_function_suggests_the_nearest(self, store: RunStore) -> None:
        """One letter wrong is the usual case."""
        store.save_version(make_version())
        with pytest.raises(NotFoundError) as caught:
            store.get_version("demo", "trian", "latest")
        assert "`train`" in caught.value.hint

    def test_versions_are_listed_last_registered_first_in_pages(self, store: RunStore) -> None:
        """Pages follow each other without gap or repetition."""
        for number in range(5):
            store.save_version(make_version(f"x = {number}"))
        first = store.versions("demo", "train", limit=3)
        second = store.versions("demo", "train", limit=3, cursor=first.cursor)
        shown = [info.hash for info in (*first.items, *second.items)]
        assert shown == [make_hash(f"x = {number}") for number in (4, 3, 2, 1, 0)]
        assert second.cursor is None

    def test_a_listed_version_names_its_tags_and_runs(self, store: RunStore) -> None:
        """Runs count for the version, whenever it was registered."""
        store.create_run(make_run())
        store.save_version(make_version(), tags=("prod", "latest"))
        store.create_run(make_run())
        (info,) = store.versions("demo", "train").items
        assert (info.tags, info.runs, info.notebook, info.created) == (("latest", "prod"), 2, "train.ipynb", NOON)

    def test_functions_are_listed_by_name_within_their_project(self, store: RunStore) -> None:
        """Projects do not see each other."""
        for name, project in (("train", "demo"), ("Eval", "demo"), ("train", "other")):
            store.save_version(make_version(function=name, project=project, description=f"{name} of {project}"))
        store.create_run(make_run())
        found = [
            (function.name, function.description, function.versions, function.runs)
            for function in store.functions("demo")
        ]
        assert found == [("Eval", "Eval of demo", 1, 0), ("train", "train of demo", 1, 1)]

    def test_only_loose_versions_are_deleted(self, store: RunStore) -> None:
        """A tag or a run keeps its version."""
        tagged, used, loose = (make_version(f"x = {number}") for number in range(3))
        for version in (loose, used, tagged):
            store.save_version(version)
        store.create_run(make_run(version=used.hash))
        assert store.delete_versions("demo", "train", [tagged.hash, used.hash, loose.hash, make_hash("?")]) == 1
        assert {info.hash for info in store.versions("demo", "train").items} == {tagged.hash, used.hash}

    def test_a_function_without_versions_is_gone(self, store: RunStore) -> None:
        """What has no version cannot be run, so it is not listed."""
        store.save_version(make_version(), tags=())
        store.delete_versions("demo", "train", [make_hash("x = 1")])
        assert store.functions("demo") == ()
