"""What cannot be captured: an error before anything is submitted, which names it all and says what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pytest

from mlrun_nb.errors import CaptureError
from mlrun_nb.notebook.capture import capture
from mlrun_nb.notebook.cells import Captured, Cell, Notebook
from mlrun_nb.notebook.unrun import Unrun
from tests.unit.notebook.corpus import cells


def source_of(captured: Captured) -> str:
    """Return all captured source."""
    return "\n".join(cell.source for cell in captured.cells)


def error_of(
    body: str,
    above: Iterable[Cell],
    *,
    inputs: Collection[str] = (),
    live: Mapping[str, object] | None = None,
    unrun: Unrun | None = None,
) -> CaptureError:
    """Return the error that capturing *body* raises."""
    with pytest.raises(CaptureError) as caught:
        capture(body, list(above), given=inputs, live=live, unrun=unrun, where="`train`")
    return caught.value


DATA = [
    # what makes `x`, and a word of the reason
    ("import pandas as pd\nx = pd.read_csv('a.csv')", "pd.read_csv"),
    ("x = 1\nx += 1", "`x` is changed by an operator"),
    ("x = {}\nx['a'] = 1", "`x` is changed by assigning to an item in cell 1, line 2"),
    ("x = {}\ndef f(): x['a'] = 1\nf()", "changed by assigning to an item in `f` (cell 1, line 2), called in cell 1"),
    ("x = {}\ndef f(): x['a'] = 1\ndef g(y=f()): pass", "changed by assigning to an item in `f` (cell 1, line 2)"),
    ("x = {}\ndef f(): x['a'] = 1\nclass A:\n    y = f()", "changed by assigning to an item in `f` (cell 1, line 2)"),
    ("x = {}\ndef f(): x['a'] = 1\nf()\ndef f(): pass", "changed by assigning to an item in `f` (cell 1, line 2)"),
    ("x = 0\ndef f():\n    global x\n    x = 1\ny = map(f)", "`global`"),
    ("x = []\ndef f(): x.append(1)\ndef g(): f()\nfor i in 'ab': print(g())", "`append` in `f`"),
    ("x = []\nclass A:\n    def m(self): x.append(1)\na = A()", "`append` in `A`"),
    ("x = [2, 1]\nx.sort()", "`x` is changed by a call of `sort` in cell 1, line 2"),
    ("x = [2, 1]\nlast = x.pop()", "a call of `pop`"),
    ("x = {}\nfor i in 'ab': x.setdefault(i, []).append(i); x.update(a=1)", "a call of `update`"),
    ("x = []\ndef log(row, to): to.append(row)\nlog(1, x)", "`x` is changed by a call of `log` in cell 1, line 3"),
    ("x = {'a': []}\ndef log(to): to['a'] = 1\ny = [log(to=x['a'])]", "a call of `log`"),
    ("x = [{}]\nfor row in x: row['a'] = 1", "`x` is changed by way of its items"),
    ("x = {'a': []}\nfor _, row in x.items():\n    if row: row.append(1)", "way of its items"),
    ("x = [[]]\nfor i, row in enumerate(x): row[0] = i", "way of its items"),
    ("from random import shuffle\nx = [2, 1]\nshuffle(x)", "a call of `shuffle`"),
    ("x = 1\nx = 2", "bound 2 times"),
    ("x = [1]\ndel x[0]", "item"),
    ("import types\nx = types.SimpleNamespace\nx.a = 1", "attribute"),
    ("for x in range(3): pass", "loop"),
    ("with open('f') as x: pass", "`with`"),
    ("while (x := next(iter([]), None)): pass", "loop"),
    ("match 1:\n    case x: pass", "`match`"),
    ("x = (i for i in range(3))", "iterator"),
    ("x = zip('ab', 'cd')", "iterator"),
    ("y = object()\nx = [y]", "made of `y`"),
    ("y = object()\nx = [y for z in 'ab']", "made of `y`"),
    ("y = object()\nx = y.name", "made of `y`"),
    ("x = [open(i) for i in 'ab']", "`open(…)`"),
    ("x = 'a b'.evaluate()", "call"),
    ("import os\nx = os.environ.get('A')", "`os.environ.get(…)`"),
    ("class A: ...\nx = A()", "`A(…)`"),
    ("%time x = 1", "`%time x = 1`"),
    ("x = !ls", "`x = !ls`"),
    ("%%capture x\nprint(1)", "`%%capture x`"),
    ("%%bash --out x\nls", "`%%bash --out x`"),
    ("if True:\n    x = 1\n    for i in x: pass", "together with data"),
    ("(x := 1)", "`(x := 1)`"),
    ("x = 1\nfor x in (): pass", "loop"),
    ("x = f'{object()}'", "object"),
    ("import pathlib\nx = pathlib.Path.cwd()", "cwd"),
    ("def int(x): return []\nx = int(1)", "`int(…)`"),
    ("%%mlrun other --output x\nx = 1", "output of the function `other`"),
    ("%%mlrun x\ny = 1", "function of its own"),
    ("%pylab", "`%pylab`"),
    ("%run setup.py", "`%run setup.py`"),
    ("%%cython\ncdef int x", "`%%cython`"),
]


@pytest.mark.parametrize(("source", "reason"), DATA)
def test_data_is_an_error_that_names_the_cell_and_why(source, reason):
    """What is neither import, function, class nor constant is refused with the cell that made it."""
    error = error_of("print(x)", cells(source))
    assert error.message.startswith("`train` needs `x`, which is data of cell 1")
    assert reason in error.message
    assert "--input x" in error.hint


@pytest.mark.parametrize("source", [source for source, _ in DATA])
def test_an_input_needs_no_cell(source):
    """The remedy that the error offers works."""
    captured = capture("print(x)", cells(source), given=["x"])
    assert captured.cells == ()


@pytest.mark.parametrize("source", [source for source, _ in DATA if "%%mlrun" not in source])
def test_a_setup_cell_is_the_other_remedy(source):
    """A tagged cell is taken whole, whatever it holds."""
    captured = capture("print(x)", cells(source, setup=[0]))
    assert [(cell.role, cell.source) for cell in captured.cells] == [("setup", source)]


def test_all_names_are_reported_at_once():
    """One message names every name, with who needs it, and the hint has one remedy for all."""
    above = cells("df = load()", "cfg = {}\ncfg['a'] = 1", "def fit(a):\n    return cfg, unheard_of")
    error = error_of("model = fit(df)\nprint(modle)", above)
    assert re.findall(r"^  `(\w+)`", error.message, re.MULTILINE) == ["df", "cfg", "unheard_of", "modle"]
    assert "`cfg` (needed by `fit` of cell 3), which is data of cell 2 (`cfg = {}`)" in error.message
    assert "--input df --input cfg" in error.hint
    assert "tag cell 1 and cell 2 `mlrun-setup`" in error.hint


def test_a_name_that_no_cell_defines_gets_its_nearest_match():
    """A typing error is told from data."""
    error = error_of("print(modle)", cells("def model(): ..."))
    assert error.message == "`train` needs `modle`, which is not defined in any cell above"
    assert error.hint == "For `modle`, did you mean `model`?"


def _unrun(*above: Cell) -> Unrun:
    return lambda: Notebook(name="n.ipynb", cells=above)


UNRUN = [  # the cells of the notebook's file, the sentence, the hint
    (
        cells("x = 1", "def f(): ..."),
        "which cell 2 of `n.ipynb` defines, but that has not run in this kernel",
        "Run cell 2 of `n.ipynb`, then this one again.",
    ),
    (
        [replace(cells("1 / 0\ndef f(): ...")[0], count=7)],
        "which cell [7] of `n.ipynb` defines, but that did not run to its end as it stands there",
        "Run cell [7] of `n.ipynb`, then this one again.",
    ),
    (
        [],
        "which no cell that ran in this kernel defines",
        "Run the cell that defines `f`, or add `--input f` to its `%%mlrun` line.",
    ),
]


@pytest.mark.parametrize(("saved", "sentence", "hint"), UNRUN)
def test_a_cell_that_would_define_a_name_and_did_not_run_is_named(saved, sentence, hint):
    """In a kernel only what ran counts; the notebook's file tells what did not."""
    error = error_of("f()", [], live={}, unrun=_unrun(*saved))
    assert (error.message, error.hint) == (f"`train` needs `f`, {sentence}", hint)


