"""The first process of a container: what the runner writes comes out of it, through its log or into a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlrun_nb.model.run import RunRequest
from mlrun_nb.runner.frames import Reader, applied
from mlrun_nb.testing.requests import wait_for, write_request

NONCE = "b1e55ed0c0ffee00"
OUTPUT = """
from mlrun_nb.runner.inside import log_artifact, log_result
print('hello', end='')
log_result('score', 0.5)
kept = log_artifact({'a': 1}, 'model')
"""


def carrier(request: RunRequest, *options: str) -> subprocess.Popen[bytes]:
    """Start a carrier for *request*."""
    return subprocess.Popen(
        [sys.executable, "-m", "mlrun_nb.runner.carrier", request.run_directory, *options],
        stdout=subprocess.PIPE,
        env={**os.environ, "MLRUN_NB_NONCE": NONCE},
    )


def taken_apart(stream: bytes) -> tuple[bytes, dict[str, bytes], dict[str, int]]:
    """Return the log, the files, and the sizes of the files that were left out."""
    log, files, left = b"", dict[str, bytes](), dict[str, int]()
    for item in Reader(NONCE).feed(stream, at_end=True):
        if isinstance(item, bytes):
            log += item
        elif item.left_out:
            left[item.name] = item.removed
        else:
            files[item.name] = applied(files.get(item.name, b""), item)
    return log, files, left


@pytest.fixture
def request_of(tmp_path: Path):
    """Return a function that writes the request to run cells."""
    return lambda *cells: write_request(tmp_path, *cells)


def test_everything_comes_out_through_the_log(request_of):
    """Log, events, notebook, result, artifacts: each as it lies in the run directory."""
    request = request_of(OUTPUT, "print(' world')")
    with carrier(request) as process:
        stream, _ = process.communicate()
    log, files, left = taken_apart(stream)
    folder = Path(request.run_directory)
    assert process.returncode == 0
    assert log == (folder / "log/000000.log").read_bytes() == b"hello world\n"
    assert left == {}
    assert {"output.ipynb", "result.json", "distributions.txt", "events/000000.jsonl"} < set(files)
    assert [name for name in files if name.startswith("artifacts/")]
    for name, content in files.items():
        assert content == (folder / name).read_bytes(), name


def test_what_is_too_large_is_left_out_by_name(request_of):
    """The result arrives all the same."""
    request = request_of(
        "import os\nfrom mlrun_nb.runner.inside import log_artifact\nlog_artifact(os.urandom(100 << 10), 'noise')"
    )
    with carrier(request, "--limit", "50000") as process:
        stream, _ = process.communicate()
    _, files, left = taken_apart(stream)
    assert list(left.values()) == [102400]
    assert json.loads(files["result.json"])["state"] == "succeeded"


def test_a_long_log_takes_nothing_away(request_of):
    """What a reader may have missed is sent again at the end, but no artifact twice."""
    cell = (
        "import os\nfrom mlrun_nb.runner.inside import log_artifact\nkept = log_artifact(os.urandom(600_000), 'noise')"
    )
    request = request_of(cell, "for i in range(6_000):\n    print(f'{i:0800}')")
    with carrier(request, "--limit", "1500000") as process:
        stream, _ = process.communicate()
    log, files, left = taken_apart(stream)
    assert left == {}
    assert log.count(b"\n") == 6_000
    assert files["output.ipynb"] == Path(request.run_directory, "output.ipynb").read_bytes()


def test_into_a_folder_files_come_whole_and_growing_ones_in_segments(request_of, tmp_path: Path):
    """The log is printed too, for whoever looks at the pod."""
    request = request_of("import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(1.2)")
    target = tmp_path / "bucket"
    with carrier(request, "--to", f"file://{target}") as process:
        stream, _ = process.communicate()
    assert stream == b"0\n1\n2\n"
    assert b"".join(path.read_bytes() for path in sorted((target / "log").iterdir())) == stream
    for name in ("output.ipynb", "result.json"):
        assert (target / name).read_bytes() == Path(request.run_directory, name).read_bytes()


def test_a_signal_reaches_the_runner(request_of):
    """What a pod gets before its end: the run is cancelled, and says so in time."""
    request = request_of("import time\ntime.sleep(60)")
    with carrier(request) as process:
        wait_for(lambda: Path(request.run_directory, "output.ipynb").exists(), what="the first cell")
        process.send_signal(signal.SIGTERM)
        stream, _ = process.communicate()
    _, files, _ = taken_apart(stream)
    assert process.returncode == 7
    assert json.loads(files["result.json"])["state"] == "cancelled"


def test_a_signal_that_came_before_it_could_be_taken_is_not_lost(request_of):
    """A first process would be killed by nothing else: what starts the carrier holds the signal back for it."""
    start = (
        "import os, signal, sys\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])\n"
        "os.kill(os.getpid(), signal.SIGTERM)\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    request = request_of("print('begun')")
    command = [sys.executable, "-c", start, "-m", "mlrun_nb.runner.carrier", request.run_directory]
    assert subprocess.run(command, check=False).returncode == 7
    assert not Path(request.run_directory, "log").exists()


def test_a_runner_that_says_why_it_cannot_begin_is_heard(tmp_path: Path):
    """Its last words are in the log."""
    request = write_request(tmp_path, "x = 1")
    Path(request.run_directory, "request.json").write_text("{}")
    with carrier(request) as process:
        stream, _ = process.communicate()
    log, _, _ = taken_apart(stream)
    assert process.returncode != 0
    assert b"request.json" in log
    assert b"hint: " in log
