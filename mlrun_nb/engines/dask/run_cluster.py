"""
`python -m mlrun_nb.engines.dask.run_cluster`: the Dask cluster of one run, for as long as standard input is open.

Starts one on this machine, or waits for the one at `--address`, which was made for the run. Says on standard output, in
a line of JSON, where it is or what hinders it, and leaves a performance report among the run's artifacts at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mlrun_nb.runner.inside import log_artifact

if TYPE_CHECKING:
    from distributed import Client

REPORT = "dask-performance-report"
NO_REPORT = "there is no performance report of the Dask cluster: `bokeh` is not installed beside it"
_LOOPBACK = "127.0.0.1"


class _Failed(Exception):
    """Says what hinders the cluster, and what to do."""

    def __init__(self, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.summary, self.hint = summary, hint


def main(arguments: Sequence[str]) -> int:
    """Be the cluster that *arguments* ask for; returns the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # its end is the end of standard input, or SIGKILL
    options = _parser().parse_args(arguments)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        os.dup2(2, 1)  # what tasks print is not our answer
        try:
            with _cluster(options) as (address, dashboard), _client(address, options) as client:
                _say(answer, address=address, dashboard=dashboard, notice="" if find_spec("bokeh") else NO_REPORT)
                _wait_and_report(client)
        except _Failed as err:
            _say(answer, error=err.summary, hint=err.hint)
            return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mlrun_nb.engines.dask.run_cluster", description="Be a cluster.")
    parser.add_argument("--least", type=int, required=True, help="workers that are always there")
    parser.add_argument("--most", type=int, required=True, help="workers under load")
    parser.add_argument("--memory", type=int, default=0, help="bytes of each worker; 0 for its share of the machine")
    parser.add_argument("--threads", type=int, default=1, help="threads of each worker")
    parser.add_argument("--address", default="", help="scheduler of a cluster that exists, or soon will")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds until its workers have to be there")
    return parser


@contextmanager
def _cluster(options: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """Give address and dashboard of the cluster."""
    try:
        import distributed
    except ModuleNotFoundError as err:
        raise _Failed(
            f"a Dask cluster is made by the library `distributed`, which cannot be imported: {err}",
            "Run `pip install distributed` where the run's kernel is installed, or name an image that has it.",
        ) from err
    if options.address:
        yield options.address, ""
        return
    with distributed.LocalCluster(
        n_workers=options.least,
        threads_per_worker=options.threads,
        memory_limit=options.memory or "auto",
        host=_LOOPBACK,
        dashboard_address=f"{_LOOPBACK}:0",
    ) as cluster:
        if options.most > options.least:
            cluster.adapt(minimum=options.least, maximum=options.most)
        yield cluster.scheduler_address, cluster.dashboard_link if find_spec("bokeh") else ""


@contextmanager
def _client(address: str, options: argparse.Namespace) -> Iterator[Client]:
    """Give a client of the cluster, once it has its least number of workers."""
    from distributed import Client

    try:
        client: Client = Client(address, timeout=options.patience, set_as_default=True, name="mlrun-nb")
    except (OSError, TimeoutError) as err:
        raise _Failed(
            f"the scheduler of the run's Dask cluster, `{address}`, was not there after {options.patience:g} s: {err}",
            "Look at its pods, `kubectl get pods -l dask.org/component=scheduler`, and give it more time with "
            "`--pending-timeout`.",
        ) from err
    with client:
        try:
            client.wait_for_workers(options.least, timeout=options.patience)
        except TimeoutError as err:
            there = len(client.scheduler_info(n_workers=-1)["workers"])
            raise _Failed(
                f"the run's Dask cluster has {there} of {options.least} workers after {options.patience:g} s",
                "Ask for fewer, `--dask-workers`, or smaller ones, `--dask-worker-memory`, or give it more time with "
                "`--pending-timeout`.",
            ) from err
        yield client


def _wait_and_report(client: Client) -> None:
    """Return once standard input is closed; leaves a report of what the cluster did until then."""
    if not find_spec("bokeh"):
        sys.stdin.read()
        return
    from distributed import performance_report

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{REPORT}.html")
        with performance_report(filename=str(path)):
            sys.stdin.read()
        if client.status == "running":
            log_artifact(path, REPORT)


def _say(answer: IO[str], **words: str) -> None:
    answer.write(json.dumps(words) + "\n")
    answer.flush()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)