def test_a_typing_error_is_told_from_a_cell_that_did_not_run():
    """Each name gets its own remedy, and a cell that defines two of them is named once."""
    saved = _unrun(*cells("def f(): ...\ndef g(): ..."))
    error = error_of("f(), g(), modle", cells("def model(): ..."), live={"model": len}, unrun=saved)
    assert error.hint == "Run cell 1 of `n.ipynb`, then this one again. For `modle`, did you mean `model`?"


def test_data_in_a_default_argument_is_an_error_even_when_it_is_an_input():
    """Defaults are evaluated before inputs are loaded."""
    error = error_of("f()", cells("df = load()", "def f(x=df): ..."), inputs=["df"])
    assert "`df` (needed by `f` of cell 2), which is data of cell 1" in error.message


@pytest.mark.parametrize("name", ["_", "__", "_12", "_i", "_i3", "In", "Out", "_ih"])
def test_the_history_of_the_kernel_is_named_as_such(name):
    """`_` and its like mean something else in a run, so they are refused in words."""
    error = error_of(f"print({name})", cells("1 + 1"))
    assert "history of a kernel" in error.message
    assert f"`value = {name}`" in error.hint


def test_an_underscore_that_a_cell_binds_is_a_name_as_any_other():
    """`_` for translations is an import."""
    assert "gettext" in source_of(capture("print(_('a'))", cells("from gettext import gettext as _")))


