"""
A card that follows its run: what happens is taken in as it comes, and can be drawn at any moment.

    card = Card(details(project, run), notices=plan.notices)
    for update in watch:
        card.take(update)
        show(card.bundle(now()))
    card.end(details(project, watch.run))
    show(card.bundle(now()))
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from mlrun_nb._lib.records import Json, from_json, number_from_json
from mlrun_nb.commands.card.bundle import LIMIT, bundle_of, weight
from mlrun_nb.commands.card.cells import Cells
from mlrun_nb.commands.card.composing import ROOMS, Material, compose
from mlrun_nb.commands.card.series import Track
from mlrun_nb.commands.card.stopwatch import Stopwatch
from mlrun_nb.commands.card.tail import Tail
from mlrun_nb.commands.pace import Pace
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.events import Event
from mlrun_nb.model.notice import Notice
from mlrun_nb.model.run import Run
from mlrun_nb.services.children import goal_of
from mlrun_nb.services.follow import Update
from mlrun_nb.services.history import RunDetails
from mlrun_nb.services.standings import Standings

_LOOKS_EACH_S = 0.5
"""The children of a sweep are looked at so often, however fast they end."""


class Card:
    """
    The card of one run. *found* is what is known of it now: of a run that has ended it is all that is needed.

    *notices* were given before the run. A *detached* card says that the run goes on without it. *cancel* says what ends
    the run where that is not plain to see, *program* is what the verbs are typed behind.
    """

    def __init__(
        self,
        found: RunDetails,
        *,
        notices: Iterable[Notice] = (),
        detached: bool = False,
        cancel: str = "interrupt to cancel",
        program: str = "%mlrun",
    ) -> None:
        self._found, self._notices = found, list(notices)
        self._detached, self._cancel, self._program = detached, cancel, program
        self._cells, self._tail, self._watch = Cells(), Tail(), Stopwatch()
        self._series: dict[str, Track] = {}
        self._has_read_metrics = False
        self._results: dict[str, Json] = {}
        self._artifacts: dict[str, Artifact] = {}
        self._retry_in_s: float | None = None
        self._dashboard = ""
        self._unbound: frozenset[str] = frozenset()
        self._pace, self._look, self._standings = Pace(), found.standings, Standings()
        self._looked: datetime | None = None
        self.end(found)

    def take(self, update: Update) -> None:
        """Take in what is new of the run."""
        self._found = replace(self._found, run=update.run)
        for event in update.events:
            self._happened(event)
        self._tail.feed(update.log)

    def show_log(self, lines: Sequence[str], *, before: int) -> None:
        """Show the end of a log that is read elsewhere: its last *lines*, and how many came *before* them."""
        self._tail.hold(lines, before=before)

    def end(self, found: RunDetails, *, unbound: Collection[str] = ()) -> None:
        """
        Take in all that is known of the run now; its record wins over what its events said.

        *unbound* names outputs that were not bound to variables: the card says how to load them.
        """
        self._found, self._unbound, self._looked = found, frozenset(unbound), None
        if found.result is not None:
            self._cells.replace(found.result.cells)
            for text in found.result.notices:
                self._notice(text)

    @property
    def dashboard(self) -> str:
        """Where that of the run's own Dask cluster is, as the run says; empty where there is none."""
        return "" if self._found.run.state.is_final else self._dashboard

    def bundle(self, now: datetime, *, dashboard_link: str = "") -> dict[str, object]:
        """
        Return the card at the time *now*, whose time zone is the reader's, as a MIME bundle of at most `LIMIT` bytes.

        In it are HTML that needs no script, text, and the snapshot for a live renderer. *dashboard_link* is the
        reader's way to the dashboard where its address alone does not lead there.
        """
        material, bundle = self._material(now), dict[str, object]()
        for room in ROOMS:
            bundle = bundle_of(compose(material, room), dashboard_link=dashboard_link)
            if weight(bundle) <= LIMIT:
                break
        return bundle

    def _material(self, now: datetime) -> Material:
        run = self._found.run
        if run.state.is_final and not self._series and not self._has_read_metrics:
            self._read_metrics()
        if run.sweep is not None:
            self._look_at_children(now)
        log, before = self._tail.lines(without_traceback=bool(run.error and run.error.traceback))
        return Material(
            now=now,
            found=self._found,
            program=self._program,
            notices=tuple(self._notices),
            detached=self._detached,
            cancel=self._cancel,
            unbound=self._unbound,
            cells=self._cells.of(run),
            memory=tuple(self._cells.memory),
            series=tuple(track.drawn(name) for name, track in self._series.items()),
            results=self._results | dict(run.results or _results_so_far(run, self._standings)),
            artifacts=tuple((self._artifacts | {item.name: item for item in self._found.artifacts}).values()),
            log=tuple(log),
            log_before=before,
            elapsed_s=self._watch.read(now),
            retry_in_s=self._retry_in_s,
            standings=self._standings,
            left_s=self._pace.left_s(),
            dashboard=self._dashboard,
        )

    def _look_at_children(self, now: datetime) -> None:
        if self._looked is None or (now - self._looked).total_seconds() >= _LOOKS_EACH_S:
            self._standings, self._looked = self._look(), now

    def _read_metrics(self) -> None:
        """Read the series of a run whose events said nothing of them: they are gone, or were another run's."""
        self._has_read_metrics = True
        for metric in self._found.metrics():
            self._series.setdefault(metric.name, Track()).add(metric.value)

    def _happened(self, event: Event) -> None:
        data = event.data
        self._watch.take(event.elapsed_s)
        self._pace.take(event)
        self._cells.take(event)
        match event.type:
            case "run_started":
                self._series, self._results, self._artifacts, self._retry_in_s = {}, {}, {}, None
            case "attempt_ended":
                self._retry_in_s = _number(data.get("retry_in_s"))
            case "metric":
                value = _number(data.get("value"))
                if value is not None:
                    self._series.setdefault(str(data.get("name")), Track()).add(value)
            case "result":
                self._results[str(data.get("name"))] = number_from_json(data.get("value"))
            case "artifact":
                artifact = from_json(Artifact, dict(data))
                self._artifacts[artifact.name] = artifact
            case "dask_cluster":
                self._dashboard = str(data.get("dashboard") or "")
            case "notice":
                self._notice(str(data.get("text", "")), str(data.get("hint", "")))
            case _:
                pass

    def _notice(self, text: str, hint: str = "") -> None:
        """Keep what the run noticed itself; its result repeats what its events said."""
        if all(text != known.text for known in self._notices):
            self._notices.append(Notice(text=text, hint=hint))


def _results_so_far(run: Run, standings: Standings) -> Mapping[str, Json]:
    """Return the results of the best child of a sweep that goes on."""
    return standings.top[0].results if standings.top and goal_of(run) is not None else {}


def _number(value: Json) -> float | None:
    number = number_from_json(value)
    return float(number) if isinstance(number, int | float) and not isinstance(number, bool) else None
