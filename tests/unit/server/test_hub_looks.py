"""A list of a hub that is searched as somebody types: what is slow holds nobody back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import pytest

from mlrun_nb.config import Config, load_config
from mlrun_nb.errors import HubError, StoreError
from mlrun_nb.hubs.verifying import item_of
from mlrun_nb.model.hub import Bundle, HubItem
from mlrun_nb.server.hub_looks import HubLooks
from mlrun_nb.testing.hub_contract import make_item
from mlrun_nb.testing.requests import wait_for


class Source:
    """A source that has `greet`, and answers once it may; it keeps what it was asked."""

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name, self.error = name, error
        self.may_answer = Event()
        self.asked: list[str] = []

    def search(self, text: str) -> Sequence[HubItem]:
        """See HubSource."""
        self.asked.append(text)
        assert self.may_answer.wait(60)
        if self.error:
            raise self.error
        return [item_of(make_item(), self.name)]

    def versions(self, name: str) -> Sequence[HubItem]:
        """See HubSource."""
        raise NotImplementedError(name)

    def fetch(self, name: str, version: str = "", *, revision: str = "") -> Bundle:
        """See HubSource."""
        raise NotImplementedError(name, version, revision)

    def refresh(self) -> None:
        """See HubSource."""

    @property
    def notices(self) -> Sequence[HubError]:
        """See HubSource."""
        return []


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Return the settings of nobody."""
    return load_config(tmp_path, {"MLRUN_NB_HOME": str(tmp_path)})


@pytest.fixture
def slow() -> Iterator[Source]:
    """Return a source that does not answer yet, and does at the end."""
    source = Source("slow")
    yield source
    source.may_answer.set()


@pytest.fixture
def quick() -> Source:
    """Return a source that answers at once."""
    source = Source("quick")
    source.may_answer.set()
    return source


def test_a_slow_source_holds_back_no_other(config: Config, slow: Source, quick: Source):
    """It is named as one that is waited for, and stands in its place once it has answered."""
    looks = HubLooks(lambda _: [slow, quick])
    found, waiting = looks.search(config, "hello")
    assert [each.source for each in found] == ["quick"]
    assert waiting == ["slow"]
    slow.may_answer.set()
    wait_for(lambda: not looks.search(config, "hello")[1], what="its answer")
    assert [each.source for each in looks.search(config, "hello")[0]] == ["slow", "quick"]


def test_one_that_hangs_is_asked_one_question_at_a_time(config: Config, slow: Source):
    """However much is typed; the last that was typed is asked next, what stood between is not."""
    looks = HubLooks(lambda _: [slow])
    for text in ("h", "he", "hel"):
        assert looks.search(config, text) == ([], ["slow"])
    assert slow.asked == ["h"]
    slow.may_answer.set()
    wait_for(lambda: slow.asked == ["h", "hel"], what="the next question")


def test_what_is_asked_again_while_it_is_asked_is_asked_once(config: Config, slow: Source):
    """A list that is drawn while it waits for a slow source."""
    looks = HubLooks(lambda _: [slow], fresh_s=inf)
    for _ in range(2):
        assert looks.search(config, "h") == ([], ["slow"])
    slow.may_answer.set()
    for thread in enumerate_threads():
        if thread.name == "hub slow":
            thread.join()
    assert slow.asked == ["h"]


def test_the_same_question_is_asked_once_for_many(config: Config, quick: Source):
    """A list that is drawn again, and a second page, ask the source nothing."""
    looks = HubLooks(lambda _: [quick], fresh_s=inf)
    assert looks.search(config, "") == looks.search(config, "")
    for thread in enumerate_threads():
        if thread.name == "hub quick":
            thread.join()
    assert quick.asked == [""]


@pytest.mark.parametrize("error", [HubError("it is away", hint="Wait."), StoreError("no disk", hint="Free some.")])
def test_one_that_cannot_be_asked_is_named_and_hides_no_other(config: Config, quick: Source, error: HubError):
    """With what to do."""
    broken = Source("broken", error)
    broken.may_answer.set()
    found, waiting = HubLooks(lambda _: [broken, quick]).search(config, "")
    assert (found[0].error, found[0].hint) == (error.message, error.hint)
    assert (found[1].source, waiting) == ("quick", [])


def test_a_plug_in_that_raises_anything_is_asked_again(config: Config):
    """The thread that asks it lives on."""
    broken = Source("broken", ZeroDivisionError("by zero"))
    broken.may_answer.set()
    looks = HubLooks(lambda _: [broken])
    for text in ("a", "b"):
        (found,), waiting = looks.search(config, text)
        assert (found.error, waiting) == ("hub source `broken` failed: ZeroDivisionError: by zero", [])
