"""Which file systems several hosts may see, from the kernel's own table."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlrun_nb.stores.filesystem import is_network

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /home rw,relatime shared:2 - nfs4 server:/home rw,vers=4.2
31 30 0:41 / /home/ada/local rw,relatime - xfs /dev/vdb rw
32 22 0:42 / /mnt/my\\040share rw - cifs //server/share rw
33 22 0:43 / /mnt/bucket rw - fuse.s3fs s3fs rw
34 22 0:44 / /mnt/stick rw - fuseblk /dev/sdb1 rw
35 22 0:45 / /mnt/c rw - 9p drvfs rw
garbage
"""


@pytest.mark.parametrize(
    ("path", "network"),
    [
        ("/var/store.db", False),
        ("/home/ada/store.db", True),
        ("/home/ada/local/store.db", False),  # the innermost mount counts
        ("/homestead/store.db", False),  # a beginning of a name is no mount
        ("/mnt/my share/store.db", True),  # a space is \040 in the table
        ("/mnt/bucket/store.db", True),
        ("/mnt/stick/store.db", False),
        ("/mnt/c/Users/store.db", True),
    ],
)
def test_the_innermost_mount_says_whether_a_path_is_on_the_network(tmp_path, path, network):
    """SQLite's log would be torn there."""
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS, encoding="utf-8")
    assert is_network(Path(path), mounts=table) is network


def test_a_link_is_followed(tmp_path):
    """A local name for a remote folder is remote."""
    (tmp_path / "remote").mkdir()
    (tmp_path / "local").symlink_to(tmp_path / "remote")
    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / {tmp_path}/remote rw - nfs x rw\n", encoding="utf-8")
    assert is_network(tmp_path / "local" / "store.db", mounts=table)


def test_without_a_table_every_path_is_local(tmp_path):
    """As on macOS."""
    assert not is_network(tmp_path, mounts=tmp_path / "absent")
