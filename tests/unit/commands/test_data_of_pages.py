"""What pages and clients draw, as data: usage, remedy, runs beside each other, cells from events, code to paste."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlrun_nb.commands.cell_reports import CellReports
from mlrun_nb.commands.code import command_of_version, python_of_artifact, python_of_version
from mlrun_nb.commands.table_of_runs import table_of_runs
from mlrun_nb.commands.usage import Usage, usage
from mlrun_nb.commands.views.headline import Remedy, again, remedy
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import Run, RunError
from mlrun_nb.model.settings import MemoryLimit, Resources, Settings
from mlrun_nb.model.states import RunState
from tests.unit.commands.records import ARTIFACT, ERROR, NOW, failed_run, make_details, make_run, make_version

CRASHED = RunError(cls="KernelDied", fault="resources", summary="the kernel died: exit status 3", hint="Look at it.")


def test_usage_is_a_share_of_what_was_asked():
    """Of memory the peak, of cores the average."""
    run = make_run(peak_memory_bytes=1 << 30, cpu_s=72.0)
    assert usage(make_details(run)) == (
        Usage(name="memory", used="1.0 GiB", asked="4Gi", share=0.25),
        Usage(name="cpu", used="1.0", asked="4 cores", share=0.25),
    )


def test_usage_without_a_wish_is_no_share():
    """Nor where the wish is none that we can read."""
    run = make_run(peak_memory_bytes=1 << 30)
    assert usage(make_details(run, settings=Settings()))[0] == Usage(name="memory", used="1.0 GiB at most")
    odd = Settings(resources=Resources(memory="lots"))
    assert usage(make_details(run, settings=odd))[0].share is None


def test_the_remedy_for_memory_is_twice_as_much():
    """As data for a button, and as a command with the same words; by the option that set the limit."""
    run = failed_run()
    short = replace(run, error=replace(ERROR, cls="OutOfMemory", fault="resources"))
    asked, limit = (MemoryLimit(option=name, amount="4Gi") for name in ("memory", "memory-limit"))
    assert remedy(short, asked) == Remedy(purpose="run it again with 8Gi of memory", options={"memory": "8Gi"})
    assert again(short, limit)[0] == "mlrun-nb rerun 4k7q2m --memory-limit 8Gi"
    assert remedy(replace(short, peak_memory_bytes=9 << 30), asked).options == {"memory": "14Gi"}
    assert [remedy(each, asked).options for each in (run, replace(short, error=CRASHED))] == [{}, {}]
    assert remedy(short, MemoryLimit(option="memory", amount="lots")).options == {}


def test_runs_beside_each_other_show_first_what_differs():
    """The best is marked only where the name says which way is better."""
    runs = [
        make_run(parameters={"lr": lr, "same": 1}, results={"loss": loss, "accuracy": loss, "seed": loss})
        for lr, loss in ((0.1, 0.5), (0.2, 0.25))
    ]
    rows = {row.name: row for row in table_of_runs(runs)}
    best = {name: [entry.best for entry in rows[name].entries if entry] for name in ("loss", "accuracy", "seed")}
    assert best == {"loss": [False, True], "accuracy": [True, False], "seed": [False, False]}
    assert list(rows)[:4] == ["loss", "accuracy", "seed", "lr"]
    assert (rows["same"].differs, rows["lr"].entries[1].number) == (False, 0.2)


def test_the_best_is_one_of_comparable_outcomes():
    """None of two functions, none of a run that failed, and none of parameters."""
    quick, slow = make_run(duration_s=1.0), make_run(duration_s=2.0, parameters={"max_error": 1})
    assert best_of("duration", quick, slow) == [True, False]
    assert best_of("duration", replace(quick, function="load"), slow) == [False, False]
    assert best_of("duration", replace(quick, state=RunState.FAILED), slow) == [False, False]
    assert best_of("max_error", replace(quick, parameters={"max_error": 2}), slow) == [False, False]


def best_of(name: str, *runs: Run) -> list[bool]:
    """Return which of *runs* is marked in a row."""
    row = next(row for row in table_of_runs(runs) if row.name == name)
    return [entry is not None and entry.best for entry in row.entries]


def test_a_value_that_a_run_lacks_is_none():
    """And what JSON cannot compare is compared all the same."""
    runs = [make_run(results={"odd": float("nan"), "more": 10**400}), make_run(results={"odd": float("nan")})]
    rows = {row.name: row for row in table_of_runs(runs)}
    assert (rows["odd"].differs, rows["more"].differs, rows["more"].entries[1]) == (False, True, None)
    assert rows["more"].entries[0].number is None


def event(kind: str, **data: object) -> Event:
    """Return an event of this kind."""
    return Event(type=kind, time=NOW, data=data)  # type: ignore[arg-type]  # a kind that is none fails


def test_cells_come_from_events_while_a_run_goes_on():
    """With the role and the origin that the run announced."""
    reports = CellReports()
    reports.take(event("run_started", cells=["a", "b"], roles=["setup", "body"], origins=[None, 4], counts=[None, 2]))
    reports.take(event("cell_started", index=1, name="b"))
    run = make_run(state=RunState.RUNNING)
    assert [(each.role, each.origin, each.state) for each in reports.of(run)] == [
        ("setup", None, "pending"),
        ("body", 4, "running"),
    ]


@pytest.mark.parametrize("state", [RunState.CANCELLED, RunState.LOST])
def test_the_cell_at_which_a_run_was_ended_is_what_the_run_is(state: RunState):
    """It has not failed; one that had ended by itself stays as it was."""
    reports = CellReports()
    reports.take(event("run_started", cells=["a", "b", "c"]))
    reports.take(event("cell_finished", index=0, name="a", duration_s=1.0))
    reports.take(event("cell_started", index=1, name="b"))
    assert [each.state for each in reports.of(make_run(state=state))] == ["succeeded", str(state), "pending"]
    reports.take(event("cell_cancelled", index=1, name="b", duration_s=2.0))
    assert (reports.of(make_run())[1].state, reports.of(make_run())[1].duration_s) == ("cancelled", 2.0)


def test_of_an_ended_run_no_cell_is_at_work():
    """The one that broke has failed; a later attempt begins anew."""
    reports = CellReports()
    for kind, data in (("run_started", {"cells": ["a", "b", "c"]}), ("cell_started", {"index": 2, "name": "c"})):
        reports.take(event(kind, **data))
    assert [each.state for each in reports.of(failed_run())] == ["pending", "pending", "failed"]
    reports.take(event("run_started", cells=["a"]))
    assert len(reports.of(failed_run())) == 1


def test_the_record_of_an_ended_run_wins_over_its_events():
    """It is the truth."""
    found = make_details(failed_run())
    assert found.result is not None
    assert CellReports().of(found.run, found.result) == found.result.cells


@pytest.mark.parametrize(
    ("tag", "command"),
    [("latest", "mlrun-nb run train"), ("prod", "mlrun-nb run train:prod"), ("", "mlrun-nb run train@7f3a91c")],
)
def test_code_to_paste_names_the_version_as_a_person_would(tag: str, command: str):
    """By a tag where it has one."""
    assert command_of_version(make_version(), tag=tag) == command
    assert f"{command.rsplit(maxsplit=1)[-1]!r}).run()" in python_of_version(make_version(), tag=tag)


def test_an_artifact_is_loaded_by_its_name_whatever_that_is():
    """As an attribute where it can be one."""
    run = make_run()
    assert python_of_artifact(run, ARTIFACT) == "mn.get_run('4k7q2m').outputs.model.load()"
    odd = replace(ARTIFACT, name="plots/roc")
    assert python_of_artifact(run, odd) == "mn.get_run('4k7q2m').outputs['plots/roc'].load()"
