"""Sizes. A limit may be lowered, never raised: what does not fit holds two ideas."""

from __future__ import annotations

import ast

from tests.architecture.tree import modules

FILE_LINES = 400
CLASS_LINES = 250
FUNCTION_LINES = 40  # without the docstring
PARAMETERS = 7  # then a record; `self` and `cls` are not counted

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _classes() -> dict[str, ast.ClassDef]:
    nodes = [(path, node) for path, tree in modules().items() for node in ast.walk(tree)]
    return {f"{path}:{node.lineno} {node.name}": node for path, node in nodes if isinstance(node, ast.ClassDef)}


def _functions() -> dict[str, Function]:
    nodes = [(path, node) for path, tree in modules().items() for node in ast.walk(tree)]
    return {f"{path}:{node.lineno} {node.name}": node for path, node in nodes if isinstance(node, Function)}


def _body_lines(node: Function) -> int:
    return _lines(node) - (_lines(node.body[0]) if ast.get_docstring(node) is not None else 0)


def _parameters(node: Function) -> int:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([argument for argument in arguments if argument.arg not in {"self", "cls"}])


def _above(limit: int, sizes: dict[str, int]) -> dict[str, int]:
    return {where: size for where, size in sizes.items() if size > limit}


def test_no_file_is_longer_than_its_budget():
    """A file can be read in one sitting."""
    assert (
        _above(FILE_LINES, {path: tree.body[-1].end_lineno or 0 for path, tree in modules().items() if tree.body}) == {}
    )


def test_no_class_is_longer_than_its_budget():
    """A class has one job."""
    assert _above(CLASS_LINES, {where: _lines(node) for where, node in _classes().items()}) == {}


def test_no_function_is_longer_than_its_budget():
    """A function fits on a screen."""
    assert _above(FUNCTION_LINES, {where: _body_lines(node) for where, node in _functions().items()}) == {}


def test_no_function_takes_more_parameters_than_its_budget():
    """What needs more takes a record."""
    assert _above(PARAMETERS, {where: _parameters(node) for where, node in _functions().items()}) == {}
