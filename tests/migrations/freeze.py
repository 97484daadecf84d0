"""
Write the store of the present release to `data/`, to be opened by the tests of all later ones.

Run once when a release with a new schema is made: `python -m tests.migrations.freeze`.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest
from mlrun_nb.model.events import Metric
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.stores.sql.schema import SCHEMA_VERSION
from mlrun_nb.stores.sqlite_making import APPLICATION_ID
from mlrun_nb.testing.records import NOON, ToldClock, make_run, make_version

DATA = Path(__file__).parent / "data"


def main() -> None:
    """Make a small store, dump it, and note beside it what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store = open_store(f"sqlite:///{path}", clock=ToldClock())
        store.save_version(make_version(), tags=("latest", "prod"))
        artifact = Artifact(name="model", kind="joblib", uri="/runs/model", size=3, digest="sha256:0")
        ingest = Ingest(artifacts=[artifact], metrics=[Metric(name="loss", value=0.5, step=1, time=NOON)])
        for number, state in enumerate(RunState):
            run = store.create_run(make_run(id=RunId(f"frozen0000{number:02}"), labels={"number": str(number)}))
            store.advance(run, replace(run, state=state), ingest)
        holds = {
            run.id: [run.state, run.labels, len(store.metrics(run.id))] for run in store.list_runs(RunQuery()).items
        }
        store.close()
        with closing(sqlite3.connect(path)) as connection:
            dump = [f"PRAGMA application_id={APPLICATION_ID};", *connection.iterdump()]
    (DATA / f"store-{SCHEMA_VERSION}.sql").write_text("\n".join(dump) + "\n", encoding="utf-8")
    (DATA / f"store-{SCHEMA_VERSION}.json").write_text(json.dumps(holds, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
