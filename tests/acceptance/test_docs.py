"""Every fenced block of the documentation holds: commands are run, files are used, outputs are what is shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.acceptance.docs_snippets import ROOT, Block, Desk, blocks, workflow_commands

pytest_plugins = ["tests.postgresql_server"]

PAGES = sorted(str(page.relative_to(ROOT)) for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")] if blocks(page))
NEED_SERVER = {"docs/how-to/team-store.md", "docs/how-to/object-store.md"}


def _environment(home: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLRUN_NB_", "XDG_", "PG"))}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {
        **kept,
        "HOME": str(home),
        "PATH": programs,
        "NO_COLOR": "1",
        "GITHUB_STEP_SUMMARY": str(home / "summary.md"),
    }


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a folder with the examples and a shell in it."""
    return Desk(folder=tmp_path, environment=_environment(tmp_path))


def _workflows(block: Block) -> list[str]:
    return workflow_commands(block.text) if block.path.startswith(".git") else []


def _try_page(desk: Desk, name: str) -> None:
    for block in blocks(ROOT / name):
        desk.try_out(block)
        for command in _workflows(block):
            desk.console(Block("console", "", f"$ {command}\n", block.line))


@pytest.mark.parametrize("name", sorted(set(PAGES) - NEED_SERVER))
def test_every_block_of_a_page_holds(name: str, desk: Desk):
    """Whoever types what a page shows gets what it shows."""
    _try_page(desk, name)
