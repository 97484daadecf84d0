"""Imports: which way they go, and which of them wait until they are needed."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT, modules

LAZY = {
    "IPython": "0.3 s; only a live kernel needs it",
    "alembic": "only when the schema's version differs",
    "click": "only the command line",
    "distributed": "only the dask engine",
    "fsspec": "only a URL that is not a file",
    "jupytext": "only a notebook that is not .ipynb",
    "kubernetes": "1 s; only the kubernetes engine",
    "nbclient": "only the runner",
    "nbformat": "drags a JSON-schema validator; only where a notebook is read",
    "numpy": "only when a value of its type is there",
    "optuna": "0.2 s; only the strategy of that name",
    "pandas": "1 s; only when a value of its type is there",
    "papermill": "0.5 s; only the runner",
    "psutil": "only where processes are looked at",
    "rich": "only a terminal",
    "sqlalchemy": "0.3 s; only when a store is opened",
    "tornado": "only the server",
    "yaml": "only where a file or an option of YAML is read",
}
"""Libraries that `import mlrun_nb` leaves alone, and when they come instead."""


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return what a fresh interpreter has loaded after `import mlrun_nb` and a look at its public names."""
    code = "import sys, mlrun_nb; dir(mlrun_nb); print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("library", LAZY)
def test_importing_the_package_leaves_a_heavy_library_alone(library: str, imported: set[str]):
    """The import costs milliseconds, whatever is installed."""
    assert library not in imported


def test_the_import_contracts_hold():
    """Layers and fences of `[tool.importlinter]`, with nothing ignored."""
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text()
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as main; main()",
        "--no-logo",
    ]
    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_of_ipython_the_pure_part_knows_only_the_input_transformer():
    """`notebook/` works where no shell runs; import-linter sees a library as one, so this looks closer."""
    pure = [tree for path, tree in modules().items() if path.startswith("mlrun_nb/notebook/")]
    nodes = [node for tree in pure for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {name for name in names if name.startswith("IPython")} <= {"IPython.core.inputtransformer2"}
