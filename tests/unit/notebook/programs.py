"""Random programs for property tests: small valid Python over a handful of names, so that names meet often."""

from __future__ import annotations

import random

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


class Grower:
    """
    Writes random notebooks that mostly run: it keeps book of which names are numbers and which are functions by now.

    Some names are taken at random all the same, so that functions use what is defined later, twice, or never.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.kinds: dict[str, str] = {}

    def cell(self, size: int) -> str:
        """Return the next cell."""
        return "\n".join(self._statement() for _ in range(size))

    def _name(self, kind: str) -> str:
        known = [name for name, own in self.kinds.items() if own == kind]
        wild = not known or self.random.random() < 0.02
        return self.random.choice(_POOLS[kind] if wild else known)

    def _value(self, depth: int = 2) -> str:
        choice = self.random.randrange(5 if depth else 2)
        if choice == 0 or "number" not in self.kinds.values():
            return str(self.random.randrange(10))
        if choice == 1:
            return self._name("number")
        if choice == 2 and "function" in self.kinds.values():
            return f"{self._name('function')}({self._value(depth - 1)})"
        return f"({self._value(depth - 1)} {self.random.choice('+-*')} {self._value(depth - 1)})"

    def _statement(self) -> str:
        kind, template = self.random.choice(_TEMPLATES)
        pool = _POOLS[kind or "number"] if self.random.random() < 0.97 else NAMES
        name = self.random.choice(pool)
        text = template.replace("NAME", name)
        while "VALUE" in text:
            text = text.replace("VALUE", self._value(), 1)
        while "NUMBER" in text:
            text = text.replace("NUMBER", self._name("number"), 1)
        while "FUNCTION" in text:
            text = text.replace("FUNCTION", self._name("function"), 1)
        if kind:
            self.kinds[name] = kind
        return text


_POOLS = {"number": tuple("abcdeijkLMNOPQRST"), "function": ("f", "g", "h", "u", "v", "w")}
_TEMPLATES = [
    *[("number", "NAME = 7")] * 6,
    *[("function", "def NAME(x):\n    return x + VALUE")] * 6,
    ("number", "NAME = VALUE"),
    ("number", "NAME: int = VALUE"),
    ("", "NUMBER += VALUE"),
    ("number", "for NAME in range(3): pass"),
    ("number", "for i in range(2):\n    NAME = VALUE"),
    ("number", "if VALUE < 5:\n    NAME = VALUE\nelse:\n    NAME = VALUE"),
    ("", "if VALUE < 5:\n    NUMBER = VALUE"),
    ("number", "try:\n    NAME = VALUE\nexcept NameError:\n    NAME = 1"),
    ("number", "NAME = [x + VALUE for x in range(3)][1]"),
    ("number", "NAME = (lambda x, y=VALUE: x + y)(VALUE)"),
    ("number", "print(end='' if (NAME := VALUE) else '')"),
    ("number", "with memoryview(b'') as NAME: pass\nNAME = VALUE"),
    ("number", "class Holder:\n    NAME = VALUE\nNAME = Holder.NAME"),
    ("function", "def NAME(x): return x + 1"),
    ("function", "def NAME(x, y=VALUE):\n    return x + y"),
    ("function", "def NAME(x):\n    return x + VALUE"),
    ("function", "def NAME(x):\n    z = VALUE\n    return (lambda: z + NUMBER)()"),
    ("function", "def NAME(x):\n    global NUMBER\n    NUMBER = x\n    return VALUE"),
    ("function", "def NAME(NUMBER):\n    return VALUE"),
    ("function", "def NAME(x: NUMBER) -> FUNCTION:\n    return FUNCTION(x)"),
    ("function", "NAME = lambda x: x + VALUE"),
    ("function", "from operator import neg as NAME"),
    ("function", "class NAME:\n    def __new__(cls, x, y=VALUE):\n        return x + y + VALUE"),
    ("function", "def wrap(function):\n    return lambda x: function(x) + VALUE\n@wrap\ndef NAME(x):\n    return x"),
    ("function", "NAME = FUNCTION"),
    ("", "VALUE"),
]
