"""Composing: a version as an ordinary notebook."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from mlrun_nb.model.function import CellOrigin, SourceCell, Version
from mlrun_nb.notebook import compose as composing
from mlrun_nb.notebook.cells import Captured, Cell
from mlrun_nb.notebook.source_map import original_cell, original_line
from tests.unit.notebook.notebooks import notebook_version, version

CAPTURED = Captured(
    cells=(
        SourceCell(role="setup", source="import numpy as np\nnp.random.seed(0)"),
        SourceCell(role="definition", source="def fit(x): return x\n\nclass A: pass"),
    ),
    origins=(CellOrigin(index=1, id="one", lines=(1, 2)), CellOrigin(index=2, id="two", lines=(3, 4, 8))),
)

TRAIN = "%%mlrun train -i df -i holdout -o model -o accuracy\nlr: float = 0.1\nn: int\n\nmodel = fit(df)\naccuracy = lr"

DEF = """\
%%mlrun train -i df
# why
async def fit(df, a: int, /, when: datetime = None, *, p: Path = 'x', n=g()):
    return 1"""

PREPARE_TRAIN = """\
lr = float(lr)
from mlrun_nb.runner.inside import load_inputs as _load_inputs
df, holdout = _load_inputs("df", "holdout", given=globals())"""

PREPARE_DEF = """\
from datetime import datetime as _datetime
from pathlib import Path as _Path
when = None if when is None else _datetime.fromisoformat(str(when))
p = _Path(p)
from mlrun_nb.runner.inside import load_inputs as _load_inputs
df, = _load_inputs("df", given=globals())"""

SAVE = """\
import os as _os
if "MLRUN_NB_RUN" in _os.environ:
    from mlrun_nb.runner.inside import save_outputs as _save_outputs
    _save_outputs({names}, namespace=globals())"""


def compose(made: Version, **more) -> Any:
    """Return the composed notebook, typed so that a test can look into its JSON."""
    return composing.compose(made, **more)


def sources(composed) -> list[tuple[str, str]]:
    """Return role and text of each cell."""
    return [(cell["metadata"]["mlrun_nb"]["role"], cell["source"]) for cell in composed["cells"]]


def test_cells_come_in_the_order_in_which_they_must_run():
    """Values are injected behind `parameters`; what depends on injected values stands behind that."""
    assert sources(compose(version(TRAIN, CAPTURED))) == [
        ("setup", "import numpy as np\nnp.random.seed(0)"),
        ("definition", "def fit(x): return x\n\nclass A: pass"),
        ("parameters", "lr: float = 0.1\nn: int"),
        ("prepare", PREPARE_TRAIN),
        ("body", "model = fit(df)\naccuracy = lr"),
        ("save", SAVE.format(names='"model", "accuracy"')),
    ]


def test_a_def_is_called_with_its_parameters_and_inputs():
    """Its parameters cell is made from the signature; types that need an import are not evaluated there."""
    assert sources(compose(version(DEF))) == [
        ("parameters", 'a: int\nwhen: "datetime | None" = None\np: "Path" = \'x\'\nn = g()'),
        ("prepare", PREPARE_DEF),
        ("body", DEF.partition("\n")[2]),
        ("body", "result = await fit(df, a, when=when, p=p, n=n)"),
        ("save", SAVE.format(names='"result"')),
    ]


TYPED = {
    "x: int = 1": "",
    "x: list[str] = []": "",
    "x: float | None = None": "x = None if x is None else float(x)",
    "x: list[list[float]] = []": "x = [[float(_item) for _item in _item] for _item in x]",
    "x: dict[str, float | None] = {}": (
        "x = {_key: None if _item is None else float(_item) for _key, _item in x.items()}"
    ),
}


@pytest.mark.parametrize(("declaration", "expected"), TYPED.items())
def test_only_types_that_json_cannot_hold_are_made_again(declaration, expected):
    """No cell is added where there is nothing to do."""
    prepare = [
        text for role, text in sources(compose(version(f"%%mlrun t\n{declaration}\ny = x"))) if role == "prepare"
    ]
    assert prepare == ([expected] if expected else [])


def test_generated_typing_gives_each_value_its_type_back():
    """JSON values, values that have the type already, and None."""
    composed = compose(version(f"%%mlrun t\n{';'.join(TYPED)};when: datetime;p: list[Path]\ny = x"))
    prepare = dict(sources(composed))["prepare"]
    space: dict[str, object] = {"x": {"a": 1, "b": None, "c": "NaN"}, "when": "2024-05-31T12:00", "p": ["a"]}
    for _ in range(2):
        exec(prepare, space)
    assert (repr(space["x"]), str(space["when"])) == ("{'a': 1.0, 'b': None, 'c': nan}", "2024-05-31 12:00:00")
    assert repr(space["p"]) == "[PosixPath('a')]"


def test_a_composed_notebook_is_valid_and_the_same_each_time():
    """The format's own schema is the judge; ids are not random."""
    for made in (version(TRAIN, CAPTURED), version(DEF), notebook_version("x = 1", "y = 2")):
        composed = compose(made)
        nbformat.validate(nbformat.from_dict(composed))
        assert json.dumps(composed) == json.dumps(compose(made))
        assert len({cell["id"] for cell in composed["cells"]}) == len(composed["cells"])


