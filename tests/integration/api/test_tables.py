"""Histories and differences, as tables and as what a notebook shows."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mlrun_nb as mn
from mlrun_nb.errors import NotFoundError, OptionError, UsageError


@pytest.fixture
def three(desk) -> list[mn.Run]:
    """Return two runs of `train`, the later one with a label, and one of `odd`."""
    train = mn.get_function("train.ipynb::train")
    labelled = train.with_options(label={"team": "risk"})
    return [train.run(), labelled.run(lr=0.3), mn.run("train.ipynb::odd")]


def test_runs_are_a_sequence_newest_first_and_can_be_narrowed(three):
    """By function, state, label and age; each item is a run."""
    first, second, odd = three
    assert list(mn.runs()) == [odd, second, first]
    assert list(mn.runs("train")) == list(mn.get_function("train").runs()) == [second, first]
    assert list(mn.runs(mn.get_function("odd"))) == [odd]
    assert list(mn.runs(label={"team": "risk"})) == [second]
    assert list(mn.runs(state=["failed", "lost"])) == []
    assert list(mn.runs(since="1h", limit=2)) == [odd, second]
    assert (list(mn.runs()[1:]), mn.runs()[-1], len(mn.runs()), first in mn.runs()) == ([second, first], first, 3, True)


def test_a_table_shows_what_the_command_line_shows(three):
    """In a terminal as text, in a notebook as HTML beside it."""
    table = mn.runs("train")
    assert "accuracy 0.9667 · lr=0.1" in repr(table)
    bundle = table[:1]._repr_mimebundle_()
    assert "lr=0.3" in bundle["text/plain"]
    assert "lr=0.1" not in bundle["text/plain"]
    assert bundle["text/html"].startswith("<pre")


def test_a_table_becomes_a_data_frame(three):
    """Parameters and results are columns of their own; NaN is NaN."""
    frame = mn.runs().to_pandas()
    assert list(frame["function"]) == ["odd", "train", "train"]
    assert frame["parameters.lr"].dropna().tolist() == [0.3, 0.1]
    assert frame["results.worst"].isna().all()
    assert mn.functions().to_pandas()["runs"].tolist() == [1, 2]
    assert mn.get_function("train").versions().to_pandas()["tags"].tolist() == [["latest"]]
    assert three[2].metrics.to_pandas()[["name", "step"]].values.tolist() == [["loss", step] for step in range(4)]


def test_without_pandas_the_error_says_what_to_install(desk):
    """Everything else works without it."""
    code = (
        "import sys; sys.modules['pandas'] = None\nimport mlrun_nb as mn\nprint(len(mn.runs()))\nmn.runs().to_pandas()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "0\n"
    assert done.stderr.endswith("a data frame needs pandas, which is not here\nhint: Run `pip install pandas`.\n")


def test_metrics_are_a_table_by_name(three):
    """A line for each series."""
    metrics = three[2].metrics
    assert [point.step for point in metrics["loss"]] == [0, 1, 2, 3]
    assert repr(metrics) == "loss  4 points  first 1  least 0.3333  most 1  last NaN"
    with pytest.raises(NotFoundError, match="no metric `los`") as caught:
        metrics["los"]
    assert caught.value.hint == "Did you mean `loss`?"


def test_runs_and_versions_are_compared(three):
    """As text, as HTML, and by name."""
    first, second, odd = three
    found = mn.compare(first, second)
    assert found.parameters == {"lr": (0.1, 0.3)}
    assert found.results["accuracy"] == (pytest.approx(0.9667, abs=1e-4), pytest.approx(0.9))
    assert (found.summary, found.code) == ("lr 0.1 → 0.3", "")
    assert "lr  0.1  →  0.3" in repr(found)
    assert mn.compare(first.id[:6], "last").summary == mn.compare(first, odd).summary
    assert mn.compare("train", "odd").code
    with pytest.raises(UsageError, match="are a run and a version"):
        mn.compare(first, "train")


# (what is asked; error and message)
ASKED = [
    ({"state": "sucess"}, OptionError, "`sucess` is not a state"),
    ({"function": "trian"}, NotFoundError, "no function `trian`"),
    ({"since": "soon"}, OptionError, "soon"),
]


@pytest.mark.parametrize(("asked", "error", "message"), ASKED)
def test_what_cannot_be_listed_is_an_error_with_a_hint(three, asked, error, message):
    """The nearest name, or the form that a value has."""
    with pytest.raises(error, match=message) as caught:
        mn.runs(**asked)
    assert caught.value.hint


def test_every_object_shows_itself(three):
    """A line as text in a list, all there is to see at the end of a cell; nothing in HTML is left unescaped."""
    run, train = three[0], mn.get_function("train")
    assert repr(run) == f"<Run {run.id[:6]} of train@{run.version[:7]}: succeeded in {repr(run).split(' in ')[1]}"
    assert repr(train) == f"<Function train@{train.version[:7]}(lr: float = 0.1, epochs: int = 2)>"
    for shown in (run, train, mn.functions(), train.versions(), mn.compare(run, three[1]), run.metrics):
        bundle = shown._repr_mimebundle_(include=None, exclude=None)
        assert set(bundle) == {"text/plain", "text/html"}
        assert "<script" not in bundle["text/html"]
    assert "epochs" in train._repr_mimebundle_()["text/plain"]
    assert run.log()._repr_mimebundle_() == {"text/plain": "fitting\n"}
