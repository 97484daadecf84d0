"""The small readers: docstrings, annotations, durations, commands."""

from __future__ import annotations

import pytest

from mlrun_nb.imports.annotations import Asked, asked_by
from mlrun_nb.imports.docstrings import Words, words_of
from mlrun_nb.imports.option_values import duration, installed, volumes

SPHINX = """
    Fit.

    :param context:  what it logs with
    :param int epochs: how often,
        at most
    :param lr: how fast
    :type lr: float
    :returns: a model: fitted
"""
GOOGLE = """Fit.

    Args:
        context (MLClientCtx): what it logs with
        epochs (int): how often,
            at most
        *more: further ones

    Returns:
        model: fitted
    """
NUMPY = """
    Fit.

    Parameters
    ----------
    context : MLClientCtx
        what it logs with
    epochs : int, optional
        how often,
        at most

    Returns
    -------
    model : object
        fitted
"""
STYLES = [
    (SPHINX, {"context": Words("", "what it logs with"), "epochs": Words("int", "how often, at most")}),
    (GOOGLE, {"context": Words("MLClientCtx", "what it logs with"), "epochs": Words("int", "how often, at most")}),
    (
        NUMPY,
        {"context": Words("MLClientCtx", "what it logs with"), "epochs": Words("int, optional", "how often, at most")},
    ),
    ("Fit it: epochs times.", {}),
    ("", {}),
]


@pytest.mark.parametrize(("docstring", "words"), STYLES, ids=["sphinx", "google", "numpy", "none", "empty"])
def test_a_docstring_says_what_arguments_are(docstring: str, words: dict[str, Words]):
    """In each of the three ways to write one; what is returned is no argument."""
    found = words_of(docstring)
    assert {name: found[name] for name in words} == words
    assert "model" not in found


ANNOTATIONS = [
    ("int", Asked("parameter", "int")),
    ("Optional[int]", Asked("parameter", "int | None")),
    ("typing.List[str]", Asked("parameter", "list[str]")),
    ("'float'", Asked("parameter", "float")),
    ("Union[str, List[str]]", Asked("parameter")),
    ("Tuple[int, int]", Asked("parameter", "list", "tuple")),
    ("set[str]", Asked("parameter", "list", "set")),
    ("Literal['a', 'b']", Asked("parameter", "Literal['a', 'b']")),
    ("list of str", Asked("parameter")),
    ("", Asked("parameter")),
    ("mlrun.DataItem", Asked("item")),
    ("Union[mlrun.datastore.DataItem, pd.DataFrame]", Asked("item")),
    ("'DataItem'", Asked("item")),
    ("mlrun.MLClientCtx", Asked("context")),
    ("pd.DataFrame", Asked("value")),
    ("List[np.ndarray]", Asked("value")),
    ("Callable[[int], int]", Asked("value")),
]


@pytest.mark.parametrize(("annotation", "asked"), ANNOTATIONS)
def test_an_annotation_says_what_an_argument_is_in_a_run(annotation: str, asked: Asked):
    """A parameter of a type, or of any; an input; the context."""
    assert asked_by(annotation) == asked


@pytest.mark.parametrize(
    ("said", "ours"),
    [("1h 30m", "1h30m"), ("60 minutes", "60m"), (90, "90s"), ("2 days", "2d"), ("-1", ""), ("soon", ""), (None, "")],
)
def test_a_duration_of_mlrun_is_one_of_ours(said: object, ours: str):
    """What means never, or nothing, is none."""
    assert duration(said) == ours


@pytest.mark.parametrize(
    ("command", "requirements"),
    [
        ("pip install -q a>=1 'b[c]'", ["a>=1", "b[c]"]),
        ("python -m pip install --no-cache-dir a", ["a"]),
        ("pip install -r requirements.txt", []),
        ("pip install a && make", []),
        ("apt-get install a", []),
        ("pip install 'a", []),
    ],
)
def test_what_pip_installs_is_a_requirement(command: str, requirements: list[str]):
    """As long as it is nothing else beside it."""
    assert installed(command) == requirements


def test_a_part_of_a_volume_is_not_mounted():
    """It would be all of it."""
    mount = {"name": "v", "mountPath": "/v", "subPath": "a"}
    assert list(volumes([{"name": "v", "emptyDir": {}}], [mount])) == [
        ("v", "", "a part of a volume cannot be mounted")
    ]
