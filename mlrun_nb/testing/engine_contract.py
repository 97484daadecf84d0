"""
What every engine must do, as tests: inherit `EngineContract`, give it your engine, and get a verdict.

    class TestMyEngine(EngineContract):
        engine_source = "from my.engine import MyEngine; engine = MyEngine(...)"

The source is executed for each new view of the same runs, also in processes of their own. An engine whose runs outlive
their client inherits `DetachedEngineContract`, which has everything and more; one that can be examined also
`ExaminableContract`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb._lib import processes
from mlrun_nb._lib.records import Json, from_json, to_json
from mlrun_nb.model.events import Event
from mlrun_nb.model.run import Handle, RunId, RunRequest
from mlrun_nb.model.settings import Environment, Placement, Resources, Settings
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.engine import Engine, Examinable
from mlrun_nb.testing.requests import wait_for, wait_until_ended, wait_until_running, write_request

_PLAIN = Settings()
_SUBMIT = """
import json, sys
from mlrun_nb._lib.records import from_json, to_json
from mlrun_nb.model.run import RunRequest
request = from_json(RunRequest, json.load(open(sys.argv[1])))
print(json.dumps(to_json(engine.submit([request])[request.id])), flush=True)
sys.stdin.read()
"""


class EngineFixtures:
    """What the suites start from."""

    engine_source = ""
    """Python that binds `engine`; `home` is a folder of the test's own, as text."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        """Give the engine under test."""
        return self.opened(tmp_path)

    def opened(self, tmp_path: Path) -> Engine:
        """Return one more view of the same engine."""
        names: dict[str, Engine | str] = {"home": str(tmp_path / "home")}
        exec(self.engine_source, names)  # noqa: S102  # the text is the test author's own
        engine = names["engine"]
        assert not isinstance(engine, str)
        return engine

    def request_for(self, engine: Engine, tmp_path: Path, *cells: str, settings: Settings = _PLAIN) -> RunRequest:
        """Return a prepared request to run *cells*."""
        request = write_request(tmp_path / "runs", *cells, engine=engine.name, settings=self.settings(settings))
        return engine.prepare(request)

    def settings(self, asked: Settings) -> Settings:
        """Return *asked* with what the engine cannot do without: an image, a namespace."""
        return asked

    def secret(self, value: str, monkeypatch: pytest.MonkeyPatch) -> str:
        """Return a reference to a secret of *value* that the engine can resolve."""
        monkeypatch.setenv("CONTRACT_SECRET", value)
        return "env:CONTRACT_SECRET"


