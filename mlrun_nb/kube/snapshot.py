"""
What a cluster holds of ours at one time: Jobs and their pods, each as last seen.

The informer and a single look (`take`) give the same record, so that whoever reads it need not know which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mlrun_nb.kube.objects import MANAGED_BY, JsonObject
from mlrun_nb.kube.transport import Api


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    One object in the last state that was seen of it.

    `gone` is when it was found deleted, by the server's clock; None while it exists.
    """

    thing: JsonObject
    gone: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """
    Jobs by name, and pods by the name of their Job, oldest first.

    Deleted objects are among them for a while where an informer saw them go. `taken` is the server's clock at the last
    contact: what the snapshot says was true then. `is_watched` where an informer gives it: only then is the absence of
    a Job that was there before proof, together with a read of it.
    """

    jobs: Mapping[str, Seen]
    pods: Mapping[str, tuple[Seen, ...]]
    taken: datetime
    is_watched: bool = False

    def of(self, job: str) -> tuple[Seen | None, tuple[Seen, ...]]:
        """Return the Job named *job* and its pods; of a name that was used twice, those of the present Job only."""
        raise NotImplementedError


def take(api: Api, labels: str = MANAGED_BY) -> Snapshot:
    """Return what one list of Jobs and one of pods say: two requests, for a process that does not stay."""
    raise NotImplementedError
