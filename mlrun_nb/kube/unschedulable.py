"""
Why no node takes a pod, by the scheduler's own sentence: which constraint fails on how many nodes.

Source: kube-scheduler, `FitError.Error`: `0/N nodes are available: COUNT REASON, … .`, and then what pre-emption could
not do about it, which helps nobody. A node is counted under the first constraint that it fails.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mlrun_nb._lib.records import Json
from mlrun_nb.kube.diagnosis import Finding

_HEAD = re.compile(r"0/(\d+) nodes are available: ")
_TAIL = re.compile(r"[.,]? (?:no new claims to deallocate|preemption:).*", re.DOTALL)
_REASON = re.compile(r"(\d+) ((?:(?!, \d+ |\.$|\. ).)+)")


class _Constraint(NamedTuple):
    """What a node may fail: its class, the scheduler's word for it, what nodes then are, what to do."""

    cls: str
    word: str
    nodes_are: str
    hint: str


_SEE = "`kubectl describe nodes` shows what they have"
_CONSTRAINTS = (  # in the order in which a node is tried: of several the last is nearest to working
    _Constraint(
        "Taint",
        r"unschedulable",
        "closed to new pods",
        "Wait until they are opened: `kubectl get nodes` shows which.",
    ),
    _Constraint(
        "Taint",
        r"taint \{node\.kubernetes\.io/([\w-]+):",
        "not fit for work ({})",
        "Wait, or ask who runs the cluster; `kubectl get nodes` shows how they are.",
    ),
    _Constraint(
        "Taint",
        r"taint \{(.+?):? ?\}",
        "kept apart by the taint `{}`",
        "If the run may go there, accept the taint: `--toleration KEY=VALUE`.",
    ),
    _Constraint(
        "Taint",
        r"untolerated taint",  # of late the scheduler does not say which
        "kept apart by a taint",
        "If the run may go there, accept the taint, `--toleration KEY=VALUE`: `kubectl describe nodes` shows it.",
    ),
    _Constraint(
        "Affinity",
        r"(?<!volume )node affinity|node selector",
        "without the labels asked for",
        "Correct `--node-selector`, `--affinity` or `--capacity`; `kubectl get nodes --show-labels` shows the labels.",
    ),
    _Constraint("Resources", r"free ports", "without a free port", f"Wait until others end; {_SEE}."),
    _Constraint("Resources", r"Too many pods", "full of pods", f"Wait until others end; {_SEE}."),
    _Constraint("Resources", r"Insufficient cpu", "short of CPU", f"Ask for less with `--cpu`, or wait; {_SEE}."),
    _Constraint(
        "Resources", r"Insufficient memory", "short of memory", f"Ask for less with `--memory`, or wait; {_SEE}."
    ),
    _Constraint(
        "Resources",
        r"Insufficient ephemeral-storage",
        "short of local disk",
        f"Ask for less with `--ephemeral-storage`, or wait; {_SEE}.",
    ),
    _Constraint(
        "Resources",
        r"Insufficient (\S+)",
        "short of `{}`",
        f"Ask for fewer with `--gpu`, for another kind with `--gpu-type`, or wait; {_SEE}.",
    ),
    _Constraint("Resources", r"claims", "without the devices asked for", f"Wait until others end; {_SEE}."),
    _Constraint(
        "Volume",
        r"[Vv]olume",
        "out of reach of the volume",
        "Look at the claim that `--volume` names: `kubectl describe pvc`.",
    ),
    _Constraint(
        "Affinity", r"affinity|topology spread", "ruled out by what runs there", "Loosen `--affinity`, or wait."
    ),
)
_VOLUME = re.compile(r'persistentvolumeclaim "(.+?)" (not found)|[Cc]laim|[Vv]olume')


def unschedulable(message: str, *, pod: str) -> Finding:
    """Return why the scheduler finds no node for *pod*, by its *message*."""
    head = _HEAD.match(message)
    text = _TAIL.sub("", message[head.end() :] if head else message)
    reasons = [(int(count), reason) for count, reason in _REASON.findall(text)] if head else []
    if not head or not reasons:
        return _before_nodes(text, message, pod=pod)
    failed = sorted(((*_constraint(reason), count) for count, reason in reasons), key=lambda each: -each[0])
    rank, _, _ = failed[0]
    last = _CONSTRAINTS[rank] if rank >= 0 else None
    words = [f"{count} of {head[1]} {'is' if count == 1 else 'are'} {nodes_are}" for _, nodes_are, count in failed]
    evidence: dict[str, Json] = {"message": message, "nodes": int(head[1])}
    return Finding(
        cls=f"Unschedulable.{last.cls if last else 'Other'}",
        fault="request" if last and last.cls in {"Affinity", "Volume"} else "resources",
        summary=f"pod `{pod}` fits on no node: {', '.join(words)}",
        hint=last.hint if last else f"Ask who runs the cluster; {_SEE}.",
        evidence=evidence | {"reasons": [[count, reason] for count, reason in reasons]},
    )


def _constraint(reason: str) -> tuple[int, str]:
    """Return the place of the constraint that *reason* names, -1 for one unknown here, and what its nodes are."""
    for rank, constraint in enumerate(_CONSTRAINTS):
        if match := re.search(constraint.word, reason):
            return rank, constraint.nodes_are.format(*match.groups())
    return -1, f"refused: {reason}"


def _before_nodes(text: str, message: str, *, pod: str) -> Finding:
    """Return why the scheduler did not get as far as looking at nodes."""
    text = text.strip(" .") or "the scheduler does not say why"
    volume = _VOLUME.search(text)
    if volume is None:
        return Finding(
            cls="Unschedulable.Other",
            summary=f"pod `{pod}` is not given a node: {text}",
            hint=f"Ask who runs the cluster; {_SEE}.",
            evidence={"message": message},
        )
    claim = volume[1] or ""
    return Finding(
        cls="Unschedulable.Volume",
        fault="request",
        summary=f"pod `{pod}` is not given a node: "
        + (f"the claim `{claim}` of its volume does not exist" if volume[2] else text),
        hint=f"Make it, or correct `--volume`: `kubectl get pvc {claim}`.".replace(" `.", "`."),
        evidence={"message": message},
    )
