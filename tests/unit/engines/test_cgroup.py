"""The files of cgroup v2, on a folder that looks like them."""

from __future__ import annotations

import pytest

from mlrun_nb.engines.supervisor import cgroup


@pytest.fixture
def root(tmp_path):
    """Give a hierarchy: user/app/session, of which `user` hands memory and cpu to those below it."""
    session = tmp_path / "root/user/app/session"
    session.mkdir(parents=True)
    for folder, controllers in {"user": "cpu memory pids", "user/app": "pids", "user/app/session": ""}.items():
        (tmp_path / "root" / folder / "cgroup.subtree_control").write_text(controllers)
        (tmp_path / "root" / folder / "cgroup.procs").touch()
    (tmp_path / "own").write_text("1:name=systemd:/x\n0::/user/app/session\n")
    return tmp_path / "root"


def test_the_nearest_cgroup_that_hands_out_memory_is_the_parent(root, tmp_path):
    """Found upward from the process's own."""
    assert cgroup.parent(str(root), str(tmp_path / "own")) == str(root / "user")


@pytest.mark.parametrize("own", ["", "1:memory:/x\n", "0::/gone\n"])
def test_without_one_there_is_no_parent(root, tmp_path, own):
    """An old kernel, a container that hides it."""
    (tmp_path / "own").write_text(own)
    (root / "user/cgroup.subtree_control").write_text("pids")
    assert cgroup.parent(str(root), str(tmp_path / "own")) == ""


def test_limits_are_written_in_the_kernels_words(root):
    """Bytes, no swap, and microseconds of each tenth of a second."""
    folder = cgroup.make("abc", memory_bytes=1 << 30, cores=1.5, parent_folder=str(root / "user"))
    texts = {
        name: (root / "user/mlrun-nb-abc" / name).read_text() for name in ("memory.max", "memory.swap.max", "cpu.max")
    }
    assert folder == str(root / "user/mlrun-nb-abc")
    assert texts == {"memory.max": str(1 << 30), "memory.swap.max": "0", "cpu.max": "150000 100000"}


def test_a_refusal_leaves_the_watchdog_in_charge(root):
    """Nothing is returned, as if there were no cgroups."""
    (root / "user/mlrun-nb-abc").write_text("in the way")
    assert cgroup.make("abc", memory_bytes=1, cores=None, parent_folder=str(root / "user")) == ""


def test_what_the_kernel_counted_is_read(root):
    """How many it killed and how much there was."""
    (root / "memory.events").write_text("low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\n")
    (root / "memory.peak").write_text("1048576\n")
    assert (cgroup.kills(str(root)), cgroup.peak_bytes(str(root))) == (2, 1 << 20)
    assert (cgroup.kills(str(root / "user")), cgroup.peak_bytes(str(root / "user"))) == (0, 0)
