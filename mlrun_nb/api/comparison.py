"""What differs between two runs or two versions: as text and HTML, and by name for code that wants to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mlrun_nb.api.shown import Shown, Text
from mlrun_nb.api.values import numbers
from mlrun_nb.commands.document import Document
from mlrun_nb.commands.views.diff import runs_diff_view, versions_diff_view
from mlrun_nb.model.function import Version
from mlrun_nb.notebook.diff import Change, VersionDiff, diff_versions
from mlrun_nb.services.compare import RunComparison


class Comparison(Shown):
    """
    What *new* changes of *old*. `parameters` and `results` map a name to its old and its new value.

    Of two versions `parameters` are declarations, `lr: float = 0.1`, and there are no results.
    """

    def __init__(
        self,
        *,
        summary: str,
        parameters: Iterable[Change],
        results: Iterable[Change] = (),
        versions: VersionDiff | None = None,
    ) -> None:
        self.summary = summary
        self.parameters = _by_name(parameters)
        self.results = _by_name(results)
        self._versions = versions

    @property
    def code(self) -> str:
        """What differs in the code, as a unified diff; empty where nothing does."""
        changes = self._versions.code if self._versions else ()
        return Text("\n".join(line for change in changes for line in change.diff))

    def __repr__(self) -> str:
        return self._text().rstrip("\n")


class RunsComparison(Comparison):
    """Two runs beside each other."""

    def __init__(self, found: RunComparison) -> None:
        super().__init__(
            summary=found.summary, parameters=found.asked.parameters, results=found.results, versions=found.versions
        )
        self._found = found

    def _view(self, now: datetime, width: int) -> Document:  # noqa: ARG002  # needs no time
        return runs_diff_view(self._found, width)


class VersionsComparison(Comparison):
    """Two versions beside each other."""

    def __init__(self, old: Version, new: Version) -> None:
        found = diff_versions(old, new)
        super().__init__(summary=found.summary, parameters=found.parameters, versions=found)
        self._names = [f"{version.function}@{version.short}" for version in (old, new)]
        self._found = found

    def _view(self, now: datetime, width: int) -> Document:  # noqa: ARG002  # needs no time
        return versions_diff_view(self._names[0], self._names[1], self._found, width)


def _by_name(changes: Iterable[Change]) -> Mapping[str, tuple[Any, Any]]:
    return {change.name: (numbers(change.old), numbers(change.new)) for change in changes}
