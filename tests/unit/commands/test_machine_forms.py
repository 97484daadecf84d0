"""What machines read: JSON in one shape, JUnit, Markdown."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mlrun_nb.commands.junit import junit_xml
from mlrun_nb.commands.machine import dumps, run_json
from mlrun_nb.commands.run import Ended
from mlrun_nb.commands.summary import summary_markdown
from mlrun_nb.model.run import RunError
from mlrun_nb.model.states import RunState
from tests.unit.commands.records import ARTIFACT, CELLS, failed_run, make_details, make_run

NAMES = [
    *("id", "state", "function", "version", "code_hash", "engine", "parameters", "results", "artifacts"),
    *("created", "started", "ended", "duration_s", "error", "parent", "number", "pruned", "sweep", "best"),
]


def test_a_run_has_one_json_shape():
    """These names, no others; scripts rely on them."""
    shape = run_json(failed_run(), [ARTIFACT])
    assert list(shape) == NAMES
    assert list(shape["error"]) == ["class", "summary", "hint", "cell", "ename", "evalue"]
    assert list(shape["artifacts"][0]) == ["name", "kind", "uri", "size", "digest"]


def test_numbers_that_json_lacks_travel_as_texts():
    """What is printed can be read by every parser."""
    text = dumps(run_json(make_run(results={"a": math.nan, "b": -math.inf}), []))
    assert json.loads(text)["results"] == {"a": "NaN", "b": "-Infinity"}


def test_a_good_run_has_no_error():
    """And its times are ISO 8601 with their zone."""
    shape = run_json(make_run(), [])
    assert shape["error"] is None
    assert shape["ended"] == "2026-03-14T15:09:26+00:00"


def test_junit_has_a_case_for_each_cell():
    """The failed one with its traceback, those after it as skipped; numbers are those of the original notebook."""
    suite = ET.fromstring(junit_xml(Ended(found=make_details(failed_run()))).encode())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors"), suite.get("skipped")) == (
        "4",
        "1",
        "0",
        "1",
    )
    failure = suite.find("testcase[@name='5. train']/failure")
    names = [case.get("name") for case in suite.findall("testcase")]
    assert names == ["2. imports", "load inputs", "5. train", "save outputs"]
    assert failure.get("type") == "ValueError"
    assert "fit()" in failure.text


def test_junit_tells_a_cell_that_was_cancelled_from_one_that_failed():
    """It is an error, so that the step is not green, and there is no case beside it that says the same."""
    error = RunError(cls="Cancelled", fault="cancelled", summary="cancelled in cell 3", hint="", cell=2)
    details = make_details(make_run(state=RunState.CANCELLED, error=error))
    cells = [replace(cell, state="cancelled" if cell.state == "failed" else cell.state) for cell in CELLS]
    ended = Ended(found=replace(details, result=replace(details.result, cells=tuple(cells))))
    suite = ET.fromstring(junit_xml(ended).encode())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "0", "1")
    trouble = suite.find("testcase[@name='5. train']/error")
    assert (trouble.get("type"), trouble.get("message")) == ("Cancelled", "cancelled in cell 3")


def test_junit_has_a_case_for_a_gate_that_closed():
    """The run was good, and yet the step fails."""
    suite = ET.fromstring(junit_xml(Ended(found=make_details(make_run()), closed=("`a<1`: `a` is 0",))).encode())[0]
    assert suite.find("testcase[@name='gate a<1']/failure").get("message") == "`a<1`: `a` is 0"


def test_junit_has_a_case_for_trouble_outside_any_cell():
    """A lost run is never a green one."""
    lost = make_run(state=RunState.LOST, reason="the machine restarted", error=None)
    details = make_details(lost)
    ended = Ended(
        found=type(details)(**{name: getattr(details, name) for name in details.__slots__} | {"result": None})
    )
    suite = ET.fromstring(junit_xml(ended).encode())[0]
    assert suite.find("testcase[@name='run']/error").get("message") == "the machine restarted"


def test_control_characters_do_not_break_junit():
    """XML 1.0 has no place for them."""
    error = RunError(cls="CellFailed", fault="user", summary="a\x00b\x1b[1m", hint="", traceback="x\x07y")
    ET.fromstring(junit_xml(Ended(found=make_details(make_run(state=RunState.FAILED, error=error)))).encode())


def test_the_summary_says_the_reason_first():
    """Markdown signs in it are harmless."""
    text = summary_markdown(Ended(found=make_details(failed_run(results={"a|b": "<script>"}))))
    assert text.splitlines()[0] == "### ✗ train failed after 1 min 3 s"
    assert text.index("no such column") < text.index("| Result |")
    assert "<script>" not in text
    assert "a\\|b" in text


MARKDOWN = [
    ("`accuracy<0.9`: `accuracy` is 0.8", "`accuracy<0.9`: `accuracy` is 0.8"),  # code is shown as it is
    ("a<b & `c<d`", "a&lt;b &amp; `c<d`"),
    ("`` <b> `c`", "\\`\\` &lt;b> `c`"),  # what only looks like code is none
    ("a_b*c|d\\e", "a\\_b\\*c\\|d\\\\e"),
]


@pytest.mark.parametrize(("reason", "shown"), MARKDOWN)
def test_the_summary_escapes_only_outside_code(reason, shown):
    """GitHub shows `&lt;` in a code span letter by letter."""
    assert f"**Fails on** {shown}\n" in summary_markdown(Ended(found=make_details(make_run()), closed=(reason,)))


def test_a_bar_in_code_ends_no_cell_of_the_summary_s_tables():
    """Tables are cut into cells before code is looked for."""
    text = summary_markdown(Ended(found=make_details(make_run(results={"a": "`x|y<z`"}))))
    assert "| a | `x\\|y<z` |" in text
