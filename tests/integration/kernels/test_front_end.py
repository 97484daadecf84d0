"""Kernels that a front end starts through the provisioner, as JupyterLab does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager

from mlrun_nb.kernels.provisioner import WarmKernel
from mlrun_nb.testing.requests import wait_for

SPEC = Path(__file__).parents[3] / "kernels" / "python3-warm"


@pytest.fixture
def kernels(helper):
    """Return the helper that the installed kernel specification leads to."""
    return helper


async def say(manager, code):
    """Return what *code* prints in the kernel of *manager*."""
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=60)
        said = []
        await client.execute_interactive(
            code, timeout=60, output_hook=lambda m: said.append(m["content"].get("text", ""))
        )
        return "".join(said)
    finally:
        client.stop_channels()


async def start(tmp_path):
    """Return the manager of a new kernel."""
    manager = AsyncKernelManager(kernel_name="python3-warm")
    await manager.start_kernel(cwd=str(tmp_path))
    return manager


def is_forked(manager):
    """Tell whether a helper gave the kernel."""
    return isinstance(manager.provisioner.process, WarmKernel)


def test_a_front_end_gets_a_forked_kernel_that_behaves_like_any(kernels, tmp_path):
    """Code, plots inline, an interrupt, a restart, and an end; `ps` shows a kernel."""

    async def session():
        manager = await start(tmp_path)
        assert is_forked(manager)
        assert await say(manager, "import os; print(os.getcwd(), 6 * 7)") == f"{tmp_path} 42\n"
        assert "inline" in await say(manager, "import matplotlib; print(matplotlib.get_backend())")
        pid = manager.provisioner.pid
        asyncio.get_running_loop().call_later(1.0, lambda: os.killpg(pid, signal.SIGINT))
        assert "KeyboardInterrupt" in await say(
            manager, "import time\ntry: time.sleep(60)\nexcept KeyboardInterrupt: print('KeyboardInterrupt')"
        )
        assert "ipykernel_launcher" in _title(pid)
        await manager.restart_kernel(now=True)
        assert manager.provisioner.pid != pid
        assert is_forked(manager)
        assert await say(manager, "print(__name__)") == "__main__\n"
        last = manager.provisioner.pid
        await manager.shutdown_kernel()
        wait_for(lambda: not Path(f"/proc/{last}").exists(), what="the kernel's end")

    asyncio.run(session())


def test_a_kernel_that_was_killed_is_seen_to_be_dead(kernels, tmp_path):
    """The front end restarts it, or says so."""

    async def session():
        manager = await start(tmp_path)
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        process = manager.provisioner.process
        wait_for(lambda: process.poll() is not None, what="the news")
        assert process.poll() == -signal.SIGKILL
        assert not await manager.is_alive()
        await manager.cleanup_resources()

    asyncio.run(session())


SERVER = """
import asyncio, sys
from jupyter_client.manager import AsyncKernelManager
async def main():
    manager = AsyncKernelManager(kernel_name="python3-warm")
    await manager.start_kernel()
    print(manager.provisioner.pid, type(manager.provisioner.process).__name__, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_a_kernel_ends_with_its_server(kernels):
    """However that ends: it is killed, and no kernel is left that nobody can reach."""
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        pid, kind = server.stdout.readline().split()
        assert kind == "WarmKernel"
        server.kill()
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), what="the kernel's end")


def test_a_kernel_specification_of_ours_has_no_path_of_a_machine():
    """It is data that any Jupyter of any environment reads."""
    spec = json.loads((SPEC / "kernel.json").read_text())
    assert spec["argv"][0] == "python"
    assert spec["metadata"]["kernel_provisioner"]["provisioner_name"] == "mlrun-nb-warm"


def _count():
    return len(list(Path("/proc/self/fd").iterdir()))


def _title(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


def _files(pid):
    """Return what the process has open; a descriptor that it closes while we look is not there any more."""
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(path.readlink()))
    return sorted(found)


def _files_at_rest(pid):
    """Return the same once nothing comes or goes: the helper closes what we asked through after it has answered."""
    seen = [_files(pid)]

    def rests():
        time.sleep(0.2)
        seen.append(_files(pid))
        return seen[-1] == seen[-2]

    wait_for(rests, what="a helper at rest")
    return seen[-1]


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_many_kernels_in_a_row_leave_nothing_behind(kernels, tmp_path, count):
    """Each answers rightly; no zombie, no process, no descriptor is left in helper or front end."""
    pid = kernels.about()["pid"]
    before, ours = _files_at_rest(pid), _count()

    async def session():
        pids = set()
        for number in range(count):
            manager = await start(tmp_path)
            assert await say(manager, f"print({number} ** 2)") == f"{number**2}\n"
            pids.add(manager.provisioner.pid)
            await manager.shutdown_kernel()
        return pids

    pids = asyncio.run(session())
    assert len(pids) == count
    wait_for(lambda: not [each for each in pids if Path(f"/proc/{each}").exists()], what="the end of all kernels")
    wait_for(lambda: _files(pid) == before, what="the helper's descriptors as they were")
    assert _count() <= ours + 8  # zmq's context stays
    assert kernels.about()["living"] == 0


def test_twenty_kernels_at_once_answer_rightly_and_outlive_the_helper(kernels, tmp_path):
    """Twenty forks of one process that know nothing of each other; its death ends none of them."""

    async def session():
        managers = await asyncio.gather(*(start(tmp_path) for _ in range(20)))
        assert all(map(is_forked, managers))
        code = "import numpy as np; a = np.full((200, 200), {0}.0); print(int((a @ a)[0, 0]))"
        said = await asyncio.gather(*(say(manager, code.format(number)) for number, manager in enumerate(managers)))
        assert [int(text) for text in said] == [200 * number**2 for number in range(20)]
        os.kill(kernels.about()["pid"], signal.SIGKILL)
        said = await asyncio.gather(*(say(manager, "print(int(a[0, 0]))") for manager in managers))
        assert [int(text) for text in said] == list(range(20))
        pids = [manager.provisioner.pid for manager in managers]
        await asyncio.gather(*(manager.shutdown_kernel() for manager in managers))
        wait_for(lambda: not [each for each in pids if Path(f"/proc/{each}").exists()], what="the end of all kernels")

    asyncio.run(session())
