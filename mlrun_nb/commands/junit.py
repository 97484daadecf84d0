"""
A run as a JUnit report: a test suite with a case for each cell and each gate, as CI systems show them.

A cell has the number that it has in the notebook that the function came from; generated ones have none. One that was
at work when the run was cancelled is an error, not a failure.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from mlrun_nb.commands.document import clean
from mlrun_nb.commands.run import Ended
from mlrun_nb.model.run import CellReport, CellState, Run
from mlrun_nb.model.states import RunState

_GOOD = frozenset({RunState.SUCCEEDED, RunState.CACHED})
_BROKEN = frozenset[CellState]({"failed", "cancelled", "lost"})


def junit_xml(ended: Ended) -> str:
    """Return the report; what failed outside any cell becomes a case of its own, called `run`."""
    run = ended.found.run
    cells = ended.found.result.cells if ended.found.result else ()
    suite = ET.Element("testsuite", name=run.function, timestamp=run.created.strftime("%Y-%m-%dT%H:%M:%S"))
    for cell in cells:
        _cell(suite, run, cell)
    if not cells or (run.state not in _GOOD and not any(cell.state in _BROKEN for cell in cells)):
        _outside(suite, run)
    for reason in ended.closed:
        case = ET.SubElement(suite, "testcase", classname=run.function, name=f"gate {reason.split('`')[1]}", time="0")
        ET.SubElement(case, "failure", type="GateClosed", message=reason)
    suite.set("tests", str(len(suite.findall("testcase"))))
    for word in ("failure", "error", "skipped"):
        suite.set(f"{word}s".replace("skippeds", "skipped"), str(len(suite.findall(f"testcase/{word}"))))
    suite.set("time", f"{run.duration_s or 0:.3f}")
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cell(suite: ET.Element, run: Run, cell: CellReport) -> None:
    name = clean(cell.name if cell.origin is None else f"{cell.origin + 1}. {cell.name}")
    case = ET.SubElement(suite, "testcase", classname=run.function, name=name, time=f"{cell.duration_s:.3f}")
    if cell.state in _BROKEN:
        _trouble(case, run, "failure" if cell.state == "failed" else "error")
    elif cell.state != "succeeded":
        ET.SubElement(case, "skipped", message="not reached")


def _outside(suite: ET.Element, run: Run) -> None:
    case = ET.SubElement(suite, "testcase", classname=run.function, name="run", time=f"{run.duration_s or 0:.3f}")
    if run.state not in _GOOD:
        _trouble(case, run, "error")


def _trouble(case: ET.Element, run: Run, tag: str) -> None:
    error = run.error
    message = error.summary if error else run.reason or f"the run is {run.state}"
    trouble = ET.SubElement(
        case, tag, type=(error.ename or error.cls) if error else str(run.state), message=clean(message)
    )
    if error is not None and error.traceback:
        trouble.text = "\n".join(clean(text) for text in error.traceback.splitlines())
