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


@pytest.mark.parametrize(("further", "found"), [("cpu memory pids", "user"), ("memory", "user/app")])
def test_with_a_cpu_limit_one_that_hands_out_both_is_preferred(root, tmp_path, further, found):
    """As in a desktop's session: `app.slice` hands out memory, its parent CPU too."""
    (root / "user/app/cgroup.subtree_control").write_text("memory pids")
    (root / "user/cgroup.subtree_control").write_text(further)
    assert cgroup.parent(str(root), str(tmp_path / "own"), cpu=True) == str(root / found)
    assert cgroup.parent(str(root), str(tmp_path / "own")) == str(root / "user/app")


@pytest.mark.parametrize(("cores", "quota"), [(1.5, "150000 100000"), (0.001, "1000 100000")])
def test_limits_are_written_in_the_kernels_words(root, cores, quota):
    """Bytes, no swap, and microseconds of each tenth of a second, of which there must be 1000."""
    folder = root / "user/mlrun-nb-abc.1"
    assert cgroup.make(str(folder), memory_bytes=1 << 30, cores=cores)
    texts = {name: (folder / name).read_text() for name in ("memory.max", "memory.swap.max", "cpu.max")}
    assert texts == {"memory.max": str(1 << 30), "memory.swap.max": "0", "cpu.max": quota}


def test_what_the_system_refuses_is_said(root):
    """The caller has other means."""
    (root / "user/mlrun-nb-abc.1").write_text("in the way")
    assert not cgroup.make(str(root / "user/mlrun-nb-abc.1"), memory_bytes=1, cores=None)


@pytest.mark.parametrize(
    ("counts", "is_over"),
    [
        ("low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\n", True),
        ("low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\n", False),  # the machine ran out of memory, not the run
        ("low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\n", False),
    ],
)
def test_what_the_kernel_counted_is_read(root, counts, is_over):
    """Whether it was the cgroup's own limit that cost a process its life."""
    (root / "memory.events").write_text(counts)
    events = cgroup.MemoryEvents(str(root))
    assert events.is_over() is is_over
    events.close()


@pytest.mark.parametrize("folder", ["", "user"])
def test_where_the_kernel_keeps_no_limit_nothing_is_said(root, folder):
    """Neither about the limit nor about the most that there was."""
    folder = str(root / folder) if folder else ""
    events = cgroup.MemoryEvents(folder)
    assert (events.is_over(), events.alarm, cgroup.peak_bytes(folder)) == (None, [], 0)


def test_the_most_that_there_was_is_read(root):
    """In bytes."""
    (root / "memory.peak").write_text("1048576\n")
    assert cgroup.peak_bytes(str(root)) == 1 << 20
