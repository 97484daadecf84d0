"""`%%mlrun --on inline` in a kernel that is at work, against the same cells through nbclient in another one."""

from __future__ import annotations

import json
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.util import run_sync

from tests.acceptance.frontend import opened
from tests.benchmarks.test_start import paired

pytestmark = pytest.mark.benchmark

ROOT = Path(__file__).parents[2]


def cells_of_digits() -> list[str]:
    """Return the code cells of the example, its function last."""
    plain = json.loads((ROOT / "examples/01-digits/digits.ipynb").read_text())
    return ["".join(cell["source"]) for cell in plain["cells"] if cell["cell_type"] == "code"]


HELLO = ["import math", "%%mlrun hello --output total\nn: int = 3\nprint('hello')\ntotal = math.sqrt(n)"]


@pytest.mark.parametrize("name", ["hello", "train"])
def test_inline_against_nbclient_on_a_warm_kernel(name, tmp_path, home):
    """From the request to the idle kernel, everything recorded; goal at most 1 times nbclient."""
    *above, function = HELLO if name == "hello" else cells_of_digits()
    kernel = AsyncKernelManager(kernel_name="python3")
    run_sync(kernel.start_kernel)(cwd=str(tmp_path))
    with opened(tmp_path) as frontend:
        for text in ("%load_ext mlrun_nb", *above, function.replace(f"%%mlrun {name}", f"%%mlrun {name} --define")):
            assert frontend.run(text).error is None
        frontend.run(f"{name}.notebook('same.ipynb')")
        notebook = nbformat.read(tmp_path / "same.ipynb", as_version=4)
        inline = function.replace(f"%%mlrun {name}", f"%%mlrun {name} --on inline")

        def ours() -> float:
            began = time.perf_counter()
            shown = frontend.run(inline)
            assert shown.error is None, shown.everything
            return time.perf_counter() - began

        def theirs() -> float:
            client = NotebookClient(notebook, km=kernel, resources={"metadata": {"path": str(tmp_path)}})
            began = time.perf_counter()
            client.execute()
            took = time.perf_counter() - began
            assert client.kc is not None
            client.kc.stop_channels()
            return took

        one, other, ratio = paired(ours, theirs)
    run_sync(kernel.shutdown_kernel)(now=True)
    print(
        f"\ninline `{name}`: %%mlrun {one:.3f} s, nbclient on a warm kernel {other:.3f} s, ratio {ratio:.2f} (goal ≤ 1)"
    )
