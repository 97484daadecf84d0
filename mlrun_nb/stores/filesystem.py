"""
Which kind of file system a path is on, as far as a database in a file has to know: SQLite's log needs shared memory.

Reads the kernel's table of mounts (Linux); elsewhere every path counts as local.
"""

from __future__ import annotations

from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "virtiofs",
    }
)
_LOCAL_FUSE = frozenset({"fuse.ext2", "fuse.fuse-overlayfs", "fuse.ntfs", "fuse.ntfs-3g", "fuseblk"})


def is_network(path: Path, *, mounts: Path = MOUNTS) -> bool:
    """Tell whether *path* is on a file system that several hosts may see; symbolic links are followed."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    kinds = dict(_mount(line) for line in lines if " - " in line)
    real = path.resolve()
    kind = next((kinds[str(place)] for place in (real, *real.parents) if str(place) in kinds), "")
    return kind in _NETWORK or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def _mount(line: str) -> tuple[str, str]:
    """Return mount point and type. Source: proc_pid_mountinfo(5); space, tab, newline and backslash are octal there."""
    left, _, right = line.partition(" - ")
    point = left.split(" ")[4]
    for code, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        point = point.replace(code, character)
    return point, right.split(" ")[0]