BINDS_ITSELF = [
    "x = 1\nprint(x)",
    "import x\nx.y",
    "from y import x\nx",
    "for x in (): print(x)",
    "def x(): return x\nx()",
    "class x:\n    def f(self): return x\nx",
    "with open('f') as x: print(x)",
    "print((x := 1), x)",
    "[x for x in ()]",
    "print(lambda x: x)",
    "def f(x): return x",
    "def f():\n    def g(): return x\n    x = 1\n    return g",
    "try: 1\nexcept ValueError as x: print(x)",
    "match 1:\n    case {'a': [x, *_]}: print(x)\n    case _: pass",
    "def f(): return x\nx = 1\nf()",
    "class A:\n    x = 1\n    y = x",
    "x, (y, *z) = 1, (2, 3)\nprint(x, y, z)",
    "if 1: x = 1\nelse: x = 2\nprint(x)",
    "try: x = 1\nexcept E: raise\nprint(x)",
    "try: x = 1\nexcept E: x = 2\nprint(x)",
    "%time x = 1\nprint(x)",
    "x = !ls\nprint(x)",
    "async with a() as x: print(x)",
    "{x: y for x, y in ()}",
    "global x\nx = 1\nprint(x)",
    "import x.y as z\nimport x.y\nx",
    "x: int = 1\nprint(x)",
    "class A:\n    class x: ...\n    def f(self, b: x) -> x: ...",
    "class A:\n    class x: ...\n    class B(x): ...",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING: from y import z\nelse: x = 1\ndef f(): return x",
    "def top(x): return x",
    "class A:\n    def top(self):\n        x = 1\n        return x",
]


@pytest.mark.parametrize("body", BINDS_ITSELF)
def test_names_that_the_body_binds_first_are_not_needed(body):
    """Data of the same name above does not matter."""
    above = cells("x = load()", "def a(): ...\nclass E(Exception): ...")
    assert "x" not in {line.partition(" ")[0] for line in source_of(capture(body, above)).split("\n")}


