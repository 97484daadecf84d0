"""What user code calls inside a run, from the kernel, its threads and its children; and outside one."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from mlrun_nb.artifacts.blobs import Blobs
from mlrun_nb.artifacts.folder import open_folder
from mlrun_nb.artifacts.loading import load_artifact

IMPORT = "from mlrun_nb.runner.inside import *\n"


def test_results_metrics_and_artifacts_reach_record_and_events(make_run):
    """With attempt and elapsed time, before the cell's own end."""
    run = make_run(
        IMPORT + "log_result('acc', 0.5); log_metric('loss', float('inf'), step=1); log_artifact({'a': 1}, 'table')"
    ).execute()
    assert dict(run.result.results) == {"acc": 0.5}
    (artifact,) = run.result.artifacts
    assert load_artifact(artifact) == {"a": 1}
    kinds = [event["type"] for event in run.events]
    assert kinds == ["run_started", "cell_started", "result", "metric", "artifact", "cell_finished", "run_ended"]
    assert run.events[3]["data"] == {"name": "loss", "value": "Infinity", "step": 1}
    assert [event["elapsed_s"] for event in run.events] == sorted(event["elapsed_s"] for event in run.events)


def test_numpy_scalars_are_results_and_long_texts_artifacts(make_run):
    """Outputs go where their value belongs."""
    source = (
        IMPORT + "import numpy as np\na, b, c, d, e = np.float32(.5), np.int64(3), np.bool_(True), 'x' * 20_000, None\n"
        "save_outputs('a', 'b', 'c', 'd', 'e', namespace=globals())"
    )
    run = make_run(source).execute()
    assert dict(run.result.results) == {"a": 0.5, "b": 3, "c": True, "e": None}
    assert [(each.name, each.kind, each.size) for each in run.result.artifacts] == [("d", "text", 20_000)]


def test_a_whole_number_too_long_to_be_written_is_an_artifact(make_run):
    """Python writes no more than 4300 digits; a shorter one is a result to its last digit."""
    source = IMPORT + "a, b = 10**400 + 7, 2**20_000\nsave_outputs('a', 'b', namespace=globals())"
    run = make_run(source).execute()
    assert dict(run.result.results) == {"a": 10**400 + 7}
    assert [(each.name, each.kind) for each in run.result.artifacts] == [("b", "pickle")]


def test_threads_and_children_may_log(make_run):
    """400 metrics from 4 threads in 2 processes: none lost, none torn."""
    source = (
        IMPORT + "import os, threading\n"
        "def work():\n"
        "    ts = [threading.Thread(target=lambda: [log_metric('m', i) for i in range(50)]) for _ in range(4)]\n"
        "    [t.start() for t in ts]; [t.join() for t in ts]\n"
        "pid = os.fork()\n"
        "work()\n"
        "os._exit(0) if pid == 0 else os.waitpid(pid, 0)\n"
    )
    run = make_run(source).execute()
    assert run.exit_code == 0
    assert sum(event["type"] == "metric" for event in run.events) == 400


def test_metrics_are_seen_while_the_cell_goes_on(make_run):
    """A live chart does not wait for the cell's end."""
    source = IMPORT + "import time, pathlib\nlog_metric('m', 1)\nf = pathlib.Path('../events/000000.jsonl')\n"
    source += "for _ in range(100):\n    if '\"metric\"' in f.read_text(): break\n    time.sleep(.1)\nelse: 1/0"
    assert make_run(source).execute().exit_code == 0


def test_the_run_is_known_inside(make_run):
    """Names, parameters, where artifacts lie."""
    run = make_run(IMPORT + "r = current_run(); print(r.id, r.function, r.attempt, r.parameters)", parameters={"x": 1})
    assert run.execute().log == "0123456789ab f 1 {'x': 1}\n"


