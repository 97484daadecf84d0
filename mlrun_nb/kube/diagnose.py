"""
Read a Job, its pods and its events, and say where it stands and why: pure, no request, no clock of its own.

Conditions that end a Job come first, then its pods, then what keeps them from starting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mlrun_nb.kube.diagnosis import Diagnosis, Grace
from mlrun_nb.kube.objects import JsonObject
from mlrun_nb.kube.snapshot import Seen


def diagnose(
    job: Seen | None,
    pods: Sequence[Seen],
    events: Sequence[JsonObject] = (),
    *,
    now: datetime,
    grace: Grace = Grace(),
) -> Diagnosis:
    """
    Return where the Job stands at *now*, which is the server's clock (`Api.now`).

    *job* is None where a read of it says that it does not exist; *pods* are its own, oldest first; *events* those that
    name it or one of its pods, needed only where `wants_events` says so.
    """
    raise NotImplementedError


def wants_events(job: Seen | None, pods: Sequence[Seen], *, now: datetime) -> bool:
    """Tell whether only events can say why nothing goes on: no pod after 5 s, or one that does not start for 20 s."""
    raise NotImplementedError
