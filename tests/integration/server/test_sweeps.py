"""A sweep through HTTP: one row of the history, its page, its children in rows and in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mlrun_nb.model.run import Run
from mlrun_nb.stores.opening import open_store
from tests.integration.server.served import Server, make_session, run, running_server
from tests.recorded_sweep import BEST, FAILED, PARENT, end_child, record_sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """A server that shows one sweep of 1500 children, of which 1400 have ended and 4 are at work."""

    server: Server
    children: list[Run]


@pytest.fixture(scope="module")
def swept(warm_exports, tmp_path_factory) -> Iterator[Swept]:
    """Give it."""
    session = make_session(tmp_path_factory.mktemp("swept"), warm_exports)
    store = open_store(f"sqlite:///{session.folder}/home/store.db")
    children = record_sweep(store, "default", children=1500, ended=1400)
    with running_server(session) as server:
        yield Swept(server=server, children=children)
    store.close()


def test_a_sweep_is_one_row_with_its_best_result(swept):
    """Of a sweep under way the result is that of its best child; children are in no list."""
    (row,) = swept.server.get("runs")["items"]
    assert row["sweep"] == {
        "strategy": "random",
        "selector": "max.accuracy",
        "done": 1400,
        "total": 1500,
        "best": swept.children[BEST].id,
    }
    assert (row["result"], row["number"], row["parent"]) == ({"name": "accuracy", "text": "0.99"}, None, None)
    assert (row["progress"]["done"], row["progress"]["total"]) == (1400, 1500)


def test_children_are_listed_when_they_are_asked_for(swept):
    """In the order of their creation, page by page, narrowed by what a person types."""
    first = swept.server.get("runs", parent=PARENT, limit="3")
    second = swept.server.get("runs", parent=PARENT, limit="2", cursor=first["cursor"])
    assert [each["number"] for each in (*first["items"], *second["items"])] == [0, 1, 2, 3, 4]
    assert first["items"][0]["result"]["name"] == "accuracy"
    failed = swept.server.get("runs", parent=PARENT, q="state:failed")["items"]
    assert [each["number"] for each in failed] == list(FAILED)
    assert swept.server.get("runs", q=swept.children[7].id)["items"][0]["number"] == 7


def test_children_come_as_columns_in_parts(swept):
    """A parameter that all have stands once; 1404 children are two answers of less than 150 bytes a child."""
    found = swept.server.ask(f"GET runs/{PARENT}/children")
    first = found.json
    rest = swept.server.get(f"runs/{PARENT}/children", cursor=first["cursor"])
    assert [*first["numbers"], *rest["numbers"]] == list(range(1404))
    assert rest["cursor"] is None
    parameters = {each["name"]: each["values"] for each in first["parameters"]}
    assert (parameters["epochs"], parameters["lr"][:2], parameters["kind"][:2]) == (
        [10],
        [0.001, 0.002],
        ["adam", "sgd"],
    )
    results = {each["name"]: each["values"] for each in first["results"]}
    assert results["accuracy"][FAILED[0]] is None
    assert results["accuracy"][BEST] == 0.99
    assert first["reasons"] == {
        swept.children[number].id: f"{name}: child {number} in `train`"
        for number, name in zip(FAILED, ("ValueError", "MemoryError", "ValueError"), strict=True)
    }
    assert {*rest["states"][400:]} == {"running"}
    assert len(found.body) < 150 * 1000


def test_only_what_may_have_changed_is_asked_again(swept):
    """The second part says before which cursor all have ended; the next look begins there."""
    first = swept.server.get(f"runs/{PARENT}/children")
    assert first["settled"] == first["cursor"]
    rest = swept.server.get(f"runs/{PARENT}/children", cursor=first["cursor"])
    open_ones = swept.server.get(f"runs/{PARENT}/children", cursor=rest["settled"])
    assert open_ones["numbers"] == [1400, 1401, 1402, 1403]
    assert open_ones["settled"] == rest["settled"]
    store = open_store(f"sqlite:///{swept.server.session.folder}/home/store.db")
    end_child(store, swept.children[1400])
    store.close()
    again = swept.server.get(f"runs/{PARENT}/children", cursor=rest["settled"])
    assert again["states"][0] == "succeeded"
    left = swept.server.get(f"runs/{PARENT}/children", cursor=again["settled"])
    assert left["numbers"] == [1401, 1402, 1403]


def test_a_run_without_children_has_an_empty_table(swept):
    """It is not an error to ask."""
    found = swept.server.get(f"runs/{swept.children[0].id}/children")
    assert (found["ids"], found["parameters"], found["cursor"], found["settled"]) == ([], [], None, None)


def test_the_page_of_a_sweep_says_how_it_stands(swept):
    """Counts, the best child with what the sweep chose for it, failures in groups."""
    sweep = swept.server.get(f"runs/{PARENT}")["sweep"]
    assert (sweep["result"], sweep["direction"]) == ("accuracy", "max")
    assert sweep["counts"]["failed"] == 3
    assert sweep["counts"]["running"] + sweep["counts"]["succeeded"] == 1401
    assert {"name": "strategy", "text": "random, seed 1"} in sweep["facts"]
    assert sweep["best"]["number"] == BEST
    assert sweep["best"]["parameters"] == [{"name": "lr", "text": "0.013"}, {"name": "kind", "text": "adam"}]
    assert [(each["children"], each["first"]["number"]) for each in sweep["failures"]] == [(2, 3), (1, 5)]


def test_the_page_of_a_child_names_its_sweep(swept):
    """And whether it is the best one."""
    pages = [swept.server.get(f"runs/{swept.children[number].id}") for number in (BEST, BEST + 1)]
    assert pages[0]["parent"] == {"id": PARENT, "strategy": "random", "total": 1500, "is_best": True}
    assert [page["parent"]["is_best"] for page in pages] == [True, False]
    assert [page["run"]["number"] for page in pages] == [BEST, BEST + 1]
    assert pages[0]["sweep"] is None


def test_charts_are_a_bounded_part_of_the_children(swept):
    """However many there are: what is drawn says of how many it is, and what is told of all is told of all."""
    found = swept.server.ask(f"GET runs/{PARENT}/charts?limit=100")
    charts = found.json
    assert (charts["total"], len(charts["ids"])) == (1404, 100)
    assert charts["compared"] >= 1400 - len(FAILED)
    assert (charts["result"], charts["direction"], charts["results"]) == ("accuracy", "max", ["loss", "accuracy"])
    assert charts["steps"][-1] == {"id": swept.children[BEST].id, "number": BEST, "value": 0.99}
    rate, kind = charts["parameters"]
    assert (rate["name"], kind["name"]) == ("lr", "kind")
    assert rate["importance"] > 0.9
    assert kind["importance"] < 0.1
    failed = [index for index, state in enumerate(charts["states"]) if state == "failed"]
    assert [charts["numbers"][index] for index in failed] == list(FAILED)
    assert {charts["values"][index] for index in failed} == {None}
    assert len(found.body) < 12_000


def test_charts_show_another_result_when_they_are_asked_to(swept):
    """Which way it is better nobody has said."""
    charts = swept.server.get(f"runs/{PARENT}/charts", result="loss", limit="10")
    assert (charts["result"], charts["direction"], charts["steps"]) == ("loss", "", [])
    assert charts["values"][0] is not None


def test_a_run_becomes_a_sweep_and_is_swept_again_around_the_best(worked):
    """What varies is text, as on a line; what is proposed around the best child can be sent as it is."""
    body = {"sweep": "lr=uniform(0.1,0.9)", "max_runs": 2}
    swept = worked.server.ask(f"POST runs/{worked.second}/rerun", body)
    assert swept.status == 201, swept.body
    first = swept.json["id"]
    worked.server.wait_for_state(first, "succeeded")
    refused = worked.server.ask(f"GET runs/{first}/around")
    assert (refused.status, "--maximize" in refused.json["hint"]) == (400, True)
    goal = worked.server.ask(f"POST runs/{first}/rerun", {"sweep": "nonsense"})
    assert (goal.status, "nonsense" in goal.json["detail"]) == (400, True)


def test_the_space_around_the_best_child_is_swept(worked):
    """The function, the goal and the seed stay; the narrower space lies in the one before."""
    session = worked.server.session
    first = run(
        session, "train.ipynb::train", "--sweep", "lr=uniform(0.1,0.9)", "--max-runs", "3", "--maximize", "accuracy"
    )
    found = worked.server.get(f"runs/{first}/around")
    assert found["command"] == f"mlrun-nb rerun {first[:6]} --sweep"
    assert (found["max_runs"], found["number"] in {0, 1, 2}) == (3, True)
    low, high = (float(each) for each in found["space"].removeprefix("lr=uniform(").removesuffix(")").split(","))
    assert 0.1 <= low < high <= 0.9
    again = worked.server.ask(f"POST runs/{first}/rerun", {"sweep": found["space"], "max_runs": 2}).json["id"]
    worked.server.wait_for_state(again, "succeeded")
    children = worked.server.get(f"runs/{again}/children")
    assert len(children["ids"]) == 2
    rates = next(each["values"] for each in children["parameters"] if each["name"] == "lr")
    assert all(low <= rate <= high for rate in rates)
