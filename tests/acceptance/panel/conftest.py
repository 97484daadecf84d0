"""A project with a past in a JupyterLab, for all tests of a module; a page of it for each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.acceptance.browser import opened_browser
from tests.acceptance.panel.bench import CELLS, Bench, opened_panel, warm_bench
from tests.parts import require


@pytest.fixture(scope="module")
def browser():
    """Return one browser for all tests here."""
    require("panel")
    with opened_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def bench(tmp_path_factory, warm_exports):
    """Return a project with a past: two good runs of `train` and one of `load`, and a failed one of `report`."""
    with warm_bench(tmp_path_factory, warm_exports, *CELLS) as bench:
        bench.type("run", "churn.ipynb::load")
        bench.type("run", "churn.ipynb::train", "-p", "lr=0.2")
        bench.type("run", "churn.ipynb::train", "-p", "lr=0.1")
        bench.type("run", "churn.ipynb::report", "-p", "threshold=0.95", check=False)
        yield bench


@pytest.fixture
def panel(browser: Browser, bench: Bench):
    """Return a page with the panel, beside the notebook of the project."""
    with opened_panel(browser, bench) as panel:
        yield panel
