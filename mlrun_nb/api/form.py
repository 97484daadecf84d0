"""
A function as a form: its parameters, inputs and resources to fill in, a button that runs it, and the card of its run.

The only importer of ipywidgets, which the extra `widgets` installs. The run is followed in a thread, so that the
notebook goes on; the card that it shows is that of a cell.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Sequence
from datetime import datetime
from html import escape
from threading import Thread
from typing import Any

from mlrun_nb.api.fields import NOT_GIVEN, Field, input_field, option_field, parameter_field
from mlrun_nb.api.function import AnyFunction, plan_of, stated_options
from mlrun_nb.api.run import Run
from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.run import Watch, hand_over
from mlrun_nb.errors import MlrunNbError, UsageError
from mlrun_nb.model.options import OPTIONS
from mlrun_nb.plugins import engine_names
from mlrun_nb.services.history import details

RESOURCES = ("on", "cpu", "memory", "gpu", "timeout")
"""The options that a form offers."""

BEAT_S = 1.0
SHORTEST_S = 0.25
"""Between two changes of the card."""


def form(function: AnyFunction) -> Form:
    """
    Return *function* as a form that runs it: `form(train)` as the last line of a cell shows it.

    Raises UsageError where ipywidgets is not installed.
    """
    return Form(function)


class Form:
    """A form; `widget` is what stands in the notebook, `run` the run that it started last."""

    def __init__(self, function: AnyFunction) -> None:
        widgets = _widgets()
        self.run: Run | None = None
        self._function = function
        self._arguments = _argument_fields(widgets, function)
        self._options = _option_fields(widgets, function)
        self._said = widgets.HTML()
        self._card = widgets.Output()
        self._go = widgets.Button(description=f"Run {function.name}", button_style="primary", icon="play")
        self._end = widgets.Button(description="Cancel", icon="stop", disabled=True)
        self._go.on_click(lambda _: self.start())
        self._end.on_click(lambda _: self._cancel())
        resources = widgets.Accordion([widgets.VBox(_rows(widgets, self._options))], titles=("Resources",))
        buttons = widgets.HBox([self._go, self._end])
        rows = _rows(widgets, self._arguments)
        self.widget = widgets.VBox([*rows, resources, buttons, self._said, self._card])

    def start(self) -> Run | None:
        """Do what the button does: run the function with what was put in; None where the form says why it cannot."""
        try:
            chosen = self._function.with_options(**_given(self._options))
            planned = plan_of(chosen, _given(self._arguments))
            project = self._function.project
            run = hand_over(project, planned).run
            card = Card(details(project, run), notices=planned.notices, cancel="")
        except MlrunNbError as err:
            self._say(err)
            return None
        self._say(None)
        self.run = Run(project, run)
        self._go.disabled, self._end.disabled = True, False
        Thread(target=self._follow, args=(card, Watch(project, run, beat_s=BEAT_S)), daemon=True).start()
        return self.run

    def _follow(self, card: Card, watch: Watch) -> None:
        """Show how the run gets on until it has ended; called in a thread of its own."""
        shown = 0.0
        try:
            for update in watch:
                card.take(update)
                if time.monotonic() - shown >= SHORTEST_S:
                    self._show(card)
                    shown = time.monotonic()
            card.end(details(self._function.project, watch.run))
            self._show(card)
        except MlrunNbError as err:
            self._say(err)
        finally:
            self._go.disabled, self._end.disabled = False, True

    def _cancel(self) -> None:
        try:
            if self.run is not None:
                self.run.cancel()
        except MlrunNbError as err:
            self._say(err)

    def _show(self, card: Card) -> None:
        bundle = card.bundle(datetime.now().astimezone())
        self._card.outputs = ({"output_type": "display_data", "data": bundle, "metadata": {}},)

    def _say(self, error: MlrunNbError | None) -> None:
        """Say in the form what went wrong: whoever presses a button has no cell for a traceback."""
        self._said.value = _note(f"{error.message}. {error.hint}", wrong=True) if error else ""

    def _repr_mimebundle_(self, **given: object) -> Any:  # noqa: ANN401  # what the widget says
        return self.widget._repr_mimebundle_(**given)


def _widgets() -> Any:  # noqa: ANN401  # a module that has no types
    if importlib.util.find_spec("ipywidgets") is None:
        raise UsageError(
            "`form` needs ipywidgets",
            hint="Install it, `pip install 'mlrun-nb[widgets]'`, restart the kernel and load the page again.",
        )
    import ipywidgets

    return ipywidgets


def _argument_fields(widgets: Any, function: AnyFunction) -> list[Field]:  # noqa: ANN401  # as above
    return [
        *(parameter_field(widgets, item) for item in function.parameters),
        *(input_field(widgets, name) for name in function.inputs),
    ]


def _option_fields(widgets: Any, function: AnyFunction) -> list[Field]:  # noqa: ANN401  # as above
    stated = stated_options(function)
    known = {"on": [*function.project.config.profiles, *engine_names()]}
    return [
        option_field(widgets, OPTIONS[name], str(stated.get(name, "")), tuple(known.get(name, ())))
        for name in RESOURCES
    ]


def _rows(widgets: Any, fields: Sequence[Field]) -> list[Any]:  # noqa: ANN401  # as above
    """Return a row for each field: its widget, and beside it what is expected, or what is wrong as soon as it is."""
    rows = []
    for field in fields:
        note = widgets.HTML(_note(field.note))

        def look(_: object, field: Field = field, note: Any = note) -> None:  # noqa: ANN401  # as above
            complaint = field.complaint()
            note.value = _note(complaint or field.note, wrong=bool(complaint))

        field.widget.observe(look, names="value")
        rows.append(widgets.HBox([field.widget, note]))
    return rows


def _note(text: str, *, wrong: bool = False) -> str:
    """Return *text* as a remark; what is wrong has a sign and is read out."""
    if wrong:
        colour = "var(--jp-error-color1, #cf222e)"
        return f'<span role="alert"><span style="color: {colour}" aria-hidden="true">✗</span> {escape(text)}</span>'
    return f'<span style="color: var(--jp-ui-font-color2, #59636e)">{escape(text)}</span>'


def _given(fields: Sequence[Field]) -> dict[str, Any]:
    """Return what was put in; raises MlrunNbError for what means nothing."""
    values = ((field.name, field.read()) for field in fields)
    return {name: value for name, value in values if value is not NOT_GIVEN}
