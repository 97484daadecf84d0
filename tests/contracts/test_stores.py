"""Every store of ours passes the suite that third parties inherit."""

from __future__ import annotations

import pytest

from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import ToldClock
from mlrun_nb.testing.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    """A record in dictionaries; a second view of it is the same object."""

    @pytest.fixture
    def opened(self):
        """Give the one store, again and again."""
        store = open_store("memory://", clock=ToldClock())
        return lambda: store


class TestSqliteStore(StoreContract):
    """A record in a file."""

    @pytest.fixture
    def opened(self, tmp_path):
        """Open the file once more."""
        return lambda: open_store(f"sqlite:///{tmp_path}/store.db", clock=ToldClock())


class TestPostgresqlStore(StoreContract):
    """A record in a team's database."""

    @pytest.fixture
    def opened(self, postgresql_url):
        """Connect once more."""
        return lambda: open_store(postgresql_url, clock=ToldClock())
