"""What bad input gets: a message that names the object, a remedy, exit code 2, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

REFUSED = [
    ("run x/y.ipynb", "there is no notebook `x/y.ipynb`", "Give the path of a notebook."),
    ("run hallo.ipynb", "there is no notebook `hallo.ipynb`", "Did you mean `hello.ipynb`?"),
    ("run broken.ipynb", "broken.ipynb`", "hint:"),
    ("run train.ipynb::trian", "`train.ipynb` has no function `trian`", "Did you mean `train`?"),
    ("run train.ipynb::lacking", "never_defined", "hint:"),
    ("run train.ipynb::train -p lrr=1", "unknown parameter of `train`: `lrr`", "Did you mean `lr`?"),
    ("run train.ipynb::train -p lr=high", "parameter `lr` is `float` and cannot be `high`", "-p lr=0.1"),
    ("run train.ipynb::train --memory 16GiB", "`16GiB` is not a Kubernetes quantity", "`16Gi`"),
    ("run train.ipynb::train --memroy 1Gi", "unknown option `--memroy`", "Did you mean `--memory`"),
    ("run train.ipynb::train --on moon", "there is no engine or profile `moon`", "Engines are:"),
    ("run train.ipynb::train --tag a/b", "`a/b` cannot be a tag", "letters"),
    ("run train.ipynb::train --secret A=b", "`b` is not a reference to a secret", "env:X"),
    ("run train.ipynb::train --define --dry-run", "`--dry-run` changes nothing", "Leave one of them out."),
    ("run train.ipynb::train --input data=x.csv", "has no input `data`", "hint:"),
    ("run train.ipynb::train --fail-on accuracy=1", "is not a comparison", "`==`"),
    ("run train.ipynb::train --junit no/such/x.xml", "there is no folder `no/such`", "mkdir -p"),
    ("run train.ipynb::train -f nope.yaml", "`nope.yaml` cannot be read", "hint:"),
    ("run trian", "there is no function `trian`", "hint:"),
    ("run", "`TARGET` is missing", "mlrun-nb run --help"),
    ("show 000000", "there is no run `000000`", "mlrun-nb runs"),
    ("rerun 000000", "there is no run `000000`", "mlrun-nb runs"),
    ("cancel last", "the project has no runs yet", "mlrun-nb run"),
    ("gc", "`gc` needs to know what to keep", "--keep 20"),
    ("gc --older-than old", "`old` is not a duration", "hint:"),
]


@pytest.mark.parametrize(("words", "message", "remedy"), REFUSED)
def test_bad_input_is_named_and_answered_with_a_remedy(session, words, message, remedy):
    """Stdout stays empty, and no run is recorded."""
    (session.folder / "broken.ipynb").write_text("{not json")
    said = session.type(*words.split())
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert remedy in said.err
    assert said.err.startswith("error: ")
    assert not list(session.folder.glob("home/runs/*/*"))


def test_a_bad_setting_is_named_with_its_file(session):
    """The nearest key is offered."""
    (session.folder / "project.yaml").write_text("nmae: x\n")
    said = session.type("runs")
    assert said.code == 2
    assert "unknown key `nmae`" in said.err
    assert "Did you mean `name`?" in said.err


def test_a_store_that_cannot_be_opened_is_exit_code_4(session):
    """Not available is not your fault, and not ours."""
    (session.folder / "home").mkdir()
    (session.folder / "home" / "store.db").mkdir()
    said = session.type("runs")
    assert said.code == 4
    assert "hint: " in said.err


def test_a_verb_that_does_not_exist_is_answered_with_the_nearest(session):
    """Also a notebook without `run` before it."""
    assert "Did you mean `mlrun-nb runs`?" in session.type("rums").err
    assert "Did you mean `mlrun-nb run train.ipynb`?" in session.type("train.ipynb").err


def test_a_full_disk_under_the_output_is_told_as_that(session):
    """Not as a bug of ours."""
    with Path("/dev/full").open("w") as full:
        process = session.start("doctor", stdout=full)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "no space is left where the output goes" in said
