"""
What every store of versions and runs must do, as tests: inherit `StoreContract`, give it your store, and get a verdict.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opened(self, tmp_path):
            return lambda: MyStore(tmp_path / "record")

Each call of `opened()` gives one more view of the same record, as another process would have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mlrun_nb.model.query import RunQuery
from mlrun_nb.model.states import RunState
from mlrun_nb.protocols.store import RunStore
from mlrun_nb.testing.batch_contract import BatchContract
from mlrun_nb.testing.children_contract import ChildrenContract
from mlrun_nb.testing.listing_contract import ListContract
from mlrun_nb.testing.records import make_hash, make_run, make_version
from mlrun_nb.testing.run_contract import RunContract
from mlrun_nb.testing.store_fixtures import Given, Opened
from mlrun_nb.testing.version_contract import VersionContract


class ChangeContract(Given):
    """Other processes: what they see, and how they hear of it."""

    def test_what_returned_is_seen_by_everybody_at_once(self, opened: Opened) -> None:
        """No view is stale."""
        mine, others = opened(), opened()
        mine.save_version(make_version())
        run = mine.create_run(make_run())
        assert others.get_run(run.id) == run
        assert others.functions("demo") == mine.functions("demo")
        mine.close()
        others.close()

    def test_the_revision_is_the_same_for_everybody_and_differs_after_every_change(self, opened: Opened) -> None:
        """One token per state of the record."""
        mine, others = opened(), opened()
        run = make_run()
        changes: list[Callable[[], object]] = [
            lambda: mine.save_version(make_version(), tags=()),
            lambda: mine.save_version(make_version(), tags=("prod",)),
            lambda: mine.create_run(run),
            lambda: mine.advance(mine.get_run(run.id), replace(mine.get_run(run.id), state=RunState.FAILED)),
            lambda: mine.delete_runs([run.id]),
        ]
        seen = [others.revision()]
        for change in changes:
            change()
            assert mine.revision() == others.revision()
            seen.append(others.revision())
        assert len(set(seen)) == len(seen)
        mine.close()
        others.close()

    def test_reading_is_no_change(self, store: RunStore) -> None:
        """A panel that looks does not wake the others."""
        run = store.create_run(make_run())
        before = store.revision()
        store.list_runs(RunQuery(text="a"))
        store.count_runs("demo")
        store.open_runs()
        store.get_run(run.id)
        store.delete_runs([run.id])
        store.delete_versions("demo", "train", [make_hash("?")])
        assert store.revision() == before

    def test_a_store_can_be_closed_twice(self, opened: Opened) -> None:
        """Whoever cleans up need not know who did before."""
        store = opened()
        store.close()
        store.close()


class StoreContract(VersionContract, RunContract, BatchContract, ListContract, ChildrenContract, ChangeContract):
    """All that a store promises."""
