"""A form runs its function and shows the card of the run below."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import ipywidgets

import mlrun_nb as mn
from mlrun_nb.api.form import Form
from mlrun_nb.commands.card.bundle import MIME_TYPE
from mlrun_nb.testing.requests import wait_for


def found(form: Form, kind: type) -> list[Any]:
    """Return the widgets of *kind* in *form*."""
    widgets, left = [], [form.widget]
    while left:
        widget = left.pop(0)
        widgets += [widget] if isinstance(widget, kind) else []
        left += getattr(widget, "children", ())
    return widgets


def named(form: Form, name: str):
    """Return the widget that is called *name*."""
    return next(each for each in found(form, ipywidgets.DOMWidget) if getattr(each, "description", "") == name)


def card(form: Form) -> dict[str, Any]:
    """Return the snapshot of the card that *form* shows."""
    (output,) = found(form, ipywidgets.Output)
    return output.outputs[0]["data"][MIME_TYPE] if output.outputs else {}


def said(form: Form) -> str:
    """Return what *form* says beside its fields."""
    return " ".join(each.value for each in found(form, ipywidgets.HTML))


def test_a_form_runs_its_function_with_what_was_put_in(desk):
    """Parameters and resources; the card stands below, and the button can be pressed again."""
    form = mn.form(mn.get_function("train.ipynb::train"))
    named(form, "lr").value = 0.3
    named(form, "timeout").value = "5m"
    named(form, "on").value = "local"
    go = named(form, "Run train")
    go.click()
    assert go.disabled
    wait_for(lambda: not go.disabled, what="the run")
    assert (card(form)["state"], card(form)["results"][0]["text"]) == ("succeeded", "0.9")
    assert (form.run.state, form.run.engine, form.run.parameters["lr"]) == ("succeeded", "local", 0.3)
    assert form.run.record.overrides == {"timeout": "5m"}


def test_a_form_says_what_cannot_be(desk):
    """On the spot, beside the field; pressing the button starts nothing and says it again."""
    form = mn.form(mn.get_function("train.ipynb::train").with_options(memory="1Gi"))
    assert named(form, "memory").value == "1Gi"
    named(form, "memory").value = "lots"
    assert "✗" in said(form)
    named(form, "Run train").click()
    assert (form.run, card(form)) == (None, {})
    assert said(form).count("`memory` in the form: `lots`") == 2
    assert list(mn.runs()) == []


def test_a_run_that_a_form_started_can_be_cancelled(desk):
    """By its other button; the card has followed it meanwhile."""
    form = mn.form(mn.get_function("train.ipynb::slow").with_options(on="local"))
    assert named(form, "Cancel").disabled
    named(form, "Run slow").click()
    wait_for(lambda: card(form).get("state") == "running", what="the run to execute")
    named(form, "Cancel").click()
    wait_for(lambda: card(form)["state"] == "cancelled", what="the end of the run")
    assert "interrupt" not in str(card(form))


def test_an_input_that_nobody_has_is_told_of_in_the_form(desk):
    """An error of the product has no cell to be shown in."""
    form = mn.form(mn.get_function("train.ipynb::total"))
    named(form, "Run total").click()
    assert "`total` needs a value for the input `rows`" in said(form)


def test_without_ipywidgets_a_form_says_what_to_install():
    """Importing the package needs nothing of it."""
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "import mlrun_nb as mn\n"
        "try: mn.form(None)\n"
        "except mn.errors.UsageError as err: print(err.message, err.hint)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "`form` needs ipywidgets" in done.stdout
    assert "pip install 'mlrun-nb[widgets]'" in done.stdout


def test_a_form_shows_itself(desk):
    """The last line of a cell is enough."""
    form = mn.form(mn.get_function("train.ipynb::train"))
    assert "application/vnd.jupyter.widget-view+json" in form._repr_mimebundle_()
