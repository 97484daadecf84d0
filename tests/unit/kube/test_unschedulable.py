"""The scheduler's sentence, taken apart: which constraint fails on how many nodes."""

from __future__ import annotations

import pytest

from mlrun_nb.kube.unschedulable import unschedulable

NOISE = " no new claims to deallocate, preemption: 0/6 nodes are available: 6 Preemption is not helpful for scheduling."
OLD_NOISE = " preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod.."


@pytest.mark.parametrize(
    ("reasons", "cls", "words"),
    [
        ("6 Insufficient cpu.", "Resources", "6 of 6 are short of CPU"),
        ("1 Too many pods, 5 Insufficient memory.", "Resources", "5 of 6 are short of memory, 1 of 6 is full of pods"),
        ("6 Insufficient ephemeral-storage.", "Resources", "6 of 6 are short of local disk"),
        ("6 Insufficient nvidia.com/gpu.", "Resources", "6 of 6 are short of `nvidia.com/gpu`"),
        ("6 cannot allocate all claims.", "Resources", "6 of 6 are without the devices asked for"),
        (
            "6 node(s) didn't have free ports for the requested pod ports.",
            "Resources",
            "6 of 6 are without a free port",
        ),
        (
            "1 node(s) had untolerated taint {t: }, 2 Insufficient gpu, 3 node(s) didn't match node selector.",
            "Resources",
            "2 of 6 are short of `gpu`, 3 of 6 are without the labels asked for, 1 of 6 is kept apart by the taint `t`",
        ),
        (
            "6 node(s) had taint {gpu: yes}, that the pod didn't tolerate.",  # before Kubernetes 1.24
            "Taint",
            "6 of 6 are kept apart by the taint `gpu: yes`",
        ),
        (
            "6 node(s) had untolerated taint(s).",
            "Taint",
            "6 of 6 are kept apart by a taint",
        ),
        (
            "4 node(s) were unschedulable, 2 node(s) had untolerated taint {node.kubernetes.io/unreachable: }.",
            "Taint",
            "2 of 6 are not fit for work (unreachable), 4 of 6 are closed to new pods",
        ),
        ("6 node(s) had volume node affinity conflict.", "Volume", "6 of 6 are out of reach of the volume"),
        ("6 node(s) exceed max volume count.", "Volume", "6 of 6 are out of reach of the volume"),
        (
            "6 node(s) didn't match pod anti-affinity rules.",
            "Affinity",
            "6 of 6 are ruled out by what runs there",
        ),
        (
            "6 node(s) didn't match pod topology spread constraints.",
            "Affinity",
            "6 of 6 are ruled out by what runs there",
        ),
        ("6 something of a later release.", "Other", "6 of 6 are refused: something of a later release"),
    ],
)
@pytest.mark.parametrize("noise", ["", NOISE, OLD_NOISE])
def test_each_constraint_is_named_with_its_count(reasons, cls, words, noise):
    """Of several, the one that is tried last is the nearest to working and gives the class."""
    finding = unschedulable(f"0/6 nodes are available: {reasons}{noise}", pod="train-x")
    assert f"Unschedulable.{cls}" == finding.cls
    assert f"pod `train-x` fits on no node: {words}" == finding.summary
    assert finding.evidence["nodes"] == 6


@pytest.mark.parametrize(
    ("message", "cls", "summary"),
    [
        (
            '0/1 nodes are available: persistentvolumeclaim "data" not found. not found',
            "Volume",
            "the claim `data` of its volume does not exist",
        ),
        (
            "0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims." + NOISE,
            "Volume",
            "pod has unbound immediate PersistentVolumeClaims",
        ),
        ("no nodes available to schedule pods", "Other", "no nodes available to schedule pods"),
        ("", "Other", "the scheduler does not say why"),
    ],
)
def test_what_stops_the_scheduler_before_it_looks_at_nodes_is_named(message, cls, summary):
    """There is nothing to count then."""
    finding = unschedulable(message, pod="train-x")
    assert (f"Unschedulable.{cls}", f"pod `train-x` is not given a node: {summary}") == (finding.cls, finding.summary)