NEEDS_X = [
    "print(x)",
    "x += 1",
    "x = x + 1",
    "x.y = 1",
    "x[0] = 1",
    "del x",
    "f'{x!r:>{3}}'",
    "f'{1:{x}}'",
    "if 0: x = 1\nprint(x)",
    "try: x = 1\nexcept ValueError: print('no')\nprint(x)",
    "match 1:\n    case 2: x = 1\nprint(x)",
    "def f(): return x",
    "def f(a=x): ...",
    "@x\ndef f(): ...",
    "def f(a: x): ...",
    "class A(x): ...",
    "class A:\n    y = x",
    "class A:\n    x = x",
    "class A:\n    x = 1\n    def f(self): return x",
    "class A:\n    x = 1\n    y = [x for _ in ()]",
    "class A:\n    x = 1\n    class B:\n        def f(self, a: x): ...",
    "def top(): return x",
    "def top():\n    global x\n    x += 1",
    "[x for y in ()]",
    "[y for y in x]",
    "[x for x in x]",
    "lambda: x",
    "lambda a=x: a",
    "def f():\n    global x\n    x += 1",
    "async def f(): await x",
    "await x",
    "match 1:\n    case x.y: ...",
    "match 1:\n    case x(): ...",
    "y: x = 1",
    "%time print(x)",
    "%timeit -n 10 x",
    "!echo {x}",
    "!echo $x",
    "print(x); x = 1",
    "for x.y in (): ...",
    "(lambda: [x for _ in ()])()",
    "x()",
    "import y\ny.x = x",
]


@pytest.mark.parametrize("body", NEEDS_X)
def test_every_way_of_using_a_name_needs_it(body):
    """Wherever a name of the notebook is read, it is captured."""
    assert source_of(capture(body, cells("def x(): ..."))) == "def x(): ..."


@pytest.mark.parametrize("body", NEEDS_X)
def test_every_way_of_using_data_is_an_error(body):
    """Wherever data is read, it is refused."""
    assert "`x`" in error_of(body, cells("x = load()")).message


@pytest.mark.parametrize("body", ["def f():\n    y: Missing = 1", "!echo $Missing {Missing}", "ls", "pwd"])
def test_names_that_nothing_evaluates_may_be_missing(body):
    """Annotations of local variables, variables of the shell and automagic are no errors."""
    assert capture(body, []).cells == ()


def test_an_unevaluated_annotation_takes_what_it_can_and_leaves_data_alone():
    """`from __future__ import annotations` makes annotations optional, not unknown."""
    above = cells("from __future__ import annotations", "class A: ...\ndf = load()", "def f(x: A) -> df: ...")
    assert "class A" in source_of(capture("f()", above))


def test_evaluated_annotations_are_needed():
    """Without the future import an annotation is code."""
    assert "`T`" in error_of("f()", cells("def f(x: T): ...")).message


@pytest.mark.parametrize("name", ["print", "__name__", "get_ipython", "display", "ValueError", "aiter"])
def test_names_that_every_run_has_are_not_looked_for(name):
    """Builtins and IPython's own names need no cell."""
    assert capture(f"print({name})", []).cells == ()


def test_a_shadowed_builtin_is_captured():
    """The notebook's `sum` is not Python's."""
    assert source_of(capture("sum([1])", cells("def sum(x): ..."))) == "def sum(x): ..."


def test_a_helper_that_needs_an_input_finds_it():
    """Inputs are variables of the run, so functions see them."""
    above = cells("df = load()", "def size(): return len(df)")
    assert source_of(capture("size()", above, given=["df"])) == "def size(): return len(df)"


def test_arguments_of_a_def_cell_do_not_reach_its_helpers():
    """A `def` that is the whole cell keeps its arguments to itself."""
    with pytest.raises(CaptureError, match="`df` \\(needed by `size` of cell 2\\)"):
        capture("def f(df): return size()", cells("df = load()", "def size(): return len(df)"), given=["df"])


