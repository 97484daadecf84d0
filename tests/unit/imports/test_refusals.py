"""What cannot be imported is refused in words: which file, what is wrong with it, what to do."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from mlrun_nb.errors import HubError, MlrunNbError, NotFoundError, OptionError
from mlrun_nb.imports.document import MOST_BYTES
from mlrun_nb.services.import_places import find_place
from mlrun_nb.services.imports import import_from, put
from tests.unit.imports.cases import document, import_text, imported

ENCODED = base64.b64encode(b"def f():\n    pass\n").decode()

DOCUMENTS = [
    (b"kind: [job", "`function.yaml` cannot be read as YAML: line 1, column"),
    (b"\xff\xfe\x00", "is not UTF-8 text (byte 0)"),
    (b"- kind: job", "is no function of MLRun: it is no mapping"),
    (b"", "is no function of MLRun: it is no mapping"),
    (b"kind: job\nmetadata: {name: x}\n", "is no function of MLRun: it has no `spec`"),
    (b"kind: job\n---\nkind: job\n", "cannot be read as YAML: line 2"),
    (b"kind: !!python/object/apply:os.getcwd []\n", "could not determine a constructor for the tag"),
    (b"kind: !mine job\n", "could not determine a constructor for the tag '!mine'"),
    (b"kind: Deployment\nspec: {a: 1}\n", "is of kind `deployment`, which is none of MLRun's functions"),
    (b"kind: project\nspec: {a: 1}\n", "is of kind `project`, which is no function that runs and ends"),
    (b"kind: application\nspec: {a: 1}\n", "is of kind `application`, which is no function that runs and ends"),
    (b"kind: job\nspec: {image: x}\n", "has no code and names no file with it"),
    (b"kind: job\nspec: {filename: gone.py}\n", "there is no `gone.py`"),
    (b"kind: job\nspec: {filename: ../up.py}\n", "names `../up.py` as its code, which is no file beside it"),
    (b"kind: job\nspec: {filename: /etc/x.py}\n", "names `/etc/x.py` as its code, which is no file beside it"),
    (b"kind: nuclio\nspec: {filename: main.go}\n", "is `main.go`, which is not Python"),
    (b"kind: job\nspec: {filename: train.ipynb}\n", "the code of `function.yaml` is the notebook `train.ipynb`"),
    (b"kind: job\nspec: {build: {functionSourceCode: 'def f(): pass'}}\n", "is not base64"),
    (b"kind: job\nspec: {build: {functionSourceCode: abc}}\n", "is not base64: Incorrect padding"),
    (b"kind: job\nspec: {build: {functionSourceCode: [1]}}\n", "is no text"),
    (b"kind: job\nspec: {build: {functionSourceCode: /w==}}\n", "is not UTF-8 text (byte 0)"),
    (
        b"kind: job\nspec: {build: {functionSourceCode: AA==}}\n",
        "is not Python: source code string cannot contain null",
    ),
    (b"kind: job\nspec: {build: {functionSourceCode: Cgo=}}\n", "of `function.yaml` is empty"),
    (document("print 'two'\n"), "is not Python, line 1: Missing parentheses"),
    (document("x = 1\ndef f(:\n"), "is not Python, line 2"),
    (
        document("def train():\n    pass\n", default_handler="trian"),
        "the code of `function.yaml` has no handler `trian`",
    ),
    (document("x = 1\n"), "defines no function and does nothing"),
    (document("def a():\n    pass\ndef b():\n    pass\n"), "states no handler, and its code has several functions"),
    (b"a: " + b"[" * 5000, "it is nested too deeply"),
    (b"kind: job\nspec: {d: 2024-99-01}\n", "it holds a date or number that there is not"),
    (b"x" * (MOST_BYTES + 1), "`function.yaml` has more than 4 MiB"),
]


@pytest.mark.parametrize(("data", "message"), DOCUMENTS, ids=[message[:40] for _, message in DOCUMENTS])
def test_a_document_that_cannot_be_imported_is_named_with_the_reason(data: bytes, message: str):
    """And nothing is made of it."""
    with pytest.raises(HubError) as caught:
        import_text(data)
    assert message in caught.value.message
    assert "function.yaml" in caught.value.message or "gone.py" in caught.value.message
    assert caught.value.hint.endswith((".", "`"))


def test_a_handler_that_is_not_there_is_answered_with_those_that_are():
    """The nearest first."""
    data = document("def train():\n    pass\n\n\nclass Model:\n    def fit(self):\n        pass\n")
    with pytest.raises(HubError) as caught:
        import_text(data, handler="trian")
    assert caught.value.hint == "Did you mean `--handler train`? Handlers are: train, Model.fit."


def test_what_the_code_does_is_not_done(tmp_path: Path):
    """It is parsed, whatever stands at its top, in its defaults and decorators."""
    mark = tmp_path / "done"
    code = f"open({str(mark)!r}, 'w').close()\n\n\ndef f(x=open({str(mark)!r}, 'w')):\n    return x\n"
    assert import_text(document(code), handler="f").handler == "f"
    assert not mark.exists()


def files(folder: Path) -> None:
    """Put a function in *folder* whose code lies outside of it, behind a link."""
    inner = folder / "inner"
    inner.mkdir()
    (folder / "outside.py").write_text("def f():\n    pass\n")
    (inner / "f.py").symlink_to(folder / "outside.py")
    (inner / "function.yaml").write_text("kind: job\nmetadata: {name: f}\nspec: {filename: f.py}\n")
    (inner / "huge.yaml").write_bytes(b" " * (MOST_BYTES + 1))
    (inner / "empty").mkdir()
    (inner / "missing.yaml").write_text("kind: job\nmetadata: {name: f}\nspec: {filename: g.py}\n")


PLACES = [
    ("inner", HubError, "names `f.py`, which leads out of its folder"),
    ("inner/huge.yaml", HubError, "has more than 4 MiB"),
    ("inner/empty", NotFoundError, "has no `function.yaml` and no `item.yaml`"),
    ("inner/missing.yaml", HubError, "there is no such file beside it"),
    ("inner/nowhere.yaml", NotFoundError, "there is no file"),
]


@pytest.mark.parametrize(("place", "kind", "message"), PLACES)
def test_a_place_that_cannot_be_read_is_named(tmp_path: Path, place: str, kind: type[MlrunNbError], message: str):
    """A link is no way out of a folder either."""
    files(tmp_path)
    with pytest.raises(kind) as caught, find_place(str(tmp_path / place)) as found:
        import_from(found)
    assert message in caught.value.message


def test_what_is_there_stays_unless_it_is_said(tmp_path: Path):
    """A notebook of somebody's is not ours to replace."""
    found = imported("shares")
    path = tmp_path / "mine.ipynb"
    path.write_text("mine")
    with pytest.raises(OptionError, match="is there already"):
        put(found, path, tmp_path, force=False)
    assert path.read_text() == "mine"
    put(found, path, tmp_path, force=True)
    assert "shares_of" in path.read_text()


@pytest.mark.parametrize(("name", "message"), [("x.txt", "is no notebook"), ("gone/x.ipynb", "cannot be written")])
def test_a_target_that_cannot_be_is_refused(tmp_path: Path, name: str, message: str):
    """With a name that can."""
    with pytest.raises(OptionError, match=message):
        put(imported("shares"), tmp_path / name, tmp_path, force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_form_that_cannot_hold_the_code_is_refused(tmp_path: Path):
    """Lines that begin a cell there would take it apart."""
    found = import_text(document('def f():\n    pass\n\n\n# %% a mark of an editor\nX = """\n# %%\n"""\n'), handler="f")
    with pytest.raises(HubError, match="cannot hold this code"):
        put(found, tmp_path / "x.py", tmp_path, force=False)
    assert put(found, None, tmp_path, force=False).name == "made.ipynb"
