"""A try of what is to be published: it ends, whatever its example does."""

from __future__ import annotations

import psutil
import pytest

from mlrun_nb.errors import HubError
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.model.hub import Bundle
from mlrun_nb.services.hub_trial import try_out
from mlrun_nb.testing.hub_contract import make_item
from mlrun_nb.testing.requests import wait_for

SLEEPER = b"""# %%
import time

import mlrun_nb as mn

mn.get_function("hub://greet").submit()
time.sleep(600)
"""


def _at_work() -> list[psutil.Process]:
    """Return the processes that work for a try."""
    found = []
    for process in psutil.process_iter():
        try:
            home = process.environ().get("MLRUN_NB_HOME", "")
        except psutil.Error:
            continue
        if "/mlrun-nb-publish-" in home:
            found.append(process)
    return found


def test_an_example_without_end_leaves_nothing_that_goes_on():
    """Neither its own run nor one that it began."""
    files = make_item("greet", example="example.py")
    files["cell.py"] = b"# %%\n# %%mlrun greet\nimport time\n\ntime.sleep(600)\n"
    files["example.py"] = SLEEPER
    with pytest.raises(HubError, match="the example of `greet` did not end within 15 s"):
        try_out(Bundle(item=item_of(files, "greet"), files=files), patience_s=15)
    wait_for(lambda: not _at_work(), what="the end of all that the try had")
