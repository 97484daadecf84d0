"""Every fenced block of the documentation holds: commands are run, files are used, outputs are what is shown."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.acceptance.docs_snippets import ROOT, Block, Desk, blocks, workflow_commands
from tests.integration.engines.kubernetes.cases import IMAGE
from tests.integration.kube.cluster import space
from tests.parts import require
from tests.postgresql_server import running_server

TEAM_STORE = "docs/how-to/team-store.md"
OBJECT_STORE = "docs/how-to/object-store.md"
KUBERNETES = "docs/how-to/kubernetes.md"
SERVERS = {TEAM_STORE, OBJECT_STORE, KUBERNETES}
"""Pages that need a server, each tried by a test of its own."""
PAGES = {str(page.relative_to(ROOT)) for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")] if blocks(page)}


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """Give the variables of a person whose home is this test's folder."""
    ours = ("MLRUN_NB_", "XDG_", "PG", "PYTEST", "COLUMNS", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"HOME": str(tmp_path), "PATH": path, "NO_COLOR": "1", "MLRUN_NB_WARM": "off"}
    return {**kept, **own, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}


@pytest.fixture
def bucket() -> Iterator[str]:
    """Give the URL of an S3 bucket of the test's own."""
    require("s3")
    import s3fs

    files = s3fs.S3FileSystem()
    name = f"docs-{secrets.token_hex(4)}"
    files.mkdir(name)
    yield f"s3://{name}"
    files.rm(name, recursive=True)


def _try_page(name: str, desk: Desk) -> None:
    for block in blocks(ROOT / name):
        desk.try_out(block)
        if block.path.startswith(".git"):
            for command in workflow_commands(block.text):
                desk.console(Block("console", "", f"$ {command}\n", block.line))


@pytest.mark.parametrize("name", sorted(PAGES - SERVERS))
def test_every_block_of_a_page_holds(name: str, tmp_path: Path, environment: Mapping[str, str]):
    """Whoever types what a page shows gets what it shows."""
    _try_page(name, Desk(folder=tmp_path, environment=environment))


def test_every_block_about_a_team_store_holds(tmp_path: Path, environment: Mapping[str, str]):
    """The page's database is a real PostgreSQL, in which the page's person has an account."""
    with running_server() as server:
        server.run("CREATE ROLE ana SUPERUSER LOGIN")
        places = {"postgresql://db.example.com/team": server.url("postgres").replace("test@", "")}
        _try_page(TEAM_STORE, Desk(folder=tmp_path, environment=environment, places=places))


@pytest.mark.cluster
def test_every_block_about_an_object_store_holds(tmp_path: Path, environment: Mapping[str, str], bucket: str):
    """The page's bucket is one of a real server that speaks S3."""
    _try_page(OBJECT_STORE, Desk(folder=tmp_path, environment=environment, places={"s3://team-runs": bucket}))


@pytest.mark.cluster
def test_every_block_about_kubernetes_holds(tmp_path: Path, environment: Mapping[str, str]):
    """The page's namespace, context and image are those of a real cluster."""
    require("cluster")
    with space() as here:
        places = {
            "team-a": here.namespace,
            "kind-kind": here.api.context,
            "https://127.0.0.1:6443": here.api.server,
            "registry.example/run:1": IMAGE,
        }
        _try_page(KUBERNETES, Desk(folder=tmp_path, environment=environment, places=places))
