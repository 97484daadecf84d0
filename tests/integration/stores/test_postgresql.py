"""The team's store: what is particular to a server that others use too."""

from __future__ import annotations

import signal

import psycopg
import pytest
from sqlalchemy import make_url

from mlrun_nb.errors import StoreError
from mlrun_nb.model.query import RunQuery
from mlrun_nb.stores.opening import open_store
from mlrun_nb.testing.records import make_run
from tests.postgresql_server import running_server


def test_each_change_is_notified_once_and_reading_is_not(postgresql_url):
    """A server listens instead of asking."""
    store = open_store(postgresql_url)
    with psycopg.connect(postgresql_url, autocommit=True) as listener:
        listener.execute("LISTEN mlrun_nb")
        run = store.create_run(make_run())
        store.create_run(run)
        store.list_runs(RunQuery())
        heard = [notice.payload for notice in listener.notifies(timeout=1)]
    assert heard == [store.revision()]
    store.close()


def test_a_database_can_be_shared_with_other_applications(postgresql_url):
    """A table of theirs called as one of ours is neither read nor in the way."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE public.runs (theirs int)")
        store = open_store(postgresql_url)
        store.create_run(make_run())
        store.close()
        assert connection.execute("SELECT * FROM public.runs").fetchall() == []
        connection.execute("DROP TABLE public.runs")


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"database": "nowhere"}, "does not exist"),
        ({"username": "stranger"}, "refuses the credentials"),
        ({"port": 1}, "cannot be reached"),
    ],
)
def test_a_store_that_cannot_be_opened_says_why_without_credentials(postgresql_url, part, message):
    """Neither user nor password is shown."""
    url = make_url(postgresql_url).set(password="geheim").set(**part)
    with pytest.raises(StoreError, match=message) as caught:
        open_store(url.render_as_string(hide_password=False))
    shown = f"{caught.value.message} {caught.value.hint}"
    assert "geheim" not in shown
    assert "stranger" not in shown


def test_a_value_that_the_database_cannot_hold_is_an_error_of_ours(postgresql_url):
    """NUL is text in JSON, but not in a label's column."""
    store = open_store(postgresql_url)
    with pytest.raises(StoreError, match="cannot hold a value"):
        store.create_run(make_run(labels={"key": "\x00"}))
    store.close()


def test_a_server_that_was_killed_loses_nothing_and_is_found_again():
    """One call fails and says so; the next reconnects."""
    with running_server() as server:
        store = open_store(server.url("postgres"))
        run = store.create_run(make_run())
        server.stop(signal.SIGKILL)
        with pytest.raises(StoreError, match="cannot be reached"):
            store.get_run(run.id)
        server.start()
        assert store.get_run(run.id) == run
        store.close()
