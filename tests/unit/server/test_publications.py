"""What is being published goes on in a thread, and is told to whoever asks."""

from __future__ import annotations

from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from mlrun_nb.errors import EngineRejected, HubError, NotFoundError
from mlrun_nb.protocols.hub import Publication
from mlrun_nb.server.publications import Progress, Publications
from mlrun_nb.testing.requests import wait_for

KEY = ("/work", "area")
THERE = Publication(place="/team/area/1.0.0")


def progress() -> Progress:
    """Return that of a publication which begins."""
    return Progress(source="team", name="area", version="1.0.0")


def test_one_goes_on_until_it_is_published():
    """Meanwhile no other one of the same function begins."""
    known, may_end = Publications(), Event()

    def work(each: Progress) -> Publication:
        each.stage = "giving"
        assert may_end.wait(60)
        return THERE

    begun = known.begin(KEY, progress(), work)
    wait_for(lambda: begun.stage == "giving", what="the second stage")
    with pytest.raises(EngineRejected, match="is being published"):
        known.begin(KEY, progress(), work)
    may_end.set()
    wait_for(lambda: not known.of(KEY).is_open, what="its end")
    assert (known.of(KEY).stage, known.of(KEY).done) == ("published", THERE)
    known.begin(KEY, progress(), work)


def test_what_is_refused_says_why():
    """And another one may begin."""
    known = Publications()

    def refuse(_: Progress) -> Publication:
        raise HubError("its example fails", hint="Mend it.")

    known.begin(KEY, progress(), refuse)
    wait_for(lambda: not known.of(KEY).is_open, what="its end")
    found = known.of(KEY)
    assert (found.stage, found.error, found.hint) == ("refused", "its example fails", "Mend it.")
    known.begin(KEY, progress(), refuse)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_broke_is_told_as_broken():
    """The reason stands in the server's log."""
    known = Publications()

    def crash(_: Progress) -> Publication:
        raise ZeroDivisionError

    known.begin(KEY, progress(), crash)
    for thread in enumerate_threads():
        if thread.name == "publish area":
            thread.join()
    assert known.of(KEY).stage == "broken"


def test_where_nothing_was_published_that_is_said():
    """With the function's name."""
    with pytest.raises(NotFoundError, match="`area`"):
        Publications().of(KEY)