def test_setup_cells_come_even_when_nothing_needs_them():
    """The tag says: take it whole."""
    captured = capture("1", cells("import os", "os.environ['A'] = 'b'", "x = 1", setup=[1]))
    assert [cell.role for cell in captured.cells] == ["definition", "setup"]


def test_what_a_setup_cell_needs_is_captured_or_refused():
    """A setup cell runs before the function, so its own names must travel too."""
    assert "`df` (needed by the setup of cell 2)" in error_of("1", cells("df = load()", "df.head()", setup=[1])).message


def test_a_setup_cell_that_rebinds_a_name_needs_the_binding_before_it():
    """`x = x + 1` in a setup cell reads the `x` above."""
    assert "def x" in source_of(capture("print(x)", cells("def x(): ...", "x = [x]", setup=[1])))


def test_a_cell_that_cannot_be_read_is_skipped_with_a_notice():
    """A broken cell above is not a broken function."""
    captured = capture("f()", cells("def broken(:", "def f(): ..."))
    assert [(notice.cell, notice.line) for notice in captured.notices] == [(0, 1)]
    assert source_of(captured) == "def f(): ..."


@pytest.mark.parametrize(
    ("body", "line"),
    [("x = 1\ny = = 2", 2), ("x = (", 1), ("x = 1\n\ndef f(:\n  1", 3), ("a = '\0'", 1), ("  x\n y", 1)],
)
def test_a_broken_body_is_an_error_with_its_line(body, line):
    """The message says where the cell stops being Python."""
    assert error_of(body, []).message.startswith(f"line {line} of `train` cannot be read as Python")


def test_markdown_and_raw_cells_do_not_matter():
    """Only code cells bind names."""
    above = [Cell(index=0, kind="markdown", source="x = 1"), Cell(index=1, kind="raw", source="x = 1")]
    assert "not defined" in error_of("x", above).message


def test_a_name_in_the_kernel_that_no_cell_binds_is_data():
    """What a start-up file or a debugger left cannot be captured, but it can be an input."""
    error = error_of("print(x)", [], live={"x": 1})
    assert "`x`, which is in the kernel but bound by no cell above" in error.message
    assert "--input x" in error.hint


CONSTANTS = [
    "x = [i * 2 for i in range(3) if i]",
    "y = ('a', 'b')\nx = {name: i for i, name in enumerate(y)}",
    "x = 'a b'.split()",
    "x = len('abc') + max(1, 2)",
    "x = dict(zip('ab', range(2)))",
    "from enum import Enum\nclass A(Enum):\n    b = 1\nx = A.b",
    "from typing import TypeVar\nx = TypeVar('x')",
    "import logging\nx = logging.getLogger(__name__)",
    "from collections import namedtuple\nx = namedtuple('x', 'a b')",
    "import functools\ndef f(a, b): ...\nx = functools.partial(f, 1)",
    "import math\nx = math.sqrt(2)",
    "x = {'half': lambda a: a / 2}",
    "from pathlib import Path\ny = Path('a')\nx = y.parent / y.stem.upper()",
    "x = {}\ndef f(): x['a'] = 1",
    "x = 0\ndef f():\n    global x\n    x = 1",
    "x = []\ndef f(x): x.append(1)\nf([])",
    "x = []\ndef f(y):\n    y = list(y)\n    y.append(1)\nf(x)",
    "x = [1]\nfor i in x: i += 1; y = []; y.append(i)",
    "x = [1]\nfor i, j in zip(x, [[]]): j.append(i)",
]


@pytest.mark.parametrize("source", CONSTANTS)
def test_what_computes_and_declares_without_touching_anything_is_a_constant(source):
    """It gives the same wherever it runs, so it travels as source; in a kernel too, although a function equals none."""
    assert "x = " in source_of(capture("print(x)", cells(source)))
    live: dict[str, object] = {"__name__": "__main__"}
    exec(source, live)
    assert "x = " in source_of(capture("print(x)", cells(source), live=live))


