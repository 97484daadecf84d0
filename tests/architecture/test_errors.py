"""The error tree: every error can be shown, sent to another process, and ends with a thing to do."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

import mlrun_nb
from mlrun_nb import errors

Kind = type[errors.MlrunNbError]


def _tree(kind: Kind) -> Iterator[Kind]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


ELSEWHERE = mlrun_nb.RunCancelled  # loaded, so that the tree is whole
pytestmark = pytest.mark.parametrize("kind", list(_tree(errors.MlrunNbError)))


def test_an_error_says_when_it_is_raised(kind: Kind):
    """A docstring of its own, not the parent's."""
    assert kind.__dict__.get("__doc__")


def test_an_error_stands_in_the_tree_and_is_public(kind: Kind):
    """All errors are drawn in one place."""
    assert kind.__name__ in {*errors.__all__, *mlrun_nb.__all__}
    assert kind.__name__ in (errors.__doc__ or "")


def test_an_error_knows_whose_move_it_is(kind: Kind):
    """The exit code is 2 (yours), 3 (ours), 4 (not available), or 1 for what waiting for a run came to."""
    assert kind.exit_code in ({1} if issubclass(kind, errors.WaitError) else {2, 3, 4})


def test_an_error_crosses_a_process_border_whole(kind: Kind):
    """Pickled and read back it has the same type, text and hint."""
    error = kind("`lr` is not a number", hint="Give a number: `-p lr=0.1`.")
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert (copy.args, vars(copy)) == (error.args, vars(error))


def test_an_error_without_a_hint_cannot_be_made(kind: Kind):
    """Every error ends with a thing to do."""
    with pytest.raises(TypeError, match="hint"):
        kind("something happened")  # type: ignore[call-arg]  # that is what is tested


def test_an_error_says_what_to_do_wherever_its_text_is_shown(kind: Kind):
    """In a log, in a plain traceback, in a notebook."""
    error = kind("`lr` is not a number", hint="Give a number: `-p lr=0.1`.")
    assert str(error) == "`lr` is not a number\nhint: Give a number: `-p lr=0.1`."
    assert error._render_traceback_() == [f"{kind.__name__}: `lr` is not a number", "hint: Give a number: `-p lr=0.1`."]
