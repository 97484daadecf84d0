"""`/health`."""

from __future__ import annotations

from mlrun_nb.server.route import Call, NoBody, Where, shaped
from mlrun_nb.server.shapes.status import Finding, Health
from mlrun_nb.services.doctor import examine

_ENGINE = "engine "


def health(call: Call[Where, NoBody]) -> Health:
    """Return what `doctor` finds."""
    findings = [shaped(each, Finding) for each in examine(call.project)]
    return Health(
        engines=tuple(each for each in findings if each.name.startswith(_ENGINE)),
        others=tuple(each for each in findings if not each.name.startswith(_ENGINE)),
    )
