"""
What every packager must do, as tests: inherit `PackagerContract`, give it your packager and values, get a verdict.

    class TestMyPackager(PackagerContract):
        packager = MyPackager()
        values = (Fraction(1, 3), Fraction(0))

Override `same` for values that `==` does not compare, `refused` with values of your type that your format would change,
and `modules` with the libraries that have to wait until a value is there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from mlrun_nb._lib.records import to_json
from mlrun_nb.artifacts.packagers.protocol import CannotPack, Packager, type_name

LONGEST_METADATA = 10_000
"""Characters: metadata stands in the record of the run, which lists show."""
_NAMES = ("model", "model.v2", "two words", "Ärger_1")
_STRANGERS = (object(), object, lambda: None, iter("ab"))


class _Hostile:
    """An object that answers no question but that for its class."""

    def __getattribute__(self, name: str) -> object:
        if name == "__class__":
            return _Hostile
        raise RuntimeError(f"`{name}` is nobody's business")


class PackagerContract:
    """What holds for every packager; each test takes all values in turn."""

    packager: ClassVar[Packager]
    """The packager under test. It is made without arguments, as an entry point is."""
    values: ClassVar[tuple[object, ...]]
    """Values that it keeps: an ordinary one, an empty one, the oddest ones."""
    refused: ClassVar[tuple[object, ...]] = ()
    """Values of its types that its format would change, so that the next packager has to be asked."""
    takes_all: ClassVar[bool] = False
    """Whether it is meant for values of every type."""
    modules: ClassVar[tuple[str, ...]] = ()
    """Libraries that may be imported for a value of theirs only."""

    def same(self, left: object, right: object) -> bool:
        """Tell whether two values are equal, types included."""
        return type(left) is type(right) and left == right

    def saved(self, folder: Path) -> Iterator[tuple[object, Path]]:
        """Save each value below *folder*; yields it with its main file."""
        for number, value in enumerate(self.values):
            place = folder / str(number)
            place.mkdir()
            yield value, place / self.packager.save(value, place, "value").file

    def test_its_name_can_be_a_kind(self) -> None:
        """A word in small letters: it stands in records, lists and messages."""
        assert self.packager.name.isidentifier()
        assert self.packager.name == self.packager.name.lower()

    def test_it_can_be_made_again(self) -> None:
        """An entry point is called without arguments, in each process anew."""
        assert type(self.packager)().name == self.packager.name

    def test_a_value_comes_back_as_it_was(self, tmp_path: Path) -> None:
        """Type included, from the main file alone, wherever that lies by then."""
        for value, file in self.saved(tmp_path):
            moved = tmp_path / "elsewhere" / file.name
            moved.parent.mkdir(exist_ok=True)
            moved.write_bytes(file.read_bytes())
            assert self.same(self.packager.load(moved, type_name(value)), value), value

    def test_a_value_that_was_saved_is_still_the_same(self, tmp_path: Path) -> None:
        """Saving changes nothing: the notebook goes on with the value."""
        for value, file in self.saved(tmp_path):
            again = tmp_path / "again"
            again.mkdir(exist_ok=True)
            second = again / self.packager.save(value, again, "value").file
            kind = type_name(value)
            assert self.same(self.packager.load(second, kind), self.packager.load(file, kind)), value

    def test_it_says_of_its_own_values_that_it_takes_them(self) -> None:
        """Also of those that `save` will refuse: the type decides."""
        for value in (*self.values, *self.refused):
            assert self.packager.can_save(value) is True, value

    def test_it_leaves_values_of_strangers_alone(self) -> None:
        """It answers whatever it is asked about, and touches no attribute of what is not its own."""
        for value in (*_STRANGERS, _Hostile()):
            assert self.packager.can_save(value) is self.takes_all, type(value)

    def test_what_its_format_would_change_it_refuses(self, tmp_path: Path) -> None:
        """With CannotPack and a reason; the next packager is asked, and no file is left for it to trip over."""
        for value in self.refused:
            with pytest.raises(CannotPack) as caught:
                self.packager.save(value, tmp_path, "value")
            assert str(caught.value), value
            assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("name", _NAMES)
    def test_its_files_lie_in_the_folder_and_begin_with_the_name(self, tmp_path: Path, name: str) -> None:
        """Main file and previews; dots, blanks and letters of all languages are part of a name."""
        packed = self.packager.save(self.values[0], tmp_path, name)
        written = {path.name for path in tmp_path.iterdir()}
        assert {packed.file, *packed.previews.values()} <= written
        assert [file for file in written if not file.startswith(name)] == []

    def test_what_it_says_of_its_files_can_stand_in_a_record(self, tmp_path: Path) -> None:
        """Media types with a slash; metadata is JSON, and little of it."""
        packed = self.packager.save(self.values[0], tmp_path, "value")
        assert all(media.count("/") == 1 for media in (packed.media_type, *packed.previews))
        assert len(json.dumps(to_json(packed.metadata), allow_nan=False)) < LONGEST_METADATA

    def test_it_imports_no_library_to_be_asked(self) -> None:
        """It is made, and asked about values of others, in every run."""
        kind = type(self.packager)
        code = (
            f"import sys\nfrom {kind.__module__} import {kind.__qualname__} as Kind\n"
            f"Kind().can_save(object())\nprint(*set({self.modules!r}) & set(sys.modules))"
        )
        path = {"PYTHONPATH": ":".join(filter(None, sys.path))}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=path)
        assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr
