"""The documentation agrees with the code: generated pages are current, tables are complete, every page is linked."""

from __future__ import annotations

import re

import pytest

from docs.generate import FOLDER, PAGES
from labextension import generate_types
from mlrun_nb.model.states import TRANSITIONS, PendingPhase
from tests.acceptance.docs_snippets import ROOT, Block, Desk, blocks

DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_current(name: str):
    """`make docs` was not forgotten."""
    assert PAGES[name]() == (FOLDER / name).read_text(encoding="utf-8"), "run `make docs`"


def test_the_types_of_the_interface_for_typescript_are_current():
    """The panel is compiled against what the server says."""
    assert generate_types.types() == generate_types.TARGET.read_text(encoding="utf-8"), "run `make docs`"


def test_the_page_on_states_shows_the_whole_table_of_transitions():
    """The table in the text is the table in the code."""
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*)\|$", (DOCS / "concepts/states.md").read_text(), re.MULTILINE)
    shown = {state: set(re.findall(r"`(\w+)`", after)) for state, after in rows}
    assert shown == {str(state): set(map(str, after)) for state, after in TRANSITIONS.items()}


def test_the_page_on_states_names_every_phase():
    """A person who reads a phase on the screen finds it explained."""
    text = (DOCS / "concepts/states.md").read_text()
    assert [phase for phase in PendingPhase if f"| `{phase}` |" not in text] == []


def test_the_troubleshooting_page_knows_what_the_container_says():
    """The classes of a diagnosis are a table; those of the container stand in text that travels."""
    bootstrap = (ROOT / "mlrun_nb/engines/kubernetes/bootstrap.py").read_text()
    page = (DOCS / "reference/troubleshooting.md").read_text()
    classes = set(re.findall(r'\bend\(\s*"(\w+)"', bootstrap))
    assert classes
    assert [cls for cls in classes if f"| `{cls}` |" not in page] == []


def test_every_page_is_linked_from_the_contents():
    """A page that nobody finds is no documentation."""
    contents = (DOCS / "README.md").read_text()
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    assert sorted(page for page in pages if f"({page})" not in contents) == []


def test_no_page_says_simply():
    """What is simple for the writer may not be so for the reader."""
    pages = [ROOT / "README.md", *DOCS.rglob("*.md")]
    assert [str(page) for page in pages if re.search(r"\bsimply\b", page.read_text(), re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("language", "path", "text"),
    [
        ("console", "", "$ false\n"),  # a command that fails
        ("console", "", "$ echo two\none\n"),  # another output than shown
        ("console", "", "$ printf 'a\\nb\\n'\na\n"),  # more output than shown
        ("python", "", "assert False\n"),
        ("ruby", "", "puts 1\n"),  # a language that nobody checks
    ],
)
def test_a_block_that_does_not_hold_is_found(language: str, path: str, text: str, tmp_path):
    """The tests of the documentation can fail."""
    desk = Desk(folder=tmp_path, environment={"PATH": "/usr/bin:/bin"})
    with pytest.raises(AssertionError):
        desk.try_out(Block(language, path, text, 1))


def test_shown_output_may_leave_out_and_differ_where_it_must(tmp_path):
    """Anything for `…`; ids, digests, durations and sizes of any value."""
    desk = Desk(folder=tmp_path, environment={"PATH": "/usr/bin:/bin"})
    shown = "…\nrun n9pc7f took 3 s and left …\n"
    desk.try_out(Block("console", "", f"$ printf 'x\\ny\\nrun zxzxyw took 12 ms  and left 3 files\\n'\n{shown}", 1))


def test_fenced_blocks_are_found_with_file_and_line():
    """The page on CI holds a workflow, which its test reads."""
    found = {block.path: block.line for block in blocks(DOCS / "how-to/ci.md")}
    assert found[".gitlab-ci.yml"] > found[".github/workflows/notebooks.yml"] > 1