def test_cells_have_names_for_people():
    """Progress and messages speak of these."""
    names = [cell["metadata"]["mlrun_nb"]["name"] for cell in compose(version(TRAIN, CAPTURED))["cells"]]
    assert names == ["setup", "fit, A", "parameters", "load inputs", "train", "save outputs"]


def test_lines_lead_back_to_the_notebook():
    """Also where captured lines do not stand one below the other; generated code has no origin."""
    cells = compose(version(TRAIN, CAPTURED))["cells"]
    assert [original_cell(cell) for cell in cells] == [1, 2, 0, None, 0, None]
    assert [original_line(cells[1], line) for line in (1, 3, 4)] == [3, 8, None]
    assert TRAIN.split("\n")[original_line(cells[4], 2) - 1] == "accuracy = lr"
    assert original_line(cells[5], 1) is None
    assert original_cell({"cell_type": "code"}) is original_line({"cell_type": "code"}, 1) is None


def test_the_call_of_a_def_belongs_to_its_cell_and_stands_on_none_of_its_lines():
    """A traceback may not show code at a line where nobody wrote it."""
    call = next(cell for cell in compose(version(DEF))["cells"] if "await fit(" in cell["source"])
    assert (original_cell(call), original_line(call, 1)) == (0, None)


def test_only_wanted_inputs_are_loaded():
    """A run may have fewer than the function names."""
    assert (
        'df, = _load_inputs("df", given' in dict(sources(compose(version(TRAIN, CAPTURED), inputs=["df"])))["prepare"]
    )
    assert dict(sources(compose(version(TRAIN, CAPTURED), inputs=[])))["prepare"] == "lr = float(lr)"


def whole(*, language: str = "python"):
    """Return a notebook with prose, a parameters cell, and options that ask for an output."""
    return notebook_version(
        Cell(index=0, kind="markdown", source="# Report", id="m"),
        Cell(index=1, kind="code", source="#| mlrun.output: score\nlr = 0.1", tags=("parameters",), id="p"),
        Cell(index=2, kind="code", source="score = 1", id="s", tags=("raises-exception",)),
        Cell(index=3, kind="code", source="print(score)"),
        language=language,
    )


def test_a_whole_notebook_stays_as_it_is_but_for_what_is_needed():
    """Ids, tags and prose are kept; typing stands behind the injected cell, saving at the end."""
    composed = compose(whole())
    assert [(cell["cell_type"], cell["id"]) for cell in composed["cells"]] == [
        ("markdown", "m"),
        ("code", "p"),
        ("code", "mlrun-prepare-1"),
        ("code", "s"),
        ("code", "mlrun-body-2"),
        ("code", "mlrun-save-1"),
    ]
    assert composed["cells"][3]["metadata"]["tags"] == ["raises-exception"]
    names = [cell["metadata"]["mlrun_nb"]["name"] for cell in composed["cells"]]
    assert names == ["Report", "parameters", "prepare", "Report (2)", "Report (3)", "save outputs"]


def test_nothing_is_added_to_a_notebook_of_another_language():
    """Generated code is Python."""
    composed = compose(whole(language="R"))
    assert [cell["metadata"]["mlrun_nb"]["role"] for cell in composed["cells"]] == [
        "markdown",
        "parameters",
        "body",
        "body",
    ]
    assert composed["metadata"]["language_info"] == {"name": "R"}


def test_the_notebook_names_kernel_function_and_version():
    """An executed notebook says what it is."""
    made = version(TRAIN, CAPTURED)
    metadata = compose(made)["metadata"]
    assert metadata["kernelspec"] == {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    assert metadata["mlrun_nb"] == {"format": 1, "function": "train", "version": made.hash}
