"""
What the other processes of test_processes do: `python -m tests.integration.stores.worker URL DEED NUMBER`.

Prints one line when it is ready and one per thing done, each only after the store has returned from it.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from mlrun_nb._lib.ids import new_id
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.events import Metric
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import NOON, make_run, make_version

COUNTER = RunId("c0vnterc0vnt")


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def live(store: RunStore, number: int) -> None:
    """Create runs and take each through its life, *number* times."""
    for step in range(number):
        store.save_version(make_version(f"x = {step}"))
        run = store.create_run(make_run(id=RunId(new_id()), labels={"step": str(step)}))
        running = store.advance(run, replace(run, state=RunState.RUNNING))
        assert running is not None
        ingest = Ingest(metrics=[Metric(name="loss", value=1.0, step=step, time=NOON)])
        assert store.advance(running, replace(running, state=RunState.SUCCEEDED), ingest) is not None
        say(run.id)


def count(store: RunStore, number: int) -> None:
    """Raise the counter that COUNTER carries, *number* times, again after each refusal."""
    for _ in range(number):
        while True:
            run = store.get_run(COUNTER)
            raised = replace(run, results={"count": int(str(run.results.get("count", 0))) + 1})
            if store.advance(run, raised) is not None:
                break
        say("raised")


def main(url: str, deed: str, number: str) -> None:
    """Do one deed."""
    store = open_store(url)
    say("ready")
    {"live": live, "count": count}[deed](store, int(number))
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
