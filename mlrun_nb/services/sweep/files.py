"""
What a sweep keeps in its run directory beside what every run has: the search, and a journal of the points begun.

The journal is written before a child is started, so that whoever goes on after a death begins no point twice and draws
none anew. It needs no sync: it has to outlive processes, and where the machine dies its children do too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlrun_nb._lib.files import append
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.model.run import RunId
from mlrun_nb.model.search import Search

PLAN = "sweep.json"
JOURNAL = "points.jsonl"
CHILDREN = "children"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepFile:
    """What the driver needs beside the parent's request: the search, and the folder whose project is in force."""

    search: Search
    start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A point that a child was made for."""

    number: int
    run: RunId
    point: Mapping[str, Json]


def write_plan(folder: Path, plan: SweepFile) -> None:
    """Leave *plan* in the run directory."""
    LocalFolder(folder).write(PLAN, json.dumps(to_json(plan), ensure_ascii=False).encode(), sync=True)


def read_plan(folder: Path) -> SweepFile:
    """Return the plan in the run directory *folder*; raises OSError or ValueError."""
    return from_json(SweepFile, json.loads((folder / PLAN).read_bytes()))


def note(folder: Path, begun: Begun) -> None:
    """Add a point to the journal."""
    append(folder / JOURNAL, json.dumps(to_json(begun), ensure_ascii=False).encode() + b"\n")


def read_journal(folder: Path) -> Sequence[Begun]:
    """Return the points that were begun, in order; a line torn by the death of its writer began nothing."""
    try:
        lines = (folder / JOURNAL).read_bytes().splitlines()
    except FileNotFoundError:
        return ()
    found = []
    for line in lines:
        try:
            found.append(from_json(Begun, json.loads(line)))
        except ValueError:
            continue
    return tuple(found)
