"""The store in memory says what is right; a store in SQL gives the same answer to everything, whatever came before."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mlrun_nb.errors import MlrunNbError
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.change import Ingest, RunChange
from mlrun_nb.model.events import Metric
from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.run import RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import NOON, ToldClock, make_hash, make_run, make_sweep, make_version

PROJECTS = st.sampled_from(["demo", "other"])
FUNCTIONS = st.sampled_from(["train", "trim", "evaluate", "ä"])
SOURCES = st.sampled_from(["x = 1", "x = 2", "x = 3"])
TAGS = st.sampled_from(["latest", "prod", make_hash("x = 1")[:6]])
STATES = st.sampled_from(list(RunState))
TIMES = st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
LABELS = st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["1", "2", ""]))
IDS = st.text("0a", min_size=6, max_size=6).map(lambda text: RunId(f"{text}000000"))
TEXTS = st.sampled_from(
    ["", " ", "0", "a", "0a", "O", "t", "tri", "train", "e", "ä", "x%", "_", "00000", "000000", "O00000"]
)
METRICS = st.builds(
    Metric, name=st.sampled_from("ab"), step=st.none() | st.integers(-1, 1), time=TIMES, value=st.just(0.5)
)
ARTIFACTS = st.builds(
    Artifact,
    name=st.sampled_from("ab"),
    size=st.integers(0, 9),
    kind=st.just("k"),
    uri=st.just("u"),
    digest=st.just("d"),
)
QUERIES = st.builds(
    RunQuery,
    project=st.none() | PROJECTS,
    states=st.lists(STATES, max_size=3).map(tuple),
    functions=st.lists(FUNCTIONS, max_size=2).map(tuple),
    version=st.none() | SOURCES.map(make_hash),
    labels=LABELS.map(lambda labels: tuple(labels.items())),
    since=st.none() | TIMES,
    until=st.none() | TIMES,
    text=TEXTS,
    parent=st.none() | IDS,
    limit=st.integers(0, 4),
)
RUNS = st.builds(
    make_run,
    id=IDS,
    project=PROJECTS,
    function=FUNCTIONS,
    version=SOURCES.map(make_hash),
    state=STATES,
    labels=LABELS,
    parent=st.none() | IDS,
    number=st.none() | st.integers(0, 3),
    sweep=st.none() | st.builds(make_sweep),
    pinned=st.booleans(),
    created=TIMES,
    ended=st.none() | TIMES,
)


class Stores(RuleBasedStateMachine):
    """Two stores that are told the same."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.stores = (
            open_store("memory://", clock=ToldClock()),
            open_store(f"sqlite:///{self.folder}/store.db", clock=ToldClock()),
        )

    def teardown(self):
        """Leave nothing behind."""
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    def same(self, ask):
        """Put one question to both; errors that a user would see count as answers."""

        def answer(store):
            try:
                return ask(store)
            except (MlrunNbError, ValueError) as err:
                return type(err), getattr(err, "message", str(err)), getattr(err, "hint", "")

        expected, found = (answer(store) for store in self.stores)
        assert found == expected
        return expected

    @rule(source=SOURCES, function=FUNCTIONS, project=PROJECTS, tags=st.lists(TAGS, max_size=2))
    def save_version(self, source, function, project, tags):
        """Register."""
        self.same(lambda store: store.save_version(make_version(source, function=function, project=project), tags=tags))

    @rule(function=FUNCTIONS, project=PROJECTS, sources=st.lists(SOURCES))
    def delete_versions(self, function, project, sources):
        """Forget versions."""
        self.same(lambda store: store.delete_versions(project, function, [make_hash(source) for source in sources]))

    @rule(run=RUNS)
    def create_run(self, run):
        """Submit, perhaps again."""
        self.same(lambda store: store.create_run(run))

    @rule(
        reference=IDS,
        state=STATES,
        labels=LABELS,
        pinned=st.booleans(),
        ended=st.none() | TIMES,
        stale=st.booleans(),
        metrics=st.lists(METRICS, max_size=3),
        artifacts=st.lists(ARTIFACTS, max_size=3),
    )
    def advance(self, reference, stale, metrics, artifacts, **changes):
        """Reconcile, perhaps too late."""

        def ask(store):
            run = store.get_run(reference)
            seen = replace(run, revision=run.revision - 1) if stale else run
            return store.advance(seen, replace(seen, **changes), Ingest(artifacts=artifacts, metrics=metrics))

        self.same(ask)
        self.same(lambda store: (store.artifacts(reference), store.metrics(reference)))

    @rule(
        created=st.lists(RUNS, max_size=3),
        references=st.lists(IDS, max_size=3),
        stale=st.lists(st.booleans(), min_size=3, max_size=3),
        state=STATES,
        labels=LABELS,
        metrics=st.lists(METRICS, max_size=3),
        artifacts=st.lists(ARTIFACTS, max_size=3),
    )
    def write_runs(self, created, references, stale, state, labels, metrics, artifacts):
        """Many at once, some of them too late, some twice."""
        ingest = Ingest(artifacts=artifacts, metrics=metrics)

        def ask(store):
            known = [run for run in store.list_runs(RunQuery(limit=1000)).items if run.id in references]
            changes = [RunChange(to=run, ingest=ingest) for run in created]
            for run, is_late in zip(known, stale, strict=False):
                before = replace(run, revision=run.revision - 1) if is_late else run
                changes.append(RunChange(before=before, to=replace(before, state=state, labels=labels), ingest=ingest))
            return store.write_runs(changes)

        self.same(ask)
        for run_id in {*references, *(run.id for run in created)}:
            self.same(lambda store, run_id=run_id: (store.artifacts(run_id), store.metrics(run_id)))

    @rule(parent=IDS)
    def count_children(self, parent):
        """How far is a sweep."""
        self.same(lambda store: dict(store.count_children(parent)))

    @rule(ids=st.lists(IDS, max_size=3))
    def delete_runs(self, ids):
        """Forget runs."""
        self.same(lambda store: store.delete_runs(ids))

    @rule(query=QUERIES)
    def list_runs(self, query):
        """Look, to the last page."""
        cursor = self.same(lambda store: store.list_runs(query)).cursor
        while cursor is not None:
            following = replace(query, cursor=cursor)
            cursor = self.same(lambda store, query=following: store.list_runs(query)).cursor

    @rule(field=st.sampled_from([field.name for field in fields(RunQuery)]), query=QUERIES)
    def list_runs_by_one_field(self, field, query):
        """Look with one filter, which finds more."""
        self.list_runs(RunQuery(**{field: getattr(query, field)}))

    @rule(reference=st.sampled_from(["0", "000000", "a00000", "aaaaaaO", "latest"]), project=st.none() | PROJECTS)
    def get_run(self, reference, project):
        """Look one up."""
        self.same(lambda store: store.get_run(reference, project=project))

    @rule(function=FUNCTIONS, project=PROJECTS, reference=TAGS | SOURCES.map(lambda text: make_hash(text)[:7]))
    def get_version(self, function, project, reference):
        """Look one up, and list all, in pages of one."""
        self.same(lambda store: store.get_version(project, function, reference))
        page = self.same(lambda store: store.versions(project, function, limit=1))
        while getattr(page, "cursor", None):
            page = self.same(lambda store, at=page.cursor: store.versions(project, function, limit=1, cursor=at))

    @rule(project=st.none() | PROJECTS, since=st.none() | TIMES)
    def open_runs(self, project, since):
        """What reconcile asks."""
        self.same(lambda store: store.open_runs(project, lost_since=since))

    @invariant()
    def summaries_agree(self):
        """Kept counts and summaries are what a scan would say; changes are counted alike."""
        for project in ("demo", "other"):
            self.same(lambda store, project=project: (store.functions(project), store.count_runs(project)))
        self.same(lambda store: store.revision().partition("-")[2])


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
