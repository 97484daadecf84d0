"""
The progress of a run, from its events: where it is, and what each event comes to in a line.

Knows no terminal; whoever shows progress holds one of these.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from mlrun_nb._lib.records import Json, number_from_json
from mlrun_nb.commands import humane, states
from mlrun_nb.commands.document import Document, Line, clean, line
from mlrun_nb.commands.pace import Pace
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import Run
from mlrun_nb.model.states import RunState


class LogLines:
    """Bytes of a log as whole lines of text; a carriage return begins the line anew, as on a terminal."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._held = ""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that *data* completes."""
        *lines, self._held = (self._held + self._decoder.decode(data)).split("\n")
        self._held = self._held[self._held.rstrip("\r").rfind("\r") + 1 :]  # a progress bar writes and overwrites
        return [_last_of_returns(text) for text in lines]

    @property
    def begun(self) -> str:
        """The last line as far as it is written; empty where none was begun."""
        return _last_of_returns(self._held)

    def rest(self) -> list[str]:
        """Return what came after the last end of a line."""
        held, self._held = self._held, ""
        return [_last_of_returns(held)] if held else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """How the children of a sweep stand, by its last word of them; `total` is None where nobody knows it."""

    done: int = 0
    total: int | None = None
    states: Mapping[str, int] = field(default_factory=dict)
    value: Json = None
    parameters: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Json]) -> Self:
        """Return what an event says."""
        total, counts, parameters = data.get("total"), data.get("states"), data.get("parameters")
        return cls(
            done=_number(data, "done"),
            total=total if isinstance(total, int) else None,
            states={name: number for name, number in counts.items() if isinstance(number, int)}
            if isinstance(counts, Mapping)
            else {},
            value=number_from_json(data.get("value")),
            parameters=parameters if isinstance(parameters, Mapping) else {},
        )


def _last_of_returns(text: str) -> str:
    return clean(text.rstrip("\r").rpartition("\r")[2])


class Progress:
    """Cells done of all, the one at work, and the words for each event."""

    def __init__(self) -> None:
        self.total = 0
        self.done = 0
        self.cell = ""
        self.children: Children | None = None
        """What is known of the children of a sweep; None for any other run."""
        self.pace = Pace()
        self._waits = ""

    def take(self, event: Event) -> Document:
        """Take in *event* and return what is to be said of it."""
        data = event.data
        match event.type:
            case "run_started":
                cells = data.get("cells")
                self.total, self.done = (len(cells) if isinstance(cells, list | tuple) else 0), 0
                return []
            case "children":
                self.children = Children.of(data)
                self.pace.take(event)
                return []
            case "attempt_started" if event.attempt > 1:
                return [line(("attempt ", "warn"), f"{event.attempt}")]
            case "attempt_ended":
                return [self._attempt(event)] if data.get("retry_in_s") is not None else []
            case "cell_started":
                self.cell = clean(str(data.get("name", "")))
                self.done = _number(data, "index")
                return [line((self._place(data), "dim"), f"{self.cell.rstrip(':')}: started")]
            case "cell_finished" | "cell_failed" | "cell_cancelled":
                self.done = _number(data, "index") + 1
                return [self._end(event)]
            case "notice":
                return [line(("notice:", "warn"), f" {clean(str(data.get('text', '')))}")]
            case _:
                return []

    def waits(self, run: Run) -> Document:
        """Return what a run waits for, when that is news."""
        reason = clean(states.reason_of(run)) if run.state is RunState.PENDING else ""
        if reason == self._waits:
            return []
        self._waits = reason
        return [line(("waiting: ", "dim"), reason)] if reason else []

    def _place(self, data: Mapping[str, Json]) -> str:
        width = len(str(self.total))
        return f"[{_number(data, 'index') + 1:>{width}}/{self.total}] "

    def _end(self, event: Event) -> Line:
        data = event.data
        took = humane.duration(float(str(data.get("duration_s", 0.0))))
        place, name = line((self._place(data), "dim")), clean(str(data.get("name", ""))).rstrip(":")
        if event.type == "cell_finished":
            return (*place, *line(f"{name}: {took}"))
        if event.type == "cell_cancelled":
            return (*place, *line(f"{name}: cancelled after {took}"))
        said = f"{data.get('ename', '')}: {data.get('evalue', '')}".strip(": ").splitlines()
        return (
            *place,
            *line(f"{name}: ", ("failed", "bad"), f" after {took}: {clean(said[0]) if said else ''}".rstrip(": ")),
        )

    @staticmethod
    def _attempt(event: Event) -> Line:
        data = event.data
        wait = humane.duration(float(str(data.get("retry_in_s")))).replace(".0 s", " s")
        reason = clean(str(data.get("reason") or ""))
        return line(("attempt ", "warn"), f"{event.attempt} failed, {f'{reason}, ' if reason else ''}retry in {wait}")


def _number(data: Mapping[str, Json], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) else 0
