"""Bring home what a run has put into a folder behind a URL, where events and log are segments; see `runner.carrier`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import Folder
from mlrun_nb.engines.mirror import Mirror
from mlrun_nb.engines.mirror_state import Sender
from mlrun_nb.runner import layout

_WHOLE = (layout.DISTRIBUTIONS, layout.OUTPUT, layout.RESULT)


def from_folder(mirror: Mirror, name: str, sender: Sender, folder: Folder, *, is_over: bool) -> None:
    """Bring home what *sender*, called *name*, has put into *folder*; raises ArtifactError."""
    counts = {kind: _count(sender, kind) for kind in (layout.EVENTS, layout.LOG)}
    new: dict[str, bytes] = {}
    for kind, suffix in ((layout.EVENTS, "jsonl"), (layout.LOG, "log")):
        new[kind], counts[kind] = _segments(folder, kind, suffix, counts[kind])
    names = set(folder.names()) if new[layout.EVENTS] or is_over else set[str]()
    for file in _WHOLE:
        if file in names:
            mirror.put(sender, file, folder.read(file))
    mirror.add(name, sender, log=new[layout.LOG], events=new[layout.EVENTS], cursor=cast("Json", counts), done=is_over)


def _segments(folder: Folder, kind: str, suffix: str, count: int) -> tuple[bytes, int]:
    names = [name for name in folder.names(kind) if name.endswith(f".{suffix}")][count:]
    return b"".join(map(folder.read, names)), count + len(names)


def _count(sender: Sender, kind: str) -> int:
    count = sender.cursor.get(kind) if isinstance(sender.cursor, Mapping) else None
    return count if isinstance(count, int) else 0
