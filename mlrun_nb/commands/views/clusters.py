"""The Dask clusters of runs: whose each is, what it has, what it has cost."""

from __future__ import annotations

from collections.abc import Sequence

from mlrun_nb.commands import humane
from mlrun_nb.commands.document import Document, clean, indent, labelled, line, wrap
from mlrun_nb.model.cluster import Cluster
from mlrun_nb.services.clusters import Standing


def clusters_view(standings: Sequence[Standing], width: int) -> Document:
    """Return each cluster with what it has below, and what could not be asked with what to do."""
    lines: Document = []
    for each in standings:
        if each.cluster is not None:
            lines += _cluster(each.cluster, each.on, width)
        else:
            lines += labelled((f"{clean(each.on)}:", "bad"), clean(each.error), width)
            lines += labelled(("hint:", "strong"), clean(each.hint), width)
    if not standings:
        lines += [line("There is no Dask cluster of yours."), line(("hint:", "strong"), " `mlrun-nb dask up`.")]
    return lines


def _cluster(cluster: Cluster, on: str, width: int) -> Document:
    head = line((clean(cluster.name), "strong"), f" · {clean(cluster.place)} · ", (f"--on {clean(on)}", "dim"))
    facts = [*_has(cluster), *_costs(cluster)]
    below = [line(text) for text in wrap(" · ".join(facts), width - 2)]
    below += [line((each, "dim")) for each in (clean(cluster.address), clean(cluster.dashboard)) if each]
    if cluster.trouble:
        below += labelled(("trouble:", "bad"), clean(cluster.trouble), width - 2)
    return [head, *indent(below)]


def _has(cluster: Cluster) -> list[str]:
    wanted = str(cluster.least) if cluster.least == cluster.most else f"{cluster.least}..{cluster.most}"
    of = "" if cluster.workers == cluster.least == cluster.most else f" of {wanted}"
    return [
        f"{humane.count(cluster.workers, 'worker')}{of}",
        humane.count(cluster.slots, "slot"),
        humane.count(cluster.runs, "run"),
        humane.size(cluster.memory_bytes),
    ]


def _costs(cluster: Cluster) -> list[str]:
    return [
        f"up {humane.roughly(cluster.up_s)}",
        f"{cluster.core_hours:g} core hours",
        f"ends after {humane.roughly(cluster.idle_timeout_s)} idle",
        f"begun by {clean(cluster.owner)}",
    ]
