"""Capture on whole notebooks as people write them: each function alone gives what it gives in its notebook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.corpus import PATHS, Story, copy_story
from tests.acceptance.corpus_process import Alone, alone, whole

NOTICE = re.compile(r"^notice: cell \d+", re.MULTILINE)
"""A notice of capture; what a run says of its outputs names no cell."""


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_function_alone_gives_what_its_notebook_gives(path: Path, tmp_path: Path):
    """Outputs are equal value by value; notices and errors are those that the notebook's first cell states."""
    folder, values = tmp_path / "notebook", tmp_path / "values"
    folder.mkdir()
    values.mkdir()
    story = copy_story(path, folder)
    whole(story, values)

    faults = [fault for name in story.functions for fault in found_faults(story, name, alone(story, name, values))]
    assert faults == []


def found_faults(story: Story, function: str, came: Alone) -> list[str]:
    """Return all in which a run was not as stated."""
    said = " ".join(came.err.split())
    notices = story.stated(function, "notice")
    stated = [*notices, *story.stated(function, "error"), *story.stated(function, "fails")]
    faults = [f"{function}: nobody said {text!r}" for text in stated if text not in said]
    if len(NOTICE.findall(came.err)) != len(notices):
        faults.append(f"{function}: not {len(notices)} notices")
    expected = 2 if story.stated(function, "error") else 1 if story.stated(function, "fails") else 0
    if came.code != expected:
        faults.append(f"{function}: ended with {came.code}, not {expected}")
    faults += [f"{function}: {text}" for text in came.differences]
    return [*faults, came.err] if faults else []


def test_the_corpus_is_as_large_as_it_claims():
    """At least 24 notebooks, most with more than one function."""
    assert len(PATHS) >= 24
