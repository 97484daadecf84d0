"""Code of an item to paste: what uses it, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mlrun_nb.commands.hub import Page, page_of
from mlrun_nb.commands.hub_code import reference_of, source_of, use_of
from mlrun_nb.model.hub import Lock
from mlrun_nb.project import open_project
from mlrun_nb.services.targets import HubTarget
from mlrun_nb.testing.hub_contract import make_item

CELL = """\
# %% [markdown]
# Hello

# %%
import math
LIMIT = 3  # most

# %%
unused = 1

# %%
def double(number):
    return 2 * number

# %%
# %%mlrun greet --input table --input other --output said
name: str  # who is greeted
times: int = 2  # how often
most: int = LIMIT
said = name * double(times), math.pi
"""
WITH_MODULE = "# %%\n# %%mlrun greet --output said\nimport words\nsaid = words.HELLO\n"
Publish = Callable[..., Page]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Return what publishes an item whose notebook is a text, in two versions, and returns the page of one."""

    def page(text: str, *, version: str = "1.1.0", **files: str) -> Page:
        for number in ("1.0.0", "1.1.0"):
            folder = tmp_path / "team" / "greet" / number
            folder.mkdir(parents=True)
            contents = make_item(version=number) | {"cell.py": text.encode()}
            contents |= {name.replace("_", "."): text.encode() for name, text in files.items()}
            for name, data in contents.items():
                (folder / name).write_bytes(data)
        (tmp_path / "project.yaml").write_text("hub: {team: team}\n")
        with open_project(tmp_path) as project:
            return page_of(project, HubTarget(name="greet", source="team", version=version))

    return page


def test_a_cell_that_uses_it_has_its_parameters_and_shows_the_run(publish: Publish):
    """With what each is for; a default that only the function's own cells can tell is left to them."""
    (cell,) = use_of(publish(CELL), "hub://team/greet", []).cells
    assert cell == (
        "import mlrun_nb as mn\n\n"
        'greet_run = mn.get_function("hub://team/greet").run(\n'
        "    table=table,\n"
        "    other=other,\n"
        "    name=...,  # who is greeted\n"
        "    times=2,  # how often\n"
        ")\n"
        "greet_run"
    )


@pytest.mark.parametrize(
    ("frames", "table", "other"),
    [
        ((), "table", "other"),
        (("df",), "df", "other"),  # the only one
        (("df", "raw"), "table", "other"),  # which one, nobody knows
        (("other",), "table", "other"),  # that is the other input
        (("df", "table"), "table", "other"),
    ],
)
def test_an_input_is_the_frame_of_its_name_or_the_only_one(publish: Publish, frames: list[str], table: str, other: str):
    """Else the name stays, and says what is missing."""
    (cell,) = use_of(publish(CELL), "hub://greet", frames).cells
    assert f"    table={table},\n    other={other},\n" in cell


def test_a_function_without_parameters_is_called_without(publish: Publish):
    """On one line."""
    (cell,) = use_of(publish("# %%\n# %%mlrun greet --output said\nsaid = 1\n"), "hub://greet", []).cells
    assert 'greet_run = mn.get_function("hub://greet").run()\n' in cell


def test_its_source_is_the_cell_and_the_cells_that_it_needs(publish: Publish):
    """Whole, with comments, in their order, and nothing else of the notebook."""
    cells = source_of(publish(CELL)).cells
    assert [cell.splitlines()[0] for cell in cells] == [
        "import math",
        "def double(number):",
        "%%mlrun greet --input table --input other --output said",
    ]
    assert "LIMIT = 3  # most" in cells[0]


def test_a_module_beside_the_notebook_is_told(publish: Publish):
    """It is no cell, and the cells need it."""
    pasted = source_of(publish(WITH_MODULE, words_py="HELLO = 'hello'\n"))
    assert pasted.notices == ("It needs `words.py` beside the notebook.",)


@pytest.mark.parametrize(
    ("version", "is_only", "reference"),
    [
        ("1.1.0", True, "hub://greet"),
        ("1.1.0", False, "hub://team/greet"),
        ("1.0.0", False, "hub://team/greet@1.0.0"),
    ],
)
def test_it_is_named_so_that_nothing_else_can_be_meant(publish: Publish, version: str, is_only: bool, reference: str):
    """By its source where there are others, by its version where there is a newer one."""
    assert reference_of(publish(CELL, version=version), is_only_source=is_only) == reference


@pytest.mark.parametrize(("version", "reference"), [("1.0.0", "hub://greet"), ("1.1.0", "hub://team/greet@1.1.0")])
def test_where_the_project_has_locked_one_a_name_alone_means_that(publish: Publish, version: str, reference: str):
    """And the newest one has to be named, too."""
    lock = Lock(name="greet", source="team", version="1.0.0", digest="sha256:0")
    assert reference_of(publish(CELL, version=version), is_only_source=True, lock=lock) == reference
