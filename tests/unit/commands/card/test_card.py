"""What a card says of a run, in each state that a run can be in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from mlrun_nb.commands.card.bundle import MIME_TYPE
from mlrun_nb.commands.card.live import Card
from mlrun_nb.commands.document import width_of
from mlrun_nb.model.run import RunError
from mlrun_nb.model.states import RunState
from mlrun_nb.services.follow import Update
from tests.unit.commands.card import scenes
from tests.unit.commands.records import NOW


class Text(HTMLParser):
    """What is left of HTML where style sheets, pictures and attributes are taken away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.said = ""
        self._in_style = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.add(tag)
        self._in_style = tag == "style"

    def handle_data(self, data):
        """Keep what can be read."""
        self.said += "" if self._in_style else data

    def handle_endtag(self, tag):
        """Keep words of two blocks apart."""
        self._in_style = False
        self.said += " " if tag in {"div", "p", "li", "pre", "summary"} else ""


def html_of(card: Card) -> str:
    """Return the HTML of *card*."""
    return str(card.bundle(NOW)["text/html"])


def words_of(card: Card) -> str:
    """Return the text of the HTML of *card* on one line."""
    return " ".join(Text(html_of(card)).said.split())


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("submitting", "pending: train 7f3a91c local is being submitted · 1:12"),
        ("queued", "waits in the queue: 3 runs are before it in team-a · 1:12"),
        ("unschedulable", "waits for a node: 0 of 3 have 1 GPU free · 1:12"),
        ("pulling", "pulls its image: registry.example/train:1 · 1:12"),
        ("starting", "the kernel is starting · 1:12"),
        ("backoff", "attempt 2 attempt 1 failed: the node was drained; next attempt after 10 s"),
        ("running", "running: train 7f3a91c local cell 3 of 5 · 0:42 interrupt to cancel · as of 2026-03-14 15:09"),
        ("running early", "cell 1 of 5 · 0:00 · last time 1 min 8 s"),
        ("second attempt", "running: train 7f3a91c local attempt 2 cell 2 of 5"),
        ("cancelling", "cancelling · cell 3 of 5 · 0:42"),
        ("unheard", "cell 3 of 5 · node a is not heard of · 0:42"),
        ("many cells", "cell 121 of 200 · 1:35"),
        ("detached", "The run goes on by itself; this card does not move any more. %mlrun show 4k7q2m how it stands"),
        ("succeeded", "succeeded: train 7f3a91c local in 1 min 12 s accuracy 0.962 +0.004 %mlrun show 4k7q2m"),
        ("failed", "train 7f3a91c local failed after 1 min 3 s"),
        ("cancelled", "cancelled after 41.0 s in cell 3 (train)"),
        ("lost", "the machine gpu-3 was restarted while the run was in cell 3 (last seen 15:09)"),
        ("cached", "cached: train 7f3a91c local same as run 2xw9ph, not executed again accuracy 0.958"),
        ("from history", "succeeded: train 7f3a91c local in 1 min 12 s accuracy 0.962"),
    ],
)
def test_a_card_says_where_its_run_stands(scene: str, said: str):
    """In words that are still there without style sheet and pictures."""
    assert said in words_of(scenes.SCENES[scene]())


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_a_card_of_what_goes_on_says_when_that_was_so(scene: str):
    """Saved in a notebook and read elsewhere it never moves again; an ended run stays as it is."""
    bundle = scenes.SCENES[scene]().bundle(NOW)
    snapshot = bundle[MIME_TYPE]
    assert isinstance(snapshot, dict)
    goes_on = snapshot["state"] in {"pending", "running"}
    assert ("as of 2026-03-14 15:09" in str(bundle["text/html"])) == goes_on
    assert ("as of 2026-03-14 15:09" in " ".join(str(bundle["text/plain"]).split())) == goes_on


def test_a_running_card_shows_the_end_of_the_log_and_the_series():
    """The newest lines, and each series with where it began and where it is."""
    said = words_of(scenes.running())
    assert "epoch 13 loss 0.1163 epoch 14 loss 0.1094" in said
    assert "epoch 1 " not in said
    assert "loss from 0.62 to 0.1059 accuracy from 0.91 to 0.951 memory 3.1 GiB" in said


def test_a_progress_bar_is_seen_as_it_stands():
    """A line without an end is the last of the log, and is overwritten."""
    card = scenes.a_card(scenes.a_run(state=RunState.RUNNING), [scenes.started()], b"begin\n 10 %|#\r 20 %|##\r")
    assert "begin 20 %|##" in words_of(card)
    card.take(Update(run=scenes.a_run(state=RunState.RUNNING), log=b" 30 %|###\r"))
    assert "begin 30 %|###" in words_of(card)


