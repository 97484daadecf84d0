"""
A walk over statements in the order of execution: which names are read before the code itself has bound them.

Loops are taken to run at least once. What one branch binds and another does not counts as bound on some ways.
Bodies of functions are not entered: see `names`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from mlrun_nb.notebook.magic_lines import AUTOMAGIC
from mlrun_nb.notebook.query_strings import queried_names, quoted_names

_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_CLASS_NAMES = ("__module__", "__qualname__", "__class__", "__annotations__", "__doc__")

_Kind = Literal["class", "comprehension", "type parameters"]


class _Scopes(ast.NodeVisitor):
    """What is read and bound so far, and the scopes around the node that is being visited."""

    def __init__(self, *, eager: bool) -> None:
        self.needed: set[str] = set()
        self.maybe: set[str] = set()
        self.annotated: set[str] = set()
        self.bound: set[str] = set()
        self.touched: set[str] = set()
        self._eager = eager
        self._inner: list[tuple[_Kind, set[str]]] = []  # the scopes around the node, outermost first

    def run(self, statements: Iterable[ast.AST]) -> bool:
        """Visit *statements*; returns whether what follows them can be reached."""
        return all(
            self.visit(statement) is not False and not isinstance(statement, _LEAVING) for statement in statements
        )

    def _read(self, name: str) -> None:
        sees_class = True  # of classes only the innermost, and only with nothing but type parameters in between
        for kind, names in reversed(self._inner):
            if name in names and (kind != "class" or sees_class):
                return
            sees_class = sees_class and kind == "type parameters"
        if name not in self.bound:
            (self.maybe if name in self.touched else self.needed).add(name)

    def _bind(self, name: str) -> None:
        if self._inner and self._inner[-1][0] == "class":
            self._inner[-1][1].add(name)
        else:
            self.bound.add(name)
            self.touched.add(name)

    def _unbind(self, name: str) -> None:
        if self._inner and self._inner[-1][0] == "class":
            self._inner[-1][1].discard(name)
        else:
            self.bound.discard(name)

    @contextmanager
    def _within(self, kind: _Kind, names: Iterable[str] = ()) -> Iterator[None]:
        self._inner.append((kind, set(names)))
        yield
        self._inner.pop()

    def _ways(self, *ways: Sequence[ast.AST]) -> bool:
        """Visit alternatives, each from here; bound is then what all those bind that go on, if any does."""
        before, ends = set(self.bound), []
        for way in ways:
            self.bound = set(before)
            if self.run(way):
                ends.append(self.bound)
        self.bound = set.intersection(*ends) if ends else before | self.touched
        return bool(ends)


class FlowReader(_Scopes):
    """Collects names of the module level: read before bound, perhaps so, and bound in the end."""

    def visit_Constant(self, node: ast.Constant) -> None:
        """Nothing; the standard visitor takes its time over constants."""

    def visit_Name(self, node: ast.Name) -> None:
        """Read, bind or unbind."""
        if isinstance(node.ctx, ast.Load):
            self._read(node.id)
        elif isinstance(node.ctx, ast.Store):
            self._bind(node.id)
        else:
            self._read(node.id)
            self._unbind(node.id)

    def visit_Expr(self, node: ast.Expr) -> None:
        """A line that is only `ls` or `pwd` may be a magic."""
        if isinstance(node.value, ast.Name) and node.value.id in AUTOMAGIC and node.value.id not in self.bound:
            self.maybe.add(node.value.id)
        else:
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        """The value comes before the targets."""
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """The target is read first."""
        if isinstance(node.target, ast.Name):
            self._read(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Without a value nothing is bound."""
        if node.value is not None:
            self.visit(node.value)
        self._annotation(node.annotation)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_Call(self, node: ast.Call) -> None:
        """A pandas expression may read names from within its text."""
        self.generic_visit(node)
        for name in queried_names(node):
            self._read(name)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """A walrus in a comprehension binds outside of it; within a class it cannot stand there."""
        self.visit(node.value)
        if self._inner and self._inner[-1][0] == "class":
            self._bind(node.target.id)
        else:
            self.bound.add(node.target.id)
            self.touched.add(node.target.id)

    def visit_Import(self, node: ast.Import) -> None:
        """`import a.b` binds `a`."""
        for alias in node.names:
            self._bind(alias.asname or alias.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """A star binds nothing that we know of."""
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name)

    def visit_If(self, node: ast.If) -> bool:
        """`if True` is taken; of `if TYPE_CHECKING` both ways, one by what reads types, the other by what runs."""
        self.visit(node.test)
        if "TYPE_CHECKING" in {getattr(node.test, "id", ""), getattr(node.test, "attr", "")}:
            return self.run(node.body) and self.run(node.orelse)
        if isinstance(node.test, ast.Constant) and node.test.value:
            return self.run(node.body)
        return self._ways(node.body, node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        """The iterable comes first."""
        self.visit(node.iter)
        self.visit(node.target)
        self.run(node.body)
        self.run(node.orelse)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        """The test comes first."""
        self.visit(node.test)
        self.run(node.body)
        self.run(node.orelse)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> bool:
        """A handler may find bound what the body binds, or not."""
        ways: list[Sequence[ast.AST]] = [[*node.body, *node.orelse], *([handler] for handler in node.handlers)]
        goes_on = self._ways(*ways)
        return self.run(node.finalbody) and goes_on

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> bool:
        """The name of the exception is gone after its handler."""
        if node.type is not None:
            self.visit(node.type)
        known = node.name in self.touched
        if node.name:
            self._bind(node.name)
        goes_on = self.run(node.body)
        if node.name:
            self._unbind(node.name)
            if not known:
                self.touched.discard(node.name)
        return goes_on

    def visit_With(self, node: ast.With | ast.AsyncWith) -> bool:
        """Items in their order, then the body."""
        for item in node.items:
            self.visit(item)
        return self.run(node.body)

    visit_AsyncWith = visit_With

    def visit_Match(self, node: ast.Match) -> bool:
        """Cases are alternatives; without a last resort none may be taken."""
        self.visit(node.subject)
        last = node.cases[-1]
        sure = last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
        ways: list[Sequence[ast.AST]] = [[case] for case in node.cases]
        return self._ways(*ways, *([] if sure else [[]]))

    def visit_match_case(self, node: ast.match_case) -> bool:
        """A pattern binds, a guard reads."""
        self.visit(node.pattern)
        if node.guard is not None:
            self.visit(node.guard)
        return self.run(node.body)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        """A captured name."""
        self.generic_visit(node)
        if node.name:
            self._bind(node.name)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """`**rest` is a captured name."""
        self.generic_visit(node)
        if node.rest:
            self._bind(node.rest)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Decorators, defaults and annotations are evaluated; the body is not."""
        for decorator in node.decorator_list:
            self.visit(decorator)
        arguments = node.args
        for default in (*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)):
            self.visit(default)
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        with self._within("type parameters", _type_parameters(node)):
            for annotation in (*(argument.annotation for argument in every if argument is not None), node.returns):
                if annotation is not None:
                    self._annotation(annotation)
        self._bind(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Defaults are evaluated; the body is not."""
        for default in (*node.args.defaults, *(default for default in node.args.kw_defaults if default is not None)):
            self.visit(default)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """The body runs in a scope of its own, which its functions and classes do not see."""
        for decorator in node.decorator_list:
            self.visit(decorator)
        with self._within("type parameters", _type_parameters(node)):
            for base in (*node.bases, *node.keywords):
                self.visit(base)
            with self._within("class", _CLASS_NAMES):
                self.run(node.body)
        self._bind(node.name)

    def visit_TypeAlias(self, node: ast.AST) -> None:
        """`type X = …` is evaluated when it is used."""
        self._bind(getattr(getattr(node, "name", None), "id", ""))

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        """The first iterable is evaluated outside, everything else in a scope with the targets."""
        self.visit(node.generators[0].iter)
        with self._within("comprehension"):
            for number, generator in enumerate(node.generators):
                if number:
                    self.visit(generator.iter)
                self._target(generator.target)
                for condition in generator.ifs:
                    self.visit(condition)
            for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
                self.visit(part)

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp

    def _target(self, target: ast.expr) -> None:
        names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        self._inner[-1][1].update(names)
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._read(node.id)

    def _annotation(self, annotation: ast.expr) -> None:
        self.annotated.update(quoted_names(annotation))
        if self._eager:
            self.visit(annotation)
        else:
            self.annotated.update(node.id for node in ast.walk(annotation) if isinstance(node, ast.Name))


def _type_parameters(node: ast.AST) -> Iterator[str]:
    return (parameter.name for parameter in getattr(node, "type_params", ()))
