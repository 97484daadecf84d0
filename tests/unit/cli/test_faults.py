"""Errors in words: what happened, what to do, which exit code; never a traceback of ours."""

from __future__ import annotations

import io
import shlex

import pytest

from mlrun_nb import errors
from mlrun_nb.cli.exit_codes import exit_code_of
from mlrun_nb.cli.faults import report
from mlrun_nb.cli.main import group
from mlrun_nb.cli.screen import Screen

FAMILIES = [
    (errors.OptionError("m", hint="h"), 2),
    (errors.EngineRejected("m", hint="h"), 2),
    (errors.EngineUnavailable("m", hint="h"), 4),
    (errors.StoreNewer("m", hint="h"), 4),
    (KeyboardInterrupt(), 130),
    (BrokenPipeError(), 141),
    (ZeroDivisionError(), 3),
    (OSError(), 3),
]


def told(error: BaseException, words: tuple[str, ...] = ()) -> tuple[int, str]:
    """Return exit code and text on stderr for *error*."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    code = report(error, Screen(out, err, {}), words)
    return code, err.buffer.getvalue().decode()


@pytest.mark.parametrize(("error", "code"), FAMILIES)
def test_a_family_of_errors_has_one_exit_code(error, code):
    """The table is what scripts rely on."""
    assert exit_code_of(error) == code


def test_an_error_has_a_hint_line():
    """Both lines can be found with grep."""
    code, text = told(errors.NotFoundError("there is no run `abc`", hint="List the runs with `mlrun-nb runs`."))
    assert (code, text) == (2, "error: there is no run `abc`\nhint: List the runs with `mlrun-nb runs`.\n")


def test_a_bug_of_ours_goes_into_a_file_and_not_on_the_screen(home):
    """The file has the traceback, but none of the values that were typed."""
    try:
        raise ZeroDivisionError("oh")
    except ZeroDivisionError as error:
        code, text = told(error, ("run", "-p", "token=secret"))
    [path] = (home / "mlrun-nb" / "reports").iterdir()
    assert code == 3
    assert str(path) in text
    assert "Traceback" not in text
    assert "Traceback" in path.read_text()
    assert "secret" not in path.read_text().split("Traceback")[0]


WORDS = [
    ("run --memroy 1Gi x", "error: unknown option `--memroy`\nhint: Did you mean `--memory`"),
    ("rnu", "error: there is no verb `rnu`\nhint: Did you mean `mlrun-nb run`?"),
    ("run --frobnicate", "error: unknown option `--frobnicate`\nhint: See `mlrun-nb run --help`."),
    ("'my train.ipynb'", "hint: Did you mean `mlrun-nb run 'my train.ipynb'`?"),
    ("train.ipynb::fit", "hint: Did you mean `mlrun-nb run train.ipynb::fit`?"),
    ("frobnicate", "error: there is no verb `frobnicate`\nhint: Verbs are: run, rerun, sweep, runs, show, "),
    ("run", "error: `TARGET` is missing\nhint: See `mlrun-nb run --help`."),
    ("logs a b", "error: more words than the verb takes: `b`"),
    ("runs --state fail", "error: invalid value for `--state`: `fail` is not one of"),
    ("runs --limit 0", "error: invalid value for `-n` / `--limit`"),
]


@pytest.mark.parametrize(("words", "text"), WORDS)
def test_words_that_click_refuses_are_answered_in_our_style(words, text):
    """With the nearest thing that exists."""
    with pytest.raises(Exception) as caught:  # noqa: PT011  # any of click's
        group.invoke(group.make_context("mlrun-nb", shlex.split(words)))
    code, said = told(caught.value)
    assert code == 2
    assert text in said
