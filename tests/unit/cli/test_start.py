"""The command line starts in milliseconds: what a verb needs is imported when it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlrun_nb.cli.main import VERBS, group

HEAVY = ("IPython", "jupyter_client", "nbformat", "papermill", "psutil", "rich", "sqlalchemy", "yaml")
MODULES_OF_OURS = 25
"""Enough to read a command line; the count may be lowered, never raised without a reason."""


def modules_after(words: list[str]) -> set[str]:
    """Return what a fresh interpreter has loaded after these words."""
    code = f"""
import sys
from mlrun_nb.cli.main import run
code = run({words!r})
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["runs", "--help"], ["completion", "bash"], ["run", "--memroy"]]
)
def test_reading_a_command_line_imports_nothing_heavy(words):
    """Neither the help nor a typing error pays for what only a run needs."""
    loaded = modules_after(words)
    assert [name for name in HEAVY if name in loaded] == []
    assert len([name for name in loaded if name.startswith("mlrun_nb")]) <= MODULES_OF_OURS


@pytest.mark.parametrize("words", [["runs"], ["functions"], ["doctor"]])
def test_plain_lines_need_no_rich(words):
    """It is for what is drawn in place on a terminal."""
    assert "rich" not in modules_after(words)


@pytest.mark.parametrize("verb", VERBS)
def test_the_table_of_verbs_says_what_their_own_help_says(verb):
    """The line in the table is how the verb's own help begins, so that neither is forgotten."""
    command = group.get_command(None, verb)
    assert " ".join(command.help.split()).startswith(VERBS[verb].rstrip("."))
