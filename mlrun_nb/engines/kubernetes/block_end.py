"""The end of a block before its time: its Job is deleted, and what its children have written by then comes home."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from mlrun_nb.engines.kubernetes import blocks, home
from mlrun_nb.engines.kubernetes.blocks import Block
from mlrun_nb.engines.kubernetes.cluster import Cluster, rejected
from mlrun_nb.engines.kubernetes.order import CANCEL, WISHED, Order, read_order
from mlrun_nb.engines.kubernetes.sight import Sight
from mlrun_nb.errors import EngineRejected, EngineUnavailable
from mlrun_nb.kube.indexes import Indexed
from mlrun_nb.kube.objects import JOBS
from mlrun_nb.kube.problems import ApiProblem

_AT_ONCE = 16
"""Pods whose last words are listened to at once."""


def wish_end(cluster: Cluster, folder: Path, order: Order) -> None:
    """
    Take down that the end of the child in *folder* is wished; that of the last open one ends the block.

    Raises EngineRejected as long as others are open: Kubernetes ends no single index.
    """
    block = blocks.read_block(order.block)
    if block is None:
        return
    (folder / WISHED).touch()
    others = [member for _, member in blocks.open_members(block) if not (member.folder / WISHED).exists()]
    if others:
        sweep = Path(order.block).parent.parent.name[:6]
        raise EngineRejected(
            f"the child is one of {len(block.members)} of Job `{order.job}`, and cannot be ended without the others",
            hint=f"End them all with their sweep: `mlrun-nb cancel {sweep}`.",
        )
    end_block(cluster, block)


def end_block(cluster: Cluster, block: Block) -> None:
    """Delete the Job of *block* and bring home the last words of its pods; a second time nothing happens."""
    order = block.order
    job, pods = cluster.of(cluster.look(), order.job)
    seen = Indexed(job, pods)
    sights = list(_sights(cluster, block, seen))
    for sight in sights:  # what has ended is no business of ours, but its log goes with the Job
        if sight.has_ended():
            sight.observation(is_due=True)
    for _, member in blocks.open_members(block):
        (member.folder / CANCEL).touch()
    if job is None:
        return
    try:
        cluster.api.delete(JOBS, order.job)
    except ApiProblem as err:
        raise rejected(err, what=f"Job `{order.job}`", namespace=cluster.api.namespace) from err
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="last-words") as threads, suppress(EngineUnavailable):
        list(threads.map(Sight.last_words, sights))


def _sights(cluster: Cluster, block: Block, seen: Indexed) -> Iterator[Sight]:
    """Yield a look at each open child that has begun."""
    for index, member in blocks.open_members(block):
        order = read_order(member.run_directory)
        job, pods = seen.of(index)
        if order is not None and any(map(home.has_started, pods)):
            yield Sight(member.run, member.folder, order, cluster, job, pods, beside=seen.pods)
