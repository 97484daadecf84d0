"""Folders: whole files, names that cannot escape, errors in our words; the same for a directory and behind fsspec."""

from __future__ import annotations

import sys
import uuid

import pytest

from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.growing import growing
from mlrun_nb.artifacts.names import check_name
from mlrun_nb.errors import ArtifactError, UsageError


@pytest.fixture(params=["directory", "file URL", "memory", "fsspec's local"])
def folder(request, tmp_path):
    """An empty folder of each kind."""
    return open_folder(
        {
            "directory": tmp_path / "a b",
            "file URL": (tmp_path / "a b").as_uri(),
            "memory": f"memory://{uuid.uuid4().hex}/x",
            "fsspec's local": f"local://{tmp_path}/x",
        }[request.param]
    )


def test_what_was_written_is_read(folder):
    """Whole, from the middle, by size; a second writing replaces the first."""
    folder.write("a/b.bin", b"first")
    folder.write("a/b.bin", b"0123456789", sync=True)
    assert (folder.read("a/b.bin"), folder.read("a/b.bin", 7), folder.read("a/b.bin", 10)) == (
        b"0123456789",
        b"789",
        b"",
    )
    assert (folder.size("a/b.bin"), folder.exists("a/b.bin"), folder.exists("a/c")) == (10, True, False)


def test_names_are_listed_sorted_and_below_a_folder(folder):
    """Temporary files are not among them."""
    for name in ("log/000001.log", "log/000000.log", "x.json"):
        folder.write(name, b".")
    assert folder.names() == ["log/000000.log", "log/000001.log", "x.json"]
    assert folder.names("log") == ["log/000000.log", "log/000001.log"]
    assert folder.child("log").read("000001.log") == b"."


def test_files_move_in_and_copies_come_out(folder, tmp_path):
    """The local file is gone afterwards; the fetched copy has its bytes."""
    (tmp_path / "mine").write_bytes(b"123")
    folder.take(tmp_path / "mine", "sub/theirs")
    folder.fetch("sub/theirs", tmp_path / "back")
    assert ((tmp_path / "back").read_bytes(), (tmp_path / "mine").exists()) == (b"123", False)


def test_a_removed_file_is_gone_and_may_be_removed_again(folder):
    """Removing is idempotent."""
    folder.write("x", b".")
    folder.remove("x")
    folder.remove("x")
    assert not folder.exists("x")


def test_a_missing_file_is_an_error_that_names_it(folder):
    """Never the back end's own exception."""
    with pytest.raises(ArtifactError, match=r"nothing\.json"):
        folder.read("nothing.json")


@pytest.mark.parametrize(
    "name",
    ["", "..", "../x", "a/../x", "a//b", "/etc/passwd", "~/x", "C:x", "s3://x/y", "a\\b", "a\0b", "a\nb", "con",
     "NUL.txt", ".hidden", "a/.hidden", "x.", "x ", "é" * 101],
)  # fmt: skip
def test_a_name_that_could_leave_the_folder_is_refused(folder, name):
    """By every method, before anything is touched."""
    for call in (folder.read, folder.url_of, folder.child, lambda bad: folder.write(bad, b"")):
        with pytest.raises(UsageError, match="cannot be the name"):
            call(name)


@pytest.mark.parametrize("name", ["model", "plots/roc.png", "größe", "a b", "x-1_2.tar.gz", "console"])
def test_ordinary_names_are_taken(name):
    """Also with spaces and letters of other languages."""
    assert check_name(name) == name


def test_growing_files_are_read_as_one(folder):
    """Appended where the place can, in segments where it cannot; a second writer goes on after the first."""
    for text in (b"one\n", b"two\n"):
        log = growing(folder, "log", "log")
        log.add(text)
        log.flush()
    assert b"".join(folder.read(name) for name in folder.names("log")) == b"one\ntwo\n"
    assert all(name.endswith(".log") for name in folder.names("log"))


def test_a_segment_is_written_when_it_is_large_or_old():
    """64 KiB or a second; `due` leaves younger ones alone."""
    folder = open_folder(f"memory://{uuid.uuid4().hex}")
    log = growing(folder, "log", "log")
    log.add(b"x" * 1000)
    log.flush(due=True)
    assert folder.names("log") == []
    log.add(b"x" * 65536)
    assert folder.names("log") == ["log/000000.log"]


def test_a_missing_driver_is_named_with_the_command_that_installs_it(monkeypatch):
    """`s3fs` is an extra."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ArtifactError) as caught:
        open_folder("s3://bucket/x")
    assert "pip install 'mlrun-nb[s3]'" in caught.value.hint


def test_a_place_that_cannot_be_written_is_an_error_of_ours(tmp_path):
    """A file where a folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="cannot write"):
        open_folder(tmp_path / "file").write("x/y", b"")
