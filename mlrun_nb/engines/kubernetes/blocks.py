"""
A block: points of a sweep that one Indexed Job executes, as a file in the sweep's run directory.

It is written before the Job is sent, and after the orders of its children: a child whose order names a block that is
not there has never been sent, and whoever finds a block sends the same Job again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlrun_nb._lib.files import write_atomic
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.artifacts.folder import local_path
from mlrun_nb.engines.kubernetes.delivery import POD_RUN
from mlrun_nb.engines.kubernetes.order import CLOSED, Order
from mlrun_nb.model.run import RunError, RunId
from mlrun_nb.runner.points import PodPoint

FOLDER = "blocks"
_SENT = ".sent"
_GIVEN_UP = ".error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A child, at the index that is its place in the block."""

    run: RunId
    number: int
    parameters: Mapping[str, Json]
    run_directory: str
    artifacts: str

    @property
    def folder(self) -> Path:
        """Its run directory."""
        return Path(self.run_directory)

    @property
    def is_closed(self) -> bool:
        """Whether it has ended, and all of it is home, or was and has been thrown away."""
        return (self.folder / CLOSED).exists() or not self.folder.exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`order` is what the orders of all its children have in common; some `at_once` are executed."""

    order: Order
    at_once: int
    members: tuple[Member, ...]

    def order_of(self, index: int, own: Order) -> Order:
        """Return the order of the child at *index*, whose *own* says where its files come home."""
        common = self.order
        return replace(own, job=common.job, nonce=common.nonce, block=common.block, index=index)

    def points(self) -> Sequence[PodPoint]:
        """Return what its pods are told."""
        return [_point(member, self.order) for member in self.members]


def next_place(sweep: str) -> tuple[Path, int]:
    """Return where the next block of the sweep with the run directory *sweep* is written, and its number, from 1."""
    folder = Path(sweep, FOLDER)
    number = 1
    while (path := folder / f"{number}.json").exists():
        number += 1
    return path, number


def write_block(block: Block) -> None:
    """Write *block*; from now on it counts."""
    path = Path(block.order.block)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_atomic(path, json.dumps(to_json(block), ensure_ascii=False).encode())


def read_block(path: str) -> Block | None:
    """Return the block in *path*; None where there is none, or not yet."""
    try:
        plain: dict[str, Any] = json.loads(Path(path).read_bytes())
        return from_json(Block, plain)
    except (OSError, ValueError):
        return None


def note_sent(block: Block) -> None:
    """Leave word that the Job was made: one that is gone is not made again."""
    Path(block.order.block + _SENT).touch()


def is_sent(block: Block) -> bool:
    """Tell whether the Job was made."""
    return Path(block.order.block + _SENT).exists()


def note_error(path: str, error: RunError) -> None:
    """Leave word why the block in *path* was given up, so that its children say so whose turn never came."""
    write_atomic(Path(path + _GIVEN_UP), json.dumps(to_json(error), ensure_ascii=False).encode())


def error_of(path: str) -> RunError | None:
    """Return why the block in *path* was given up; None where it was not."""
    try:
        return from_json(RunError, json.loads(Path(path + _GIVEN_UP).read_bytes()))
    except (OSError, ValueError):
        return None


def open_members(block: Block) -> Iterator[tuple[int, Member]]:
    """Yield the members of which not all is home, by index."""
    return ((index, member) for index, member in enumerate(block.members) if not member.is_closed)


def _point(member: Member, order: Order) -> PodPoint:
    is_remote = local_path(member.artifacts) is None
    return PodPoint(
        id=member.run,
        number=member.number,
        parameters=member.parameters,
        artifacts=member.artifacts if is_remote or order.shared else f"{POD_RUN}/artifacts",
        url=f"{member.artifacts.rstrip('/')}/.run" if is_remote and not order.shared else "",
        shared=member.run_directory if order.shared else "",
    )
