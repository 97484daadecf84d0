"""`%%mlrun` in a plain IPython in a terminal."""

from __future__ import annotations

import subprocess
import sys

TYPED = """%load_ext mlrun_nb
SCALE = 3
%%mlrun f --output y
x: int = 2
print('at work')
y = x * SCALE


print('y is', y)
%mlrun runs
%%mlrun bad --on inline
1 / 0


"""


def test_a_terminal_gets_text(tmp_path):
    """What the run prints as it comes, then the card; a failure without a frame of ours."""
    done = subprocess.run(
        [sys.executable, "-m", "IPython", "--simple-prompt", "--no-banner", "--no-confirm-exit", "--colors=nocolor"],
        input=TYPED,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "at work\n" in said
    assert "✓ f" in said
    assert "y is 6" in said
    assert "succeeded" in said.partition("y is 6")[2]
    assert "<div" not in said
    assert "RunFailed: run" in said
    assert "mlrun_nb/" not in said
