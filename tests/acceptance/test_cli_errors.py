"""What bad input gets: a message that names the object, a remedy, exit code 2, and nothing written."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.session import write_notebook

REFUSED = [
    (
        "run zzz.ipynb",
        "there is no notebook `zzz.ipynb`",
        "Notebooks in `.` are: broken.ipynb, hello.ipynb, ",
    ),
    ("run x/y.ipynb", "there is no notebook `x/y.ipynb`", "Give the path of a notebook."),
    ("run http://host/x.ipynb::f", "`http://host/x.ipynb::f` is an address", "`curl -LO http://host/x.ipynb`"),
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
    ("run train.ipynb::train --secret A=b", "`--secret A=…` gives something else than a reference", "env:X"),
    ("run train.ipynb::train --define --dry-run", "`--dry-run` changes nothing", "Leave one of them out."),
    ("run train.ipynb::train --input data=x.csv", "has no input `data`", "hint:"),
    ("run train.ipynb::train --input lr=x.csv", "has no input `lr`", "It is a parameter: `-p lr=…`."),
    ("run train.ipynb::train --fail-on accuracy=1", "is not a comparison", "`==`"),
    ("run train.ipynb::train --junit no/such/x.xml", "there is no folder `no/such`", "mkdir -p"),
    ("run train.ipynb::train -f nope.yaml", "`nope.yaml` cannot be read", "hint:"),
    ("run trian", "there is no function `trian`", "hint:"),
    ("run", "`TARGET` is missing", "mlrun-nb run --help"),
    ("show 000000", "there is no run `000000`", "mlrun-nb runs"),
    ("rerun 000000", "there is no run `000000`", "mlrun-nb runs"),
    ("sweep train.ipynb::train more", "more words than the verb takes: `more`", "`mlrun-nb sweep --help`"),
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


def test_a_whole_notebook_without_parameters_says_which_cell_has_them(session):
    """Its first cell declares one already, and lacks the tag."""
    write_notebook(session.folder / "w.ipynb", ["n: int = 1", "print(n)"])
    said = session.type("run", "w.ipynb", "-p", "n=4")
    assert said.code == 2
    assert "unknown parameter of `w`: `n`" in said.err
    assert "of a whole notebook in a cell with the tag `parameters`" in said.err


def test_a_type_that_no_parameter_has_leads_to_a_cell_that_runs(session):
    """What the hint says is enough: no line for it among the parameters, and an input of its name."""
    write_notebook(session.folder / "t.ipynb", ["%%mlrun size --output y\nt: tuple = (1, 2)\ny = len(t)"])
    said = session.type("run", "t.ipynb::size", "--define", COLUMNS="200")
    assert "cannot be of type `tuple`" in said.err
    assert "remove it from the parameters and pass it as an input, `--input t`" in said.err
    write_notebook(session.folder / "t.ipynb", ["%%mlrun size --output y --input t\ny = len(t)"])
    assert session.type("run", "t.ipynb::size", "--define").code == 0


def test_nothing_found_says_how_to_see_more(session):
    """No option is to be left out where none was given."""
    assert "hint: List all runs: `mlrun-nb runs`." in session.type("runs", "nothinglikeit").err
    assert "hint: Leave an option out." in session.type("runs", "--state", "lost").err
    assert "hint: Leave an option or `nothing` out." in session.type("runs", "nothing", "--state", "lost").err


def test_a_bad_setting_is_named_with_its_file(session):
    """The nearest key is offered."""
    (session.folder / "project.yaml").write_text("nmae: x\n")
    said = session.type("runs")
    assert said.code == 2
    assert "unknown key `nmae`" in said.err
    assert "Did you mean `name`?" in said.err


def test_a_setting_that_means_nothing_is_an_error_before_anything_is_done(session):
    """Else there would be no helper, and nobody would know why."""
    path = session.folder / "project.yaml"
    path.write_text("warm: {idle: 10 moons}\n")
    said = session.type("runs")
    assert said.code == 2
    assert said.err.startswith(f"error: `warm:` in `{path}`: `10 moons` is not a duration\nhint: Write ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: x: y\n", "line 1, column 8: mapping values are not allowed here"),
        ("name: x\ndefaults:\n  memory: 'a\n", "line 4, column 1: found unexpected end of stream"),
        ("name: 'caf\xe9'\n", "byte 11 is not UTF-8 text"),
    ],
)
@pytest.mark.parametrize("name", ["project.yaml", "config/mlrun-nb/config.yaml"])
def test_a_broken_file_of_settings_is_named_with_line_and_column(session, name, text, said):
    """The project's as well as the user's own."""
    path = session.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="latin-1")
    told = session.type("runs", XDG_CONFIG_HOME=str(session.folder / "config"))
    assert told.code == 2
    assert f"error: `{path}` cannot be read: {said}\nhint: " in told.err


def test_what_a_hint_says_to_type_can_be_typed(session):
    """A notebook with a blank in its name is the most common reason why it could not."""
    (session.folder / "train.ipynb").rename(session.folder / "my train.ipynb")
    assert "Did you mean `'my train.ipynb'`?" in session.type("run", "my tran.ipynb").err
    assert "Run it: `mlrun-nb run 'my train.ipynb'`." in session.type("show", "my train.ipynb").err
    said = session.type("run", "my train.ipynb::train", "--junit", "new folder/x.xml").err
    assert "Make it: `mkdir -p 'new folder'`." in said


def test_a_store_that_cannot_be_opened_is_exit_code_4(session):
    """Not available is not your fault, and not ours."""
    (session.folder / "home").mkdir()
    (session.folder / "home" / "store.db").mkdir()
    said = session.type("runs")
    assert said.code == 4
    assert "hint: " in said.err


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"no database" * 500])
def test_a_store_that_is_broken_is_set_aside_by_what_is_said(session, damage):
    """And what it had is kept."""
    assert session.type("run", "hello.ipynb").code == 0
    store = session.folder / "home" / "store.db"
    broken = damage(store.read_bytes())
    store.write_bytes(broken)
    said = session.type("runs")
    assert said.code == 4
    command = said.err.replace("\n", " ").partition("hint: ")[2].split("`")[1]
    subprocess.run(shlex.split(command), check=True)
    said = session.type("runs")
    assert said.code == 0, said.err
    assert "No runs yet" in said.err + said.out
    assert store.with_name("store.db.broken").read_bytes() == broken


@pytest.mark.parametrize(
    ("variable", "url", "code", "message", "remedy"),
    [
        ("MLRUN_NB_ARTIFACTS", "gs://bucket", 4, "`gs://bucket` needs gcsfs", "Run `pip install gcsfs`."),
        ("MLRUN_NB_ARTIFACTS", "s4://bucket", 2, "nothing knows `s4:`", "`s3://bucket/folder`"),
        ("MLRUN_NB_ARTIFACTS", "s3:/bucket", 2, "`s3:/bucket` is neither a path nor a URL", "`s3://bucket`"),
        ("MLRUN_NB_STORE", "mysql://host/db", 2, "`mysql` is not a kind of store", "`postgresql://host/database`"),
        ("MLRUN_NB_STORE", "postgresql://host:x/db", 2, "the store's URL cannot be read", "postgresql://host:port"),
    ],
)
def test_a_dry_run_tells_which_places_could_not_be_used(session, variable, url, code, message, remedy):
    """Without a connection to any of them; a real run would be refused just so."""
    said = session.type("run", "hello.ipynb", "--dry-run", **{variable: url})
    assert (said.code, said.out) == (code, "")
    assert message in said.err
    assert remedy in said.err


def test_a_dry_run_connects_to_nothing(session):
    """A server that is away, and a bucket that nobody has made, are no matter of a dry run."""
    places = {"MLRUN_NB_STORE": "postgresql://nobody@127.0.0.1:1/none", "MLRUN_NB_ARTIFACTS": "s3://none/such"}
    assert session.type("run", "hello.ipynb", "--dry-run", **places).code == 0


def test_a_library_that_the_run_brings_need_not_be_here(session):
    """It is the run that opens the place."""
    words = ("run", "hello.ipynb", "--dry-run", "--requirement", "gcsfs>=2025.1")
    assert session.type(*words, MLRUN_NB_ARTIFACTS="gs://bucket").code == 0


def test_a_verb_that_does_not_exist_is_answered_with_the_nearest(session):
    """Also a notebook without `run` before it."""
    assert "Did you mean `mlrun-nb runs`?" in session.type("rums").err
    assert "Did you mean `mlrun-nb run train.ipynb`?" in session.type("train.ipynb").err


@pytest.mark.parametrize("words", [(), ("-f",)])
def test_the_log_of_a_run_whose_folder_was_deleted_is_gone(session, words):
    """It did not print nothing."""
    run = session.type("run", "hello.ipynb", "--json").json["id"]
    shutil.rmtree(session.folder / "home" / "runs")
    said = session.type("logs", "last", *words)
    assert said.code == 2
    assert f"error: the folder of run `{run[:6]}` is gone, and its log with it: " in said.err
    assert f"`mlrun-nb rerun {run[:6]}`" in said.err


def test_a_full_disk_under_the_output_is_told_as_that(session):
    """Not as a bug of ours."""
    with Path("/dev/full").open("w") as full:
        process = session.start("doctor", stdout=full)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "no space is left where the output goes" in said


def test_a_missing_kernel_of_another_language_is_not_to_be_installed_as_pythons(session):
    """Nothing is recorded: it would fail here just as it would later."""
    path = session.folder / "hello.ipynb"
    path.write_text(path.read_text().replace('"python3"', '"ir"').replace('"language": "python"', '"language": "R"'))
    said = session.type("run", "hello.ipynb")
    assert said.code == 2
    assert "error: the kernel `ir` that the notebook names is not installed here; installed: `python3`" in said.err
    assert "hint: Install a kernel for R under this name" in said.err
    assert not (session.folder / "home").exists()


KEYRING = "def get_password(*place): return {('https://host/path', 'ana'): 'hunter2-hunter2'}.get(place)"
LOCKED = "def get_password(*_): raise RuntimeError('the collection is locked')"


def test_a_secret_comes_from_a_keyring(session):
    """Its service may be a URL, and its value is nowhere but in the kernel."""
    (session.folder / "keyring.py").write_text(KEYRING)
    write_notebook(session.folder / "ask.ipynb", ["import os\nprint(len(os.environ['TOKEN']), os.environ['TOKEN'])"])
    words = ("run", "ask.ipynb", "-q", "--secret", "TOKEN=keyring:https://host/path/ana")
    assert session.type(*words, PYTHONPATH=str(session.folder)).code == 0
    assert session.type("logs", "last").out == "15 ***\n"
    kept = [path for path in (session.folder / "home").rglob("*") if path.is_file()]
    assert [path for path in kept if b"hunter2" in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("module", "reference", "message", "hint"),
    [
        (LOCKED, "svc/ana", "the keyring cannot be read: RuntimeError: the collection is locked", "keyring diagnose"),
        (KEYRING, "my svc/ana", "is not in the keyring", "`keyring set 'my svc' ana`"),
        ("import nothing_such", "svc/ana", "needs `keyring`, which is not installed", "-m pip install keyring`"),
    ],
)
def test_a_keyring_that_does_not_give_the_secret_says_why(session, module, reference, message, hint):
    """The run has failed before its first cell, and nobody is to blame but the place."""
    (session.folder / "keyring.py").write_text(module)
    words = ("run", "hello.ipynb", "--secret", f"TOKEN=keyring:{reference}")
    said = session.type(*words, PYTHONPATH=str(session.folder))
    assert said.code == 1
    assert message in " ".join(said.out.split())
    assert hint in " ".join(said.out.split())