def test_all_parts_of_a_package_that_is_imported_part_by_part_are_taken():
    """Each `import a.b` binds `a`, and only it makes `a.b` reachable."""
    above = cells("import email.message", "import email.policy", "import email.policy as other", "import email.message")
    assert source_of(capture("email", above)) == "import email.policy\nimport email.message"


@pytest.mark.parametrize(
    "body",
    ["df.query('a > @x')", "def f(df): return df.eval(f'{1} + @x')", "[df.query('@x > @i') for i in 'ab']"],
)
def test_a_name_in_the_text_of_a_query_is_needed(body):
    """Pandas takes `@x` from the variables around the call."""
    assert "x = 1" in source_of(capture(body, cells("x = 1"), given=["df"]))
    assert "`x`" in error_of(body, cells("x = load()"), inputs=["df"]).message


@pytest.mark.parametrize(
    "body",
    ["def f(df, x): df.query('a > @x')", "def f(df):\n    for x in df: df.query('@x')", "email.query('@x')", "'@x'"],
)
def test_a_name_in_a_query_may_be_the_function_s_own(body):
    """Or there is no such name in the notebook, and the text is something else."""
    capture(body, cells("import email" if "email" in body else "x = load()"), given=["df", "x"])


def test_an_annotation_in_quotes_brings_what_it_names():
    """`get_type_hints` evaluates it later; data in it is left alone."""
    above = cells("class A: ...", "df = load()\ndef f(a: 'A', b: 'list[df]') -> 'not a type': ...")
    assert "class A" in source_of(capture("f()", above))


def test_a_class_keeps_what_it_binds_and_deletes_to_itself():
    """A walrus, a `del`, and an `except … as` in a class body do not touch names of the notebook."""
    source = "class A:\n    if (n := 1): pass\n    x = 1\n    del x\n    try: pass\n    except E as x: pass"
    assert "class A" in source_of(capture("A, n", cells("n = load()\nclass E(Exception): ...", source), given=["n"]))
    assert "`n`" in error_of("A, n", cells("n = load()\nclass E(Exception): ...", source)).message


def test_no_star_import_brings_a_private_name():
    """`_5` is the kernel's history, whatever was imported."""
    assert "history of a kernel" in error_of("_5", cells("from math import *")).message


def test_in_a_kernel_a_star_import_is_not_blamed_for_names_that_are_not_there():
    """What no star brought to the kernel none brings to the run."""
    assert "not defined" in error_of("sinus(1)", cells("from math import *"), live={"sin": 1}).message


PARAMETER_HINTS = [
    ("x = 3\nx += 1", "`x: int = 3`"),
    ("x = 'a'\nx = 'b'", "`x: str = 'b'`"),
    ("x = len(open('a'))", "`x: float = 0.1`"),
    ("x = load()", ""),
    ("x = []\nx.append(1)", ""),
    ("with open('a') as x: pass", ""),
]


@pytest.mark.parametrize(("source", "line"), PARAMETER_HINTS)
def test_a_parameter_is_offered_for_plain_values_only(source, line):
    """`df: float = 0.1` would be no remedy for a table."""
    hint = error_of("x", cells(source)).hint
    assert line in hint
    assert ("parameter" in hint) == bool(line)


def test_the_cell_that_changed_a_value_is_part_of_the_remedy():
    """Taking only the cell that made it would lose the change."""
    assert (
        "tag cell 1 and cell 2 `mlrun-setup` to take them whole" in error_of("x", cells("x = []", "x.append(1)")).hint
    )


def test_what_a_setup_cell_changes_is_changed_in_the_run_too():
    """So the constant travels, and the setup cell does its work on it."""
    captured = capture("x", cells("x = []", "x.append(1)", setup=[1]))
    assert [cell.role for cell in captured.cells] == ["definition", "setup"]


