"""A class of the notebook comes back as that class; each test is two processes with a `__main__` of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest

CLASS = "class Point:\n    def __init__(self, x): self.x = x\n    def double(self): return self.x * 2\n"
DATA_CLASS = """
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    def double(self): return self.x * 2
"""
SAVE = "import sys; from mlrun_nb.artifacts import pickling\nwith open(sys.argv[1], 'wb') as f: pickling.dump({}, f)\n"
LOAD = (
    "import sys; from mlrun_nb.artifacts import pickling\nwith open(sys.argv[1], 'rb') as f: value = pickling.load(f)\n"
)
PLAIN = "import pickle, sys\nwith open(sys.argv[1], 'rb') as f: value = pickle.load(f)\n"


@pytest.fixture
def say(tmp_path: Path):
    """Run code as a script's `__main__` and return what it prints."""

    def run(code: str) -> str:
        command = [sys.executable, "-W", "always", "-c", code, str(tmp_path / "value.pkl")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        (CLASS, "Point(4)"),
        (f"{CLASS}class Sub(Point): pass\n", "Sub(4)"),
(DATA_CLASS, "Point(4)"),
        ("class Outer:\n" + indent(CLASS, "    ") + "Point = Outer.Point\n", "Point(4)"),
        (f"import enum\nclass Colour(enum.Enum):\n    RED = 4\n{CLASS}", "Point(Colour.RED.value)"),
    ],
)  # fmt: skip
def test_an_instance_comes_back_as_an_instance_of_the_class_defined_here(say, definition, value):
    """`isinstance` is true, also for subclasses, dataclasses, nested classes."""
    say(definition + SAVE.format(value))
    assert say(f"{definition}{LOAD}print(isinstance(value, Point), value.double())") == "True 8\n"


def test_a_corrected_method_counts(say):
    """The class defined here is the truth, as it is for any pickle by reference."""
    say(CLASS + SAVE.format("Point(4)"))
    assert say(f"{CLASS.replace('* 2', '* 3')}{LOAD}print(value.double())") == "12\n"


def test_the_class_itself_comes_back_as_the_one_defined_here(say):
    """Not only instances of it."""
    say(CLASS + SAVE.format("[Point, Point(1)]"))
    assert say(f"{CLASS}{LOAD}print(value[0] is Point, type(value[1]) is Point)") == "True True\n"


def test_where_the_class_is_not_defined_its_copy_stands_in(say):
    """A colleague can load it without the notebook; without this package too."""
    say(CLASS + SAVE.format("Point(4)"))
    assert say(f"{LOAD}print(value.double())") == "8\n"
    assert say(f"import sys; sys.modules['mlrun_nb'] = None\n{PLAIN}print(value.double())") == "8\n"


@pytest.mark.parametrize(
    "other",
    [
        "class Point(dict): pass\n",
        "class Point:\n    __slots__ = ('y',)\n",
        "from dataclasses import dataclass\n@dataclass\nclass Point:\n    y: int = 0\n",
    ],
)
def test_another_class_of_that_name_is_left_alone_and_that_is_said(say, other):
    """The value keeps its own class, and nobody has to find out by a false `isinstance`."""
    say(CLASS + SAVE.format("Point(4)"))
    said = say(f"{other}{LOAD}print(isinstance(value, Point), value.double())")
    assert said.startswith("False 8\n")
    assert "saved with another class `Point`" in said


def test_functions_and_what_they_need_travel_along(say):
    """By value, with the classes that they use resolved here."""
    say(f"{CLASS}def make(x): return Point(x)\n{SAVE.format('make')}")
    assert say(f"{CLASS}{LOAD}print(isinstance(value(3), Point))") == "True\n"
