"""Random programs for property tests: small valid Python over a handful of names, so that names meet often."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "f", "g", "K")
names = st.sampled_from(NAMES)


def _join(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    return st.tuples(*(part if not isinstance(part, str) else st.just(part) for part in parts)).map("".join)


_atoms = st.one_of(names, st.integers(0, 9).map(str), st.sampled_from(["'s'", "True", "None", "1.5", "math.pi"]))


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([" + ", " * ", " - ", " and ", " < ", " is not ", " if 1 else "])
    return st.one_of(
        _join("(", inner, operators, inner, ")"),
        _join("[", inner, ", ", inner, "]"),
        _join("{'k': ", inner, "}"),
        _join("f'{", names, "}'"),
        _join(names, "(", inner, ")"),
        _join("(lambda ", names, "=", inner, ": ", inner, ")"),
        _join("[", inner, " for ", names, " in ", inner, "]"),
        _join("(", names, " := ", inner, ")"),
        _join("str(", inner, ")"),
        _join(names, ".x"),
        _join(names, "[", inner, "]"),
    )


expressions = st.recursive(_atoms, _compound, max_leaves=4)


def _indent(block: str) -> str:
    return "\n".join(f"    {line}" for line in block.split("\n"))


_simple = st.one_of(
    _join(names, " = ", expressions),
    _join(names, ": int = ", expressions),
    _join(names, ", ", names, " = ", expressions),
    _join(names, " += ", expressions),
    _join(names, ".x = ", expressions),
    _join(names, "[0] = ", expressions),
    _join("del ", names),
    _join("import math as ", names),
    st.sampled_from(["import math", "from math import *", "from __future__ import annotations", "pass", "# a comment"]),
    expressions,
    _join("await ", names),
)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, min_size=1, max_size=3).map("\n".join).map(lambda text: f"{text}\npass").map(_indent)
    return st.one_of(
        _join("def ", names, "(", names, "=", expressions, "):\n", block),
        _join("async def ", names, "():\n", block),
        _join("@", names, "\ndef ", names, "(x: ", names, "):\n    global ", names, "\n    return ", expressions),
        _join("def ", names, "():\n    return ", expressions),
        _join("class ", names, "(", names, "):\n", block),
        _join("class ", names, ":\n", block),
        _join("if ", expressions, ":\n", block, "\nelse:\n", block),
        _join("for ", names, " in ", expressions, ":\n", block),
        _join("while ", expressions, ":\n", block, "\n    break"),
        _join("try:\n", block, "\nexcept ValueError as ", names, ":\n", block),
        _join("with ", expressions, " as ", names, ":\n", block),
        _join("match ", expressions, ":\n    case [", names, ", *_]:\n        pass\n    case _:\n        pass"),
    )


statements = st.recursive(_simple, _blocks, max_leaves=4)
programs = st.lists(statements, min_size=1, max_size=5).map("\n".join)
"""Programs that mostly parse; `from __future__` in the middle or a `global` too late are for others to refuse."""

magics = st.one_of(
    _join("%time ", names, " = ", expressions),
    _join(names, " = !ls {", names, "}"),
    _join("!echo $", names, " {", expressions, "}"),
    _join("%timeit -n 2 ", expressions),
    _join("%%capture ", names, "\n", programs),
    _join("%%mlrun ", names, " --output ", names, "\n", programs),
    _join("%%bash\n", expressions),
    _join("%run ", names),
    _join(names, "?"),
    _join(programs, "\n%matplotlib inline\n", programs),
)
cell_texts = st.one_of(programs, programs, magics, st.text(max_size=40))

_values = st.recursive(
    st.one_of(names, st.integers(0, 9).map(str)),
    lambda inner: st.one_of(
        _join("(", inner, " + ", inner, ")"), _join("(", inner, " * ", inner, ")"), _join(names, "(", inner, ")")
    ),
    max_leaves=3,
)
working_statements = st.one_of(
    _join(names, " = ", _values),
    _join(names, " = ", st.integers(0, 9).map(str)),
    _join("def ", names, "(x, y=", _values, "):\n    return x + ", _values),
    _join("def ", names, "(x):\n    return ", _values),
    _join("def ", names, "(", names, "):\n    z = ", _values, "\n    return z"),
    _join("def ", names, "(x):\n    global ", names, "\n    return x + ", _values),
    _join(names, " += ", _values),
    _join("if ", _values, " < 9:\n    ", names, " = ", _values, "\nelse:\n    ", names, " = ", _values),
    _join("for ", names, " in range(3):\n    ", names, " = ", _values),
    _join(names, " = lambda x: x + ", _values),
    _join("class ", names, ":\n    x = ", _values, "\n    def __new__(cls, x):\n        return cls.x + ", _values),
    _join("def ", names, "(x: ", names, ") -> ", names, ":\n    return x"),
    _join("from math import ceil as ", names),
)
"""Statements whose programs often run to their end."""
working_programs = st.lists(working_statements, min_size=1, max_size=4).map("\n".join)
