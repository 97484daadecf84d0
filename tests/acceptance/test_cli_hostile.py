"""A command line under odd circumstances: no streams, no folder, no home, bytes that are no text, words without end."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.acceptance.session import COMMAND


def shell(session, script: str) -> subprocess.CompletedProcess[str]:
    """Run *script*, in which `$M` is the command, in the session's folder."""
    return subprocess.run(
        ["sh", "-c", script],
        cwd=session.folder,
        env=session.environment | {"M": COMMAND},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("$M runs >&-", 0),
        ("$M show last --json >&- 2>&- <&-", 0),
        ("$M run nosuch 2>&-", 2),
        ("$M nosuch 2>/dev/full", 2),
    ],
)
def test_a_stream_that_is_closed_or_full_changes_no_exit_code(worked, script, code):
    """A cron job or a service may have none of the three; nothing of ours is written where one of them was."""
    said = shell(worked[0], script)
    assert said.returncode == code
    assert "Traceback" not in said.stderr
    assert worked[0].type("doctor").code == 0


def test_a_folder_that_was_removed_is_told_as_that(session):
    """Under somebody who is still in it."""
    said = shell(session, "mkdir gone && cd gone && rmdir ../gone && $M runs")
    assert said.returncode == 2
    assert said.stderr.startswith("error: the working directory is not there any more\nhint: ")


def test_a_home_of_nobody_is_a_folder_like_any_other(session):
    """As in a shell, `~name` means itself where nobody is called so."""
    said = session.type("run", "hello.ipynb", "-q", MLRUN_NB_HOME="~nobody_of_this_name/home")
    assert said.code == 0
    assert (session.folder / "~nobody_of_this_name" / "home" / "store.db").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "hello.ipynb", "--env", "A=\udcff"), "`env` in this command cannot be `A=\\udcff`: it holds bytes"),
        (("run", "\udcff.ipynb"), "\\udcff.ipynb` holds bytes that are not UTF-8"),
        (("runs", "--since", "99999999999d"), "`99999999999d` is longer than a century"),
        (("gc", "--older-than", "99999999999d"), "`99999999999d` is longer than a century"),
        (("run", "train.ipynb::train", "-p", "lr=1e999"), "cannot be `1e999`: it is too large"),
    ],
)
def test_what_nothing_could_hold_is_refused_before_anything_is_written(session, words, message):
    """Input of the person's, exit code 2."""
    shutil.copyfile(session.folder / "hello.ipynb", session.folder / os.fsdecode(b"\xff.ipynb"))
    said = session.type(*words)
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert not (session.folder / "home").exists()


@pytest.mark.parametrize("words", ["{}", "run {}", "run {}.ipynb", "show {}", "run hello.ipynb -p {}=1"])
def test_a_word_without_end_is_not_said_back_whole(worked, words):
    """A file's content given as a name fills no terminal."""
    said = worked[0].type(*words.format("y" * 50_000).split())
    assert said.code == 2
    assert len(said.err) < 1000


def test_nobodys_label_steers_a_terminal(session):
    """Nor breaks a line."""
    session.type("run", "hello.ipynb", "-q", "--label", "te\nam=\x1b[31mred\a")
    assert "  labels     te am=red\n" in session.type("show", "last").out


def test_a_file_that_cannot_be_written_is_named(session):
    """Also where the system does not say which it was."""
    said = session.type("run", "hello.ipynb", "-q", "--junit", "/dev/full")
    assert said.code == 4
    assert "error: `/dev/full` cannot be written: No space left on device\nhint: The run itself is recorded" in said.err
