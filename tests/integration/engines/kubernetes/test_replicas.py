"""Replicas: each knows its rank and finds the others; the first one's results are the run's, and all logs are kept."""

from __future__ import annotations

import pytest

from mlrun_nb.model.settings import Placement, Settings
from mlrun_nb.model.states import RunState
from tests.integration.engines.kubernetes.conftest import Bench

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

TWO = Settings(placement=Placement(replicas=2))
MEET = """
import os, socket, time
from mlrun_nb.runner.inside import log_result
rank, size = int(os.environ['RANK']), int(os.environ['WORLD_SIZE'])
print('rank', rank, 'of', size, flush=True)
port = int(os.environ['MASTER_PORT'])
if rank == 0:
    with socket.create_server(('', port)) as server:
        other, _ = server.accept()
        log_result('said', other.recv(100).decode())
else:
    for _ in range(300):
        try:
            with socket.create_connection((os.environ['MASTER_ADDR'], port), timeout=5) as first:
                first.sendall(f'hello of rank {rank}'.encode())
            break
        except OSError:
            time.sleep(0.2)
"""


def test_replicas_find_each_other(bench: Bench):
    """By the words of torchrun."""
    handle = bench.submit(MEET, settings=TWO)
    seen = bench.ended(handle)
    assert seen.state is RunState.SUCCEEDED, seen
    assert seen.result is not None
    assert seen.result.results == {"said": "hello of rank 1"}
    assert bench.engine.read(handle, None).log == b"rank 0 of 2\n"
    assert (bench.directory(handle) / "ranks/1/log/000000.log").read_bytes() == b"rank 1 of 2\n"


def test_a_replica_that_fails_fails_the_run(bench: Bench):
    """Also where the first one ends well."""
    cell = "import os\nprint('rank', os.environ['RANK'])\nassert os.environ['RANK'] == '0', 'only the first'"
    seen = bench.ended(bench.submit(cell, settings=TWO))
    assert seen.state is RunState.FAILED
    assert seen.error is not None
    assert seen.error.hint
