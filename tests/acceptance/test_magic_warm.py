"""A notebook and the helper: a run of a cell starts one, and `%mlrun` comes from it."""

from __future__ import annotations

import os

from mlrun_nb.kernels import client
from mlrun_nb.testing.requests import wait_for
from tests.acceptance.frontend import opened


def test_a_cells_run_leaves_a_helper_from_which_the_next_verb_comes(tmp_path):
    """Nobody has typed a command in a shell; nothing is said about it."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    own = {"MLRUN_NB_WARM": "on", "XDG_RUNTIME_DIR": str(private)}
    with opened(tmp_path, **own) as frontend:
        frontend.run("%load_ext mlrun_nb")
        assert frontend.run("%%mlrun add --output total\ntotal = 1 + 1").err == ""
        environment = eval(frontend.value("dict(__import__('os').environ)"))  # of the kernel of this test
        before = wait_for(lambda: client.tell(environment, verb="about"), what="a helper")
        try:
            shown = frontend.run("%mlrun runs")
            after = client.tell(environment, verb="about")
        finally:
            client.tell(environment, verb="stop")
    assert "add" in shown.out
    assert after is not None
    assert after["births"] == before["births"] + 1
    wait_for(lambda: not os.path.exists(f"/proc/{before['pid']}"), what="its end")  # noqa: PTH110  # one look