BAD = {
    "a result that is none": ("log_result('m', [1])", "Keep it with `log_artifact(value, 'm')`"),
    "a metric that is none": ("log_metric('m', 'high')", "Write `log_metric('m', 0.3, step=4)`"),
    "an artifact without name": ("log_artifact({})", 'Write `log_artifact(value, "name")`'),
    "an artifact outside": ("log_artifact({}, '../../x')", "Use letters, digits"),
    "a file that is not there": (
        "from pathlib import Path; log_artifact(Path('no.csv'))",
        "Write it before it is logged",
    ),
    "an input that was not given": ("load_inputs('df')", "Run it with `--input df=URI`"),
}


@pytest.mark.parametrize(("source", "hint"), BAD.values(), ids=BAD)
def test_a_mistake_inside_says_what_to_do(make_run, source, hint):
    """The hint of our error is the hint of the run, and no frame of ours is in the traceback."""
    error = make_run(IMPORT + source).execute().result.error
    assert hint in error.hint
    assert "mlrun_nb/runner/inside.py" not in error.traceback


def test_inputs_come_by_reference(make_run, tmp_path):
    """Whatever their type, with the digest checked."""
    blobs = Blobs(open_folder(tmp_path / "blobs"))
    inputs = {"df": blobs.put(pd.DataFrame({"a": [1, 2]})), "n": blobs.put((1, 2))}
    source = IMPORT + "df, n = load_inputs('df', 'n', given=globals())\nprint(type(df).__name__, df.a.sum(), n)"
    assert make_run(source, inputs=inputs).execute().log == "DataFrame 3 (1, 2)\n"


def test_an_instance_of_a_captured_class_is_an_instance_in_the_run_and_back(make_run, tmp_path):
    """From one `__main__` to the kernel's, and its output to a third."""
    definition = "class Point:\n    def __init__(self, x): self.x = x\n"
    save = (
        f"{definition}from mlrun_nb.artifacts.blobs import Blobs\nfrom mlrun_nb.artifacts.folder import open_folder\n"
    )
    save += "from mlrun_nb._lib.records import to_json\nimport json\n"
    save += f"print(json.dumps(to_json(Blobs(open_folder({str(tmp_path / 'blobs')!r})).put(Point(4)))))"
    said = subprocess.run([sys.executable, "-c", save], capture_output=True, text=True, check=True).stdout
    from mlrun_nb._lib.records import from_json
    from mlrun_nb.model.artifact import InputReference

    reference = from_json(InputReference, __import__("json").loads(said))
    body = (
        "p, = load_inputs('p')\nassert isinstance(p, Point)\nq = Point(p.x + 1)\nsave_outputs('q', namespace=globals())"
    )
    run = make_run(definition, IMPORT + body, inputs={"p": reference}).execute()
    (artifact,) = run.result.artifacts
    load = f"{definition}from mlrun_nb.artifacts.loading import load_reference\n"
    load += (
        f"from mlrun_nb.model.artifact import InputReference\nq = load_reference(InputReference(uri={artifact.uri!r}, "
    )
    load += f"digest={artifact.digest!r}, kind={artifact.kind!r}))\nprint(isinstance(q, Point), q.x)"
    back = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True).stdout
    assert (run.exit_code, back) == (0, "True 5\n")


def _outside(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", IMPORT + code], capture_output=True, text=True, check=False)


def test_outside_a_run_logging_does_nothing_and_says_so_once():
    """A notebook that is run by hand behaves as ever."""
    done = _outside("log_result('a', 1); log_metric('b', 2); print(log_artifact(b'', 'c'), current_run())")
    assert (done.returncode, done.stdout) == (0, "None None\n")
    assert done.stderr.count("not inside a run") == 1


def test_outside_a_run_inputs_are_paths_or_values(tmp_path):
    """As under plain papermill: `-p df PATH`."""
    (tmp_path / "x.json").write_text("[1]")
    done = _outside(f"print(load_inputs('a', 'b', given={{'a': {str(tmp_path / 'x.json')!r}, 'b': {{1}}}}))")
    assert done.stdout == "[[1], {1}]\n"


def test_the_import_is_light():
    """No library of a format, no papermill, nothing of the model."""
    code = "import sys; before = set(sys.modules); import mlrun_nb.runner.inside; print(*set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"papermill", "nbclient", "nbformat", "psutil", "subprocess", "mlrun_nb.model"} & set(loaded)