LIVE = [
    ("N = 3", {"N": 3}, True),
    ("N = 3", {"N": 4}, False),
    ("N = 3", {"N": True}, False),
    ("N = 1", {"N": True}, False),
    ("N = [1, 2]", {"N": [1, 2]}, True),
    ("N = [1, 2]", {"N": [1, 2, 3]}, False),
    ("N = 3", {}, False),
    ("N = float('nan')", {"N": float("nan")}, True),
    ("A = 2\nN = A * 2", {"A": 2, "N": 4}, True),
    ("A = 2\nN = A * 2", {"A": 3, "N": 6}, False),
    ("B, N = 1, 2", {"B": 1, "N": 2}, True),
    ("import math\nN = math.pi", {"math": __import__("math"), "N": __import__("math").pi}, True),
    ("if 1: N = 'a'\nelse: N = 'b'", {"N": "b"}, True),
    ("if 1: N = 'a'\nelse: N = 'b'", {"N": "c"}, False),
    ("N: int = 3", {"N": 3}, True),
]


@pytest.mark.parametrize(("source", "live", "captured"), LIVE)
def test_in_a_kernel_a_constant_must_have_its_value(source, live, captured):
    """A constant that was changed behind our back, by a method or another program, is data."""
    if captured:
        assert "N" in source_of(capture("print(N)", cells(source), live=live))
    else:
        assert "`N`" in error_of("print(N)", cells(source), live=live).message


def test_comparing_live_values_never_fails():
    """A value that cannot be compared is not the constant."""

    class Odd:
        def __eq__(self, other: object) -> bool:
            raise RuntimeError

        __hash__ = None

    module = type("module", (), {"x": Odd()})
    assert "`N`" in error_of("N", cells("import m\nN = [m.x]"), live={"m": module, "N": [Odd()]}).message


def test_a_name_that_functions_bind_by_global_is_not_missing():
    """`init()` binds `model` when it runs; nobody can tell from the text whether it did."""
    above = cells("def init():\n    global model\n    model = 1")
    assert "def init" in source_of(capture("init()\nprint(model)", above))


def test_star_imports_after_the_last_binding_come_along():
    """A star import may have replaced any name bound before it."""
    above = cells("def pi(): ...\nfrom math import *\ndef e(): ...")
    assert source_of(capture("pi", above)) == "def pi(): ...\nfrom math import *"
    assert "import *" not in source_of(capture("e()", above))


def test_what_the_body_binds_unseen_is_not_missed():
    """After `%run` or a star import in the body itself, unknown names may be theirs."""
    assert capture("from math import *\nfloor(1)", []).cells == ()
    assert capture("%run x.py\nfloor(1)", []).cells == ()


def test_a_function_that_was_deleted_and_defined_again_is_the_last_one():
    """`del` does not make a function data."""
    above = cells("def f(): return 1", "del f", "def f(): return 2")
    assert source_of(capture("f()", above)) == "def f(): return 2"


@pytest.mark.parametrize(
    "body", ["return 1", "def f():\n    x = 1\n    global x", "break", "def f(a, a): ...", "f() = 1"]
)
def test_what_only_the_compiler_refuses_is_an_error_too(body):
    """A cell that cannot start is refused before a run exists."""
    assert "cannot be read as Python" in error_of(body, []).message


def test_a_function_called_before_the_body_binds_what_it_reads_needs_the_binding_above():
    """The order of calls and bindings counts, also through helpers."""
    above = cells("def show(): return total", "total = load()")
    assert "`total`" in error_of("show()\ntotal = 1", above).message
    assert source_of(capture("total = 1\nshow()", above)) == "def show(): return total"


def test_a_conditional_binding_leaves_the_one_before_it_in_force():
    """`if …: def f()` may not happen, so the `f` before it is captured too."""
    above = cells("def f(): return 1", "import sys", "if sys.flags.debug:\n    def f(): return 2")
    assert source_of(capture("f()", above)).count("def f") == 2


def test_a_function_called_among_the_definitions_cannot_wait_for_an_input():
    """A decorator runs before inputs are loaded, so what it reads must be captured or refused."""
    above = cells("df = load()", "def register(f): return df, f", "@register\ndef g(): ...")
    assert "`df` (needed by `g` of cell 3)" in error_of("g", above, inputs=["df"]).message