class EngineContract(EngineFixtures):
    """What holds for every engine."""

    def test_a_run_that_succeeds_leaves_its_result(self, engine: Engine, tmp_path: Path) -> None:
        """The observation carries the record that the runner left."""
        request = self.request_for(
            engine, tmp_path, "from mlrun_nb.runner.inside import log_result\nlog_result('x', 7)"
        )
        seen = wait_until_ended(engine, engine.submit([request])[request.id])
        assert seen.state is RunState.SUCCEEDED, seen.reason
        assert seen.result is not None
        assert seen.result.results == {"x": 7}

    def test_a_failed_cell_is_data_and_no_exception(self, engine: Engine, tmp_path: Path) -> None:
        """The observation says which cell failed and why."""
        request = self.request_for(engine, tmp_path, "x = 1", "1 / 0")
        seen = wait_until_ended(engine, engine.submit([request])[request.id])
        assert seen.state is RunState.FAILED
        assert seen.error is not None
        assert (seen.error.fault, seen.error.cell, seen.error.ename) == ("user", 1, "ZeroDivisionError")

    def test_a_run_that_is_submitted_again_is_found_and_not_started_again(self, engine: Engine, tmp_path: Path) -> None:
        """Whoever submits, however often, during the run and after it: it is executed once."""
        request = self.request_for(engine, tmp_path, "print('once')")
        others = [threading.Thread(target=self.opened(tmp_path).submit, args=([request],)) for _ in range(3)]
        for other in others:
            other.start()
        handle = engine.submit([request])[request.id]
        for other in others:
            other.join()
        wait_until_ended(engine, handle)
        assert self.opened(tmp_path).submit([request])[request.id] == handle
        events, log = _read_to_end(engine, handle)
        assert log == b"once\n"
        assert [event.type for event in events].count("run_started") == 1

    def test_a_handle_is_json_and_means_the_same_to_another_view(self, engine: Engine, tmp_path: Path) -> None:
        """What is stored of a handle is enough to find the run again."""
        request = self.request_for(engine, tmp_path, "print('hello')")
        text = json.dumps(to_json(engine.submit([request])[request.id]))
        other, handle = self.opened(tmp_path), from_json(Handle, json.loads(text))
        assert handle.run == request.id
        assert wait_until_ended(other, handle).state is RunState.SUCCEEDED
        assert b"hello\n" in other.read(handle, None).log

    def test_many_runs_are_observed_at_once(self, engine: Engine, tmp_path: Path) -> None:
        """One call answers for all, whatever became of each."""
        requests = [self.request_for(engine, tmp_path, cell) for cell in ("x = 1", "1 / 0")]
        handles = engine.submit(requests)
        for handle in handles.values():
            wait_until_ended(engine, handle)
        seen = engine.observe(list(handles.values()))
        assert [seen[request.id].state for request in requests] == [RunState.SUCCEEDED, RunState.FAILED]

    def test_a_run_that_the_engine_never_saw_is_left_out(self, engine: Engine) -> None:
        """What is unknown is not judged, neither is it an error to ask, read or cancel."""
        unknown = Handle(engine=engine.name, run=RunId("000000000000"))
        assert engine.observe([unknown]) == {}
        assert engine.read(unknown, None).events == ()
        engine.cancel(unknown)

    def test_events_and_log_come_once_each_along_a_chain_of_cursors(self, engine: Engine, tmp_path: Path) -> None:
        """Reading while the run writes and reading it all afterwards give the same."""
        cell = "import time\nfor i in range(20):\n    print(i, flush=True)\n    time.sleep(0.02)"
        request = self.request_for(engine, tmp_path, cell, "print('end')")
        handle = engine.submit([request])[request.id]
        live = _read_to_end(engine, handle)
        assert live == _read_to_end(self.opened(tmp_path), handle)
        assert live[1].split() == [*(str(i).encode() for i in range(20)), b"end"]
        assert [event.type for event in live[0] if event.type.startswith("run_")] == ["run_started", "run_ended"]

    def test_reading_without_the_log_leaves_it_where_the_cursor_stands(self, engine: Engine, tmp_path: Path) -> None:
        """Events can be ingested by one and the log read later, from one cursor."""
        request = self.request_for(engine, tmp_path, "print('later')")
        handle = engine.submit([request])[request.id]
        wait_until_ended(engine, handle)
        first = engine.read(handle, None, log=False)
        then = engine.read(handle, first.cursor)
        assert first.log == b""
        assert then.log == b"later\n"
        assert first.events

    def test_an_ended_run_cannot_be_cancelled_any_more(self, engine: Engine, tmp_path: Path) -> None:
        """Nothing happens, twice."""
        request = self.request_for(engine, tmp_path, "x = 1")
        handle = engine.submit([request])[request.id]
        before = wait_until_ended(engine, handle)
        wait_for(lambda: engine.read(handle, None).at_end, what="the end of the record")
        engine.cancel(handle)
        engine.cancel(handle)
        assert engine.observe([handle])[request.id] == before

    def test_distributions_are_foretold_as_the_result_states_them(self, engine: Engine, tmp_path: Path) -> None:
        """Or not at all: a run cache relies on it."""
        request = self.request_for(engine, tmp_path, "x = 1")
        foretold = engine.distributions(request)
        result = wait_until_ended(engine, engine.submit([request])[request.id]).result
        assert result is not None
        assert foretold in {"", result.distributions}

    def test_checking_and_rendering_change_nothing(self, engine: Engine, tmp_path: Path) -> None:
        """A dry run leaves no trace, and its text names the run's folder or id."""
        request = self.request_for(engine, tmp_path, "x = 1")
        before = sorted(tmp_path.rglob("*"))
        engine.check(request)
        text = engine.render(request)
        assert request.id in text
        assert sorted(tmp_path.rglob("*")) == before

    def test_every_option_that_is_not_enforced_is_named(self, engine: Engine, tmp_path: Path) -> None:
        """Nothing is dropped in silence."""
        settings = Settings(
            resources=Resources(gpu=1, gpu_type="nvidia.com/gpu", ephemeral_storage="1Gi"),
            environment=Environment(image="registry.example/train:1"),
            placement=Placement(capacity="spot", queue="team-a", toleration=("gpu=true:NoSchedule",)),
            dask_workers=(2, 8),
        )
        request = write_request(tmp_path / "runs", "x = 1", engine=engine.name, settings=settings)
        said = " ".join(notice.text for notice in engine.check(request))
        options = {"gpu", "gpu-type", "ephemeral-storage", "image", "capacity", "queue", "toleration", "dask-workers"}
        for name in options - engine.traits.enforces:
            assert f"--{name} " in said

    def test_no_secret_is_written_anywhere(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A secret reaches the cell, and neither handle, rendering nor any file of the run."""
        reference = self.secret("hunter2-and-more", monkeypatch)
        secret = Settings(environment=Environment(secret={"TOKEN": reference}))
        cell = "import os\nprint(os.environ['TOKEN'])\nassert len(os.environ['TOKEN']) == 16"
        request = self.request_for(engine, tmp_path, cell, settings=secret)
        rendered = engine.render(request)
        handle = engine.submit([request])[request.id]
        assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED
        assert "hunter2" not in rendered + json.dumps(to_json(handle))
        files = [path for path in Path(request.run_directory).rglob("*") if path.is_file()]
        assert not [path for path in files if b"hunter2" in path.read_bytes()]


class ExaminableContract(EngineFixtures):
    """What holds for an engine that can be examined, beside what holds for every engine."""

    def test_an_examination_finds_things_and_a_remedy_for_each_that_is_broken(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        """Each has a name and says something; nothing is raised, and nothing is left behind."""
        request = self.request_for(engine, tmp_path, "x = 1")
        before = sorted(tmp_path.rglob("*"))
        assert isinstance(engine, Examinable)
        found = list(engine.examine(request, probe=False))
        assert found
        assert all(each.name and each.text for each in found)
        assert [each.name for each in found if each.ok is False and not each.hint] == []
        assert sorted(tmp_path.rglob("*")) == before

    def test_what_was_validated_was_not_started(self, engine: Engine, tmp_path: Path) -> None:
        """The run directory stays as it was, and the request can still be submitted."""
        request = self.request_for(engine, tmp_path, "print('once')")
        before = sorted(tmp_path.rglob("*"))
        assert isinstance(engine, Examinable)
        assert [notice.text for notice in engine.validate(request) if not notice.text] == []
        assert sorted(tmp_path.rglob("*")) == before
        handle = engine.submit([request])[request.id]
        assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED


class DetachedEngineContract(EngineContract):
    """What holds beside it for an engine whose traits say `outlives_client`."""

    def test_the_traits_say_so(self, engine: Engine) -> None:
        """Services rely on it."""
        assert engine.traits.outlives_client

    def test_submitting_returns_before_the_run_has_ended(self, engine: Engine, tmp_path: Path) -> None:
        """A long run is pending or running, and its handle says from where it can be judged."""
        request = self.request_for(engine, tmp_path, "import time; time.sleep(60)")
        handle = engine.submit([request])[request.id]
        assert not engine.observe([handle])[request.id].state.is_final
        elsewhere = replace(handle, reach=dict.fromkeys(handle.reach, "elsewhere"))
        assert handle.reach
        assert engine.observe([elsewhere]) == {}
        engine.cancel(handle)
        wait_until_ended(engine, handle)

    def test_a_run_survives_the_process_that_submitted_it(self, engine: Engine, tmp_path: Path) -> None:
        """Its terminal is closed, it is killed: the run goes on and is found again by its handle."""
        request = self.request_for(engine, tmp_path, "import time; time.sleep(1)", "print('survived')")
        client = subprocess.Popen(
            [sys.executable, "-c", f"home = {str(tmp_path / 'home')!r}\n{self.engine_source}\n{_SUBMIT}",
             str(Path(request.run_directory, "request.json"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        with client:
            assert client.stdout is not None
            handle = from_json(Handle, json.loads(client.stdout.readline()))
            client.send_signal(signal.SIGHUP)
            client.kill()
        assert wait_until_ended(engine, handle).state is RunState.SUCCEEDED
        assert engine.read(handle, None).log == b"survived\n"

    def test_a_run_can_be_cancelled_before_its_first_cell(self, engine: Engine, tmp_path: Path) -> None:
        """At whatever point of its start."""
        request = self.request_for(engine, tmp_path, "import time; time.sleep(60)")
        handle = engine.submit([request])[request.id]
        engine.cancel(handle)
        assert wait_until_ended(engine, handle).state is RunState.CANCELLED


class HostedEngineContract(DetachedEngineContract):
    """What holds beside it for an engine whose runs are processes of this machine, so that a test can see them."""

    def test_a_cancelled_run_ends_with_all_its_processes(self, engine: Engine, tmp_path: Path) -> None:
        """Children, grandchildren, and those that fled into sessions of their own; asking twice is asking once."""
        request = self.request_for(engine, tmp_path, _FAMILY, "import time; time.sleep(60)")
        handle = engine.submit([request])[request.id]
        wait_until_running(engine, handle)
        family = wait_for(lambda: _family(request), what="the family of the run")
        engine.cancel(handle)
        engine.cancel(handle)
        assert wait_until_ended(engine, handle).state is RunState.CANCELLED
        wait_for(lambda: not any(map(processes.is_same_process, family)), what="the end of the family", patience_s=30)


_FAMILY = """
import json, os, subprocess, sys
from mlrun_nb._lib.processes import identify
sleep = [sys.executable, "-S", "-c", "import time; time.sleep(300)"]
child = subprocess.Popen(sleep)
fled = subprocess.Popen(sleep, start_new_session=True)
fork = '''import os, subprocess, sys
print(subprocess.Popen(sys.argv[1:], stdout=2, start_new_session=True).pid, flush=True)
os._exit(0)'''
twice = int(subprocess.run([sys.executable, "-S", "-c", fork, *sleep], stdout=subprocess.PIPE, check=True).stdout)
family = [identify(pid) for pid in (os.getpid(), child.pid, fled.pid, twice)]
with open("family.part", "w") as file:
    json.dump(family, file)
os.rename("family.part", "family.json")
"""


def _family(request: RunRequest) -> list[processes.Identity]:
    path = Path(request.run_directory, "family.json")
    family: list[processes.Identity] = json.loads(path.read_text()) if path.exists() else []
    return family


def _read_to_end(engine: Engine, handle: Handle) -> tuple[list[Event], bytes]:
    """Return all events and the whole log, read piece by piece while they are written."""
    events: list[Event] = []
    pieces: list[bytes] = []
    cursor: Json = None

    def at_end() -> bool:
        nonlocal cursor
        chunk = engine.read(handle, json.loads(json.dumps(cursor)))
        events.extend(chunk.events)
        pieces.append(chunk.log)
        cursor = chunk.cursor
        return chunk.at_end

    wait_for(at_end, what="the end of the record")
    return events, b"".join(pieces)