def test_a_failed_card_names_the_cell_and_shows_its_traceback():
    """With the hint, what was printed before, and what to type next; the log does not repeat the traceback."""
    said = words_of(scenes.failed())
    assert (
        "cell 3 (train) raised KeyError: 'weight' Read the traceback, correct cell 3 (train) and run it again." in said
    )
    assert '---> 18 weights = data["weight"] / data["weight"].sum()' in said
    assert said.count("Traceback (most recent call last)") == 1
    assert "Log: 15 lines" in said
    assert "reading 1,920,000 rows" in said
    assert "%mlrun rerun 4k7q2m run the same version again" in said


def test_a_run_that_lacked_memory_is_run_again_with_twice_as_much():
    """The command to type has it."""
    assert "%mlrun rerun 4k7q2m --memory 8Gi" in words_of(scenes.out_of_memory())


@pytest.mark.parametrize("scene", ["cancelled", "lost"])
def test_the_cell_at_which_a_run_was_ended_has_not_failed(scene: str):
    """Its mark is of its own, and a screen reader hears what became of it."""
    bundle = scenes.SCENES[scene]().bundle(NOW)
    snapshot = bundle[MIME_TYPE]
    assert isinstance(snapshot, dict)
    assert [cell["state"] for cell in snapshot["cells"]] == ["succeeded", "succeeded", scene, "pending", "pending"]
    assert f'aria-label="2 of 5 cells done, {scene}: train"' in str(bundle["text/html"])


def test_a_short_log_of_a_good_run_stands_open():
    """What a cell prints is seen under it, as with any cell; a long log is opened by who wants it."""
    run = scenes.a_run()
    assert "details" not in Text(html_of(scenes.a_card(run, [scenes.started()], b"one\ntwo\n"))).tags
    assert "details" in Text(html_of(scenes.a_card(run, [scenes.started()], b"line\n" * 9))).tags


def test_what_is_too_much_is_counted():
    """No list is cut in silence."""
    events = [scenes.happened("metric", name=f"m{index}", value=1.0) for index in range(50)]
    run = scenes.a_run(state=RunState.RUNNING)
    card = scenes.a_card(run, [scenes.started(), *events])
    assert "and 44 more series" in words_of(card)
    assert "and 44 more series" in str(card.bundle(NOW)["text/plain"])


def test_an_output_that_was_not_bound_says_how_to_load_it():
    """Design: large outputs are not bound; the card says what to type."""
    run = scenes.a_run()
    card = scenes.a_card(run)
    card.end(scenes.known(run, artifacts=(scenes.MODEL,)), unbound=["model"])
    assert "model skops · 1.2 MiB train.outputs.model.load()" in words_of(card)


def test_a_new_attempt_begins_anew():
    """Its cells and series are its own."""
    run = scenes.a_run(state=RunState.RUNNING, attempt=2)
    card = scenes.a_card(run, [*scenes.under_way(), scenes.happened("run_started", attempt=2, cells=["a", "b"])])
    assert "cell 1 of 2" in words_of(card)
    assert "accuracy" not in words_of(card)


def test_time_is_the_runners_carried_on_by_ours():
    """Two hosts' clocks are never compared: ours may be a year off."""
    run = scenes.a_run(state=RunState.RUNNING)
    card = scenes.a_card(run, [scenes.started(), scenes.happened("cell_started", 42.0, index=0, name="a")])
    late = NOW + timedelta(days=365)
    html = [str(card.bundle(late + timedelta(seconds=passed))["text/html"]) for passed in (0, 3)]
    assert ["· 0:42" in html[0], "· 0:45" in html[1]] == [True, True]


def test_the_snapshot_is_small_and_names_its_form():
    """A live renderer finds the run by it; long texts stay out."""
    plain = scenes.failed().bundle(NOW)[MIME_TYPE]
    assert isinstance(plain, dict)
    assert (plain["format"], plain["id"], plain["state"], plain["total"]) == (1, "4k7q2mabcdef", "failed", 5)
    assert plain["cells"][2] == {"index": 2, "name": "train", "state": "failed", "duration_s": 48.2}
    assert "log" not in plain
    assert "traceback" not in plain["error"]


@pytest.mark.parametrize("scene", scenes.SCENES)
def test_the_text_fits_a_terminal(scene: str):
    """80 columns, but for code and addresses, which are never broken."""
    text = str(scenes.SCENES[scene]().bundle(NOW)["text/plain"])
    assert [line for line in text.splitlines() if width_of(line) > 80] == []
    assert scenes.a_run().function in text.splitlines()[0]


TAGS = {*"abip", "circle", "code", "details", "div", "li", "path", "polyline", "pre", "rect", "span"}
TAGS |= {"style", "summary", "svg", "ul"}
HOSTILE = (
    "</style></pre><script>alert(1)</script><img src=x onerror=alert(1)> \" ' onmouseover=x `<b>`\x1b[31m \u202e ]]>"
)


