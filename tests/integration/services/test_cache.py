"""The run cache: what counts as equal, what is named as the first difference, and what a cached run is."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb._lib.ids import new_id
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.project import Project, open_project
from mlrun_nb.services.choice import Choice
from mlrun_nb.services.follow import follow, read_log
from mlrun_nb.services.retention import Rule, collect, plan_gc
from mlrun_nb.services.submit import Submitted, plan, submit
from mlrun_nb.services.targets import parse_target
from mlrun_nb.testing.records import make_sweep

CELLS = """# %%
RATE = 2
# %%
%%mlrun scale --input rows --output total --output doubled
factor: float = 1.0
doubled = rows * 2
total = factor * RATE * len(rows)
print('scaled')
"""
ROWS = b"[1, 3]"


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Project:
    """Return a project with a notebook and a file of two rows."""
    (tmp_path / "project.yaml").write_text("name: shop\n")
    (tmp_path / "n.py").write_text(CELLS)
    (tmp_path / "rows.json").write_bytes(ROWS)
    return open_project(tmp_path)


def ask(project: Project, **choice: object) -> Submitted:
    """Submit the function with the cache allowed, unless *choice* says otherwise, and wait for its end."""
    root = project.config.root
    assert root is not None
    usual = {"on": "inline", "cache": True, "inputs": {"rows": str(root / "rows.json")}}
    planned = plan(project, parse_target(f"{root / 'n.py'}::scale"), Choice(**{**usual, **choice}))  # type: ignore[arg-type]  # any field
    submitted = submit(project, planned)
    assert list(follow(project, submitted.run.id))[-1].run.state in {RunState.SUCCEEDED, RunState.CACHED}
    return submitted


def difference(submitted: Submitted) -> str:
    """Return what the cache named as the first difference."""
    assert submitted.cache is not None
    assert submitted.cache.origin is None
    return submitted.cache.difference


def edit(project: Project, name: str, old: str, new: str) -> None:
    """Replace *old* by *new* in a file of the project."""
    path = Path(str(project.config.root)) / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_an_equal_run_is_not_executed_again(project):
    """It is `cached`, linked to its origin, with the same outcome: results, artifacts, notebook and log."""
    first = project.store.get_run(ask(project).run.id)
    again = ask(project).run
    assert (again.state, again.origin, again.results) == (RunState.CACHED, first.id, {"total": 4.0})
    assert again.saved_s == first.duration_s
    assert project.store.artifacts(again.id) == project.store.artifacts(first.id) != ()
    folders = [Path(run.run_directory) for run in (first, again)]
    assert len({(folder / "output.ipynb").read_text() for folder in folders}) == 1
    assert b"scaled" in b"".join(read_log(project, again))


def test_neither_a_sweep_nor_its_child_stands_for_a_run(project):
    """Both are like the run in everything that is compared, and newer."""
    first = project.store.get_run(ask(project).run.id)
    sweep = project.store.create_run(replace(first, id=RunId(new_id()), sweep=make_sweep()))
    project.store.create_run(replace(first, id=RunId(new_id()), parent=sweep.id, number=0))
    assert ask(project).run.origin == first.id


def test_without_asking_nothing_is_reused(project):
    """Also `--explain-cache` alone only says what could be."""
    first = ask(project).run
    submitted = ask(project, cache=False, explain_cache=True)
    assert submitted.cache is not None
    assert submitted.cache.origin is not None
    assert (submitted.run.state, submitted.cache.origin.id) == (RunState.PENDING, first.id)
    assert ask(project, cache=False).cache is None


def test_a_cell_may_allow_it_for_all_its_runs(project):
    """`--cache` on the `%%mlrun` line; it enters no version."""
    first = ask(project).run
    edit(project, "n.py", "--output doubled", "--output doubled --cache")
    again = ask(project, cache=False).run
    assert (again.state, again.origin, again.version) == (RunState.CACHED, first.id, first.version)


def test_the_first_difference_is_named(project):
    """Code, parameters, inputs and variables, each with the run that came nearest."""
    assert difference(ask(project)) == "no run of `scale` has succeeded yet"
    assert difference(ask(project, parameters={"factor": 2.0})).startswith("parameter `factor` is `2.0`, and `1.0`")
    assert difference(ask(project, options={"env": {"A": "1"}})).startswith("variable `A` has another value")
    edit(project, "rows.json", "3", "5")
    assert difference(ask(project)).startswith("input `rows` has other content")
    edit(project, "n.py", "RATE = 2", "RATE = 3")
    assert difference(ask(project)).startswith("the code differs from that of every run that succeeded")


def test_comments_formatting_and_resources_make_no_difference(project):
    """They make another version, and the same code."""
    first = ask(project).run
    edit(project, "n.py", "factor: float = 1.0", "factor: float = 1.0  # no unit")
    edit(project, "n.py", "--output doubled", "--output doubled --memory 1Gi")
    again = ask(project).run
    assert again.version != first.version
    assert again.origin == first.id


def test_values_that_only_compare_equal_are_different(project):
    """`1` and `True` are one key of a dict, and two values to a program."""
    edit(project, "n.py", "factor: float = 1.0", "factor: list = [1]")
    edit(project, "n.py", "factor * RATE", "len(factor) * RATE")
    ask(project, parameters={"factor": [1]})
    assert difference(ask(project, parameters={"factor": [True]})).startswith("parameter `factor`")


def test_a_failed_run_is_never_reused(project):
    """Only what succeeded stands for another run."""
    edit(project, "n.py", "print('scaled')", "1 / (factor - 5)")
    planned = plan(
        project,
        parse_target(f"{project.config.root}/n.py::scale"),
        Choice(on="inline", inputs={"rows": f"{project.config.root}/rows.json"}, parameters={"factor": 5.0}),
    )
    assert list(follow(project, submit(project, planned).run.id))[-1].run.state is RunState.FAILED
    assert difference(ask(project)) == "no run of `scale` has succeeded yet"


def test_other_distributions_are_a_difference(project):
    """The digest of what was installed stands in the result record."""
    first = ask(project).run
    record = Path(first.run_directory, "result.json")
    result = json.loads(record.read_text())
    assert result["distributions"].startswith("sha256:")
    record.write_text(json.dumps({**result, "distributions": "sha256:other"}))
    assert difference(ask(project)).startswith("other distributions were installed")


def test_a_lost_artifact_is_a_difference(project):
    """What cannot be had any more cannot be reused."""
    first = ask(project).run
    Path(next(iter(project.store.artifacts(first.id))).uri).unlink()
    assert difference(ask(project)).startswith("artifact `doubled` cannot be found")


def test_a_run_is_kept_while_a_cached_one_shows_its_outcome(project):
    """Retention looks at the links; when the cached one goes, the other may."""
    first = ask(project).run
    cached = ask(project).run
    ask(project, parameters={"factor": 3.0})
    assert plan_gc(project, Rule(keep=2)).runs == ()
    gone = plan_gc(project, Rule(keep=0))
    assert {run.id for run in gone.runs} == {first.id, cached.id}
    collect(project, gone)
    assert list(follow(project, ask(project).run.id))[-1].run.state is RunState.SUCCEEDED


class _Rows(http.server.BaseHTTPRequestHandler):
    """Serves rows under the ETag that its server holds."""

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(ROWS)

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("ETag", self.server.etag)  # type: ignore[attr-defined]  # set by the test
        self.send_header("Content-Length", str(len(ROWS)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """Give a server of rows."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Rows)
    server.etag = '"one"'  # type: ignore[attr-defined]  # read by the handler
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_url_counts_by_its_etag_and_without_a_strong_one_is_never_reused(project, server):
    """What a server calls the same may be reused; a weak ETag promises nothing about bytes."""
    inputs = {"rows": f"http://127.0.0.1:{server.server_port}/rows.json"}
    first = ask(project, inputs=inputs).run
    assert ask(project, inputs=inputs).run.origin == first.id
    server.etag = '"two"'
    assert difference(ask(project, inputs=inputs)).startswith("input `rows` has other content")
    server.etag = 'W/"two"'
    assert difference(ask(project, inputs=inputs)) == "input `rows` has neither a digest nor an ETag"
