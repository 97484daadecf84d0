"""The canonical form: blind to comments and formatting, and to nothing else."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from mlrun_nb.notebook.canonical import canonical_cell, joined_parts
from tests.unit.notebook.programs import programs

SAME = [
    ("x=1", "x  =  1 # one"),
    ("x = (1)", "x = 1"),
    ("f(a, b)", "f(\n    a,  # first\n    b,\n)"),
    ("'a' 'b'", '"ab"'),
    ("f'a{x}' 'b'", 'f"a{x}b"'),
    ("f'{x:}'", "f'{x}'"),
    ("x = 0x10", "x = 16"),
    ("x = 1_000.0", "x = 1e3"),
    ("u'a'", "'a'"),
    ("if x: pass", "if x:\n\n    # nothing\n    pass\n"),
    ("a; b", "a\nb"),
    ("with (a as b, c): pass", "with a as b, c: pass"),
    ("x = 1  # type: int", "x = 1"),
    ("(yield_)", "yield_"),
    ("def f(a,): pass", "def f(a): pass"),
    ("x = ((1, 2))", "x = 1, 2"),
    ("!ls  ", "!ls"),
    ("    x = 1\n    y = 2", "x = 1\ny = 2"),
    ("%%bash\nls  \n\n", "%%bash\nls"),
    ("x = (  ", "x = ("),
]
DIFFERENT = [
    ("x = 1", "x = 1.0"),
    ("x = 1", "x = True"),
    ("x = 'a'", "x = b'a'"),
    ("x = ''", "x = None"),
    ("x = 0", "x = ''"),
    ("return_ = 1", "return_ = 2"),
    ("f()", "f"),
    ("f(None)", "f()"),
    ("def f(a, /): ...", "def f(a): ..."),
    ("def f(*, a): ...", "def f(a): ..."),
    ("def f(*, a=None): ...", "def f(*, a): ..."),
    ("async def f(): ...", "def f(): ..."),
    ("'''doc'''\nx", "x"),
    ("{**a}", "{None: a}"),
    ("from . import a", "from .. import a"),
    ("from . import a", "import a"),
    ("x[1:]", "x[:1]"),
    ("x[::1]", "x[1]"),
    ("a < b < c", "(a < b) < c"),
    ("a - b - c", "a - (b - c)"),
    ("f'{x}'", "f'{x!r}'"),
    ("f'{x}'", "'{x}'"),
    ("f'{x:1}'", "f'{x:2}'"),
    ("f''", "''"),
    ("(x): int = 1", "x: int = 1"),
    ("x: int", "x: int = None"),
    ("try: a\nfinally: b", "try: a\nexcept: b"),
    ("try: a\nexcept E: b", "try: a\nexcept* E: b"),
    ("!ls -a", "!ls  -a"),
    ("!ls", "%ls"),
    ("%time x=1", "%time x = 1"),
    ("%%bash\nls # a", "%%bash\nls"),
    ("match x:\n    case None: ...", "match x:\n    case y: ..."),
    ("match x:\n    case 1: ...", "match x:\n    case -1: ..."),
    ("for x in y: a\nelse: b", "for x in y: a\nb"),
    ("global a, b", "global a"),
    ("lambda *a: 1", "lambda **a: 1"),
    ("[a for b in c]", "(a for b in c)"),
    ("x = 0.1", "x = 0.10000000000000002"),
    ("x = '\\ud800'", "x = '\\ud801'"),
    ("a\nb", "b\na"),
    ("x = -0.0", "x = 0.0"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_formatting_does_not_count(one, other):
    """What Python reads alike has one form."""
    assert canonical_cell(one) == canonical_cell(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_meaning_counts(one, other):
    """What Python reads differently has two forms."""
    assert canonical_cell(one) != canonical_cell(other)


def test_the_form_does_not_hang_on_the_version_of_python():
    """Fields that later versions added are left out while they are empty, and positions, contexts and kinds always."""
    (form,) = canonical_cell("def f(x): return u'a'")
    arguments = '"args":["arguments",{"args":[["arg",{"arg":"x"}]]}]'
    body = '"body":[["Return",{"value":["Constant","str","\'a\'"]}]]'
    assert form == f'["FunctionDef",{{{arguments},{body},"name":"f"}}]'


def test_a_deep_tree_is_no_trouble():
    """A sum of hundreds of terms is hundreds of levels deep."""
    assert canonical_cell(" + ".join("x" * 400))[0].count('"BinOp"') == 399


def test_texts_of_an_f_string_are_joined_whichever_way_python_split_them():
    """Newer parsers split the text around braces, and may leave empty pieces."""
    one = [ast.Constant("a"), ast.Constant(""), ast.Constant("b"), ast.Name("x"), ast.Constant("")]
    assert [ast.dump(part) for part in joined_parts(one)] == [ast.dump(ast.Constant("ab")), ast.dump(ast.Name("x"))]


def parsed(source: str) -> ast.Module:
    """Return the tree of *source*, or drop the example."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError:
        assume(False)
        raise


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(programs, st.sampled_from(["\n", "\n# a comment\n", "\n\n   # indented comment\n\n"]))
def test_comments_blank_lines_and_layout_never_count(source, between):
    """Printed anew by Python itself, with comments between the lines, a program keeps its form."""
    printed = ast.unparse(parsed(source)).replace("\n", between)
    assert canonical_cell(printed) == canonical_cell(source)


class _Change(ast.NodeTransformer):
    """Changes the `number`-th constant, name or operator of a tree."""

    def __init__(self, number: int) -> None:
        self.number = number

    def _is_it(self) -> bool:
        self.number -= 1
        return self.number == -1

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.Constant(value="changed") if self._is_it() else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(id="changed", ctx=node.ctx) if self._is_it() else node

    def visit_Add(self, node: ast.Add) -> ast.AST:
        return ast.Sub() if self._is_it() else node

    def visit_Lt(self, node: ast.Lt) -> ast.AST:
        return ast.LtE() if self._is_it() else node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        self.generic_visit(node)
        return ast.arg(arg="changed", annotation=node.annotation) if self._is_it() else node


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(programs, st.integers(0, 30))
def test_any_change_of_a_name_constant_or_operator_counts(source, number):
    """One changed leaf changes the form."""
    change = _Change(number)
    changed = ast.unparse(change.visit(parsed(source)))
    assume(change.number < 0)
    parsed(changed)
    assert canonical_cell(changed) != canonical_cell(source)