def test_nothing_that_a_run_says_becomes_markup():
    """Names, logs, tracebacks, addresses: all of them are text."""
    error = replace(scenes.ERROR, summary=HOSTILE, hint=HOSTILE, traceback=HOSTILE, cell_name=HOSTILE)
    run = scenes.a_run(
        state=RunState.FAILED, error=error, function=HOSTILE, engine=HOSTILE, results={HOSTILE: HOSTILE}, parameters={}
    )
    model = replace(scenes.MODEL, name=HOSTILE, kind=HOSTILE, uri=f"https://{HOSTILE}")
    events = [scenes.started((HOSTILE,) * 5), scenes.happened("metric", name=HOSTILE, value=1.0)]
    card = scenes.a_card(
        run, events, HOSTILE.encode(), artifacts=(model,), notices=(replace(scenes.SEED, text=HOSTILE),)
    )
    html = html_of(card)
    assert Text(html_of(card)).tags <= TAGS
    assert not re.search(r"<[^>]*\son\w+=[^>]*>", re.sub(r'"[^"]*"', '""', html))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]|javascript:", html)


def test_only_an_address_of_the_web_becomes_a_link():
    """A path or a bucket cannot be followed from a page; `javascript:` must not."""
    hrefs = []
    for uri in ("https://a/m", "http://a/m", "s3://a/m", "/home/a/m", "javascript:alert(1)", "file:///m"):
        card = scenes.a_card(scenes.a_run(), artifacts=(replace(scenes.MODEL, uri=uri),))
        hrefs += re.findall(r'href="([^"]*)"', html_of(card))
    assert hrefs == ["https://a/m", "http://a/m"]


def test_the_dashboard_of_a_runs_own_cluster_is_linked_as_long_as_it_is_there():
    """Whatever a cell makes of that event, it leads nowhere else."""
    address = "http://127.0.0.1:8787/status"
    for told, hrefs in ((address, [address]), ("javascript:alert(1)", [])):
        events = [*scenes.under_way(), scenes.happened("dask_cluster", address="tcp://a:1", dashboard=told)]
        html = html_of(scenes.a_card(scenes.a_run(state=RunState.RUNNING), events))
        assert re.findall(r'href="([^"]*)"', html) == hrefs
    ended = scenes.a_card(scenes.a_run(state=RunState.SUCCEEDED), events)
    assert "dashboard" not in html_of(ended)


def test_a_reader_with_a_better_way_to_the_dashboard_is_led_there_and_sees_its_address():
    """A link through a server's proxy says nothing of where it leads; nothing unsafe becomes one by it."""
    for told, hrefs in (("http://127.0.0.1:8787/status", ["/proxy/8787/status"]), ("javascript:alert(1)", [])):
        events = [*scenes.under_way(), scenes.happened("dask_cluster", address="tcp://a:1", dashboard=told)]
        card = scenes.a_card(scenes.a_run(state=RunState.RUNNING), events)
        html = str(card.bundle(NOW, dashboard_link="/proxy/8787/status")["text/html"])
        assert re.findall(r'href="([^"]*)"', html) == hrefs
        assert told in html


def test_numbers_that_are_none_leave_a_line_whole():
    """NaN and infinities are said, and not drawn."""
    values = (1.0, "NaN", 2.0, "Infinity", 3.0, 1e308, -1e308)
    events = [scenes.happened("metric", name="loss", value=value) for value in values]
    html = str(
        scenes.a_card(scenes.a_run(state=RunState.RUNNING), [scenes.started(), *events]).bundle(NOW)["text/html"]
    )
    points = re.findall(r'points="([^"]*)"', html)
    assert re.fullmatch(r"(\d+,\d+ ?)+", points[0])


def test_a_million_points_are_drawn_as_a_few():
    """The first and the last are among them."""
    events = [scenes.happened("metric", name="loss", value=float(step)) for step in range(30_000)]
    html = str(
        scenes.a_card(scenes.a_run(state=RunState.RUNNING), [scenes.started(), *events]).bundle(NOW)["text/html"]
    )
    points = re.findall(r'points="([^"]*)"', html)[0].split()
    assert (len(points) <= 30, points[0], points[-1]) == (True, "0,20", "100,0")


def test_a_run_that_was_rejected_says_so_without_cells():
    """Nothing was executed: there is no bar, and no cell to name."""
    error = RunError(cls="EngineRejected", fault="request", summary="no such queue `a`", hint="Name a queue.")
    card = scenes.a_card(scenes.a_run(state=RunState.FAILED, error=error, started=None, duration_s=None))
    said = words_of(card)
    assert "train 7f3a91c local failed no such queue a Name a queue." in said
    assert "of 0" not in said
