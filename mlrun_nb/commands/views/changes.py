"""What is different this time: a run against the last good one of its function, in one line."""

from __future__ import annotations

from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import clean
from mlrun_nb.model.run import Run
from mlrun_nb.notebook.diff import diff_runs, diff_versions
from mlrun_nb.services.history import RunDetails


def changes(found: RunDetails) -> str:
    """Return what changed since the last good run; empty where nothing did, or there was none."""
    good, run = found.last_good, found.run
    if good is None:
        return ""
    asked = diff_runs(good, run)
    changed = [change.text for change in (*asked.parameters, *asked.overrides)]
    if found.version and found.last_good_version and good.version != run.version:
        changed.append(diff_versions(found.last_good_version, found.version).summary)
    return clean("; ".join(changed))


def since_last_good(run: Run, good: Run) -> str:
    """Return which run *run* is compared with: `since the last good run 4k7q2m, 3 h before`."""
    return f"since the last good run {states.short_id(good)}, {humane.age(good.created, run.created)} before"