def test_a_base_class_may_read_an_input_in_its_methods():
    """Deriving a class calls none of its methods."""
    above = cells("df = load()", "class Base:\n    def size(self): return len(df)", "class Child(Base): ...")
    assert "class Base" in source_of(capture("Child().size()", above, given=["df"]))


def test_an_alias_of_a_function_called_early_is_followed():
    """`g = show` and then `g()` calls `show`."""
    above = cells("def show(): return total", "total = load()")
    assert "`total`" in error_of("g = show\ng()\ntotal = 1", above).message


WRAPPED = "def wrap(f):\n    return lambda x: f(x) + t\n@wrap\ndef g(x): return x"


@pytest.mark.parametrize("setup", [[0], [1]])
def test_what_a_function_is_made_of_is_called_with_it(setup):
    """A decorator's wrapper reads its names when the function is called, wherever the decorator stands."""
    above = cells("t = 0", WRAPPED, "t += 8", "class Holder:\n    k = g(1)", setup=setup)
    assert "`t` (needed by `Holder` of cell 4)" in error_of("Holder.k", above, inputs=["t"]).message


def test_an_alias_that_a_setup_cell_calls_finds_what_it_reads():
    """Although the body binds that name itself, later."""
    above = cells("a = 9", "f = lambda x: x + a\ng = f", "n = g(7)", setup=[2])
    assert "a = 9" in source_of(capture("a = 2\nn + a", above))


def test_what_runs_at_once_takes_the_binding_before_it():
    """A default was evaluated with the `x` of then; that `x` is data by now does not matter."""
    above = cells("def x(): return 1", "def f(a=[x() for _ in 'a']): return a", "x = load()")
    assert source_of(capture("f()", above)).startswith("def x(): return 1")


def test_a_future_import_is_the_first_line_of_its_cell():
    """IPython takes it anywhere in a cell, a module only at the top."""
    above = cells("N = 1\nfrom __future__ import annotations", "def f(x: Missing): ...")
    captured = capture("f(N)", above)
    assert captured.cells[0].source == "from __future__ import annotations\nN = 1"
    assert captured.origins[0].lines == (2, 1)


def test_the_body_s_own_future_import_postpones_its_annotations():
    """Nothing evaluates `Missing`."""
    assert capture("from __future__ import annotations\ndef f(x: Missing): ...", []).cells == ()


def test_names_of_inputs_are_normalised_as_python_does():
    """`ﬁnd` with a ligature is `find`."""
    assert capture("print(find)", cells("find = load()"), given=["ﬁnd"]).cells == ()


def test_the_result_of_a_def_cell_is_its_output():
    """A `def` that is the whole cell binds `result` when it runs."""
    error = error_of("print(result)", cells("%%mlrun other\ndef other(): ..."))
    assert "`result`, which is data of cell 1: it is an output of the function `other`" in error.message


def test_only_the_needed_statement_of_a_line_is_taken():
    """Statements between semicolons are cut out, comments behind them are left."""
    above = cells("a = 1; é = 'é'; b = load(); c = (2,\n  3)  # c")
    captured = capture("print(é, c)", above)
    assert (captured.cells[0].source, captured.origins[0].lines) == ("é = 'é'\nc = (2,\n  3)", (1, 1, 2))


def test_a_name_bound_on_some_ways_and_nowhere_else_is_the_body_s_own_matter():
    """Python itself says so when it happens."""
    assert capture("if print():\n    x = 1\nprint(x)", []).cells == ()


def test_what_one_branch_binds_is_not_there_in_the_other():
    """`show` reads the `total` above when the second branch is taken."""
    above = cells("def show(): return total", "total = load()")
    assert "`total`" in error_of("if print():\n    total = 1\nelse:\n    show()\n    total = 2", above).message
    assert capture("for i in 'a':\n    total = i\n    show()", above).cells != ()
