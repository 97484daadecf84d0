"""What would be lost without a word is a notice with cell and line, and what is harmless is none."""

from __future__ import annotations

import pytest

from mlrun_nb.notebook.capture import capture
from tests.unit.notebook.corpus import cells

IMPORTS = """\
import logging, os, random, sys, time
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from numpy.random import seed
"""
DEFINITIONS = """\
NAMES = ["a"]
class A: ...
def noisy():
    print(NAMES)
    rows = []
    rows.append(1)
    A().b = 1
def seed_all(n):
    np.random.seed(n)
def start():
    seed_all(1)
"""
BODY = "print(logging, random, plt, np, pd, torch, seed, NAMES, A, noisy, seed_all, start)"

NOTICED = [
    "np.random.seed(0)",
    "random.seed(0)",
    "torch.manual_seed(0)",
    "seed(0)",
    "pd.set_option('display.max_rows', 5)",
    "pd.options.display.max_rows = 5",
    "plt.rcParams['figure.figsize'] = 3, 4",
    "plt.rcParams.update({})",
    "plt.style.use('x')",
    "sys.path.append('..')",
    "sys.path[:0] = ['..']",
    "sys.meta_path.insert(0, None)",
    "os.environ['A'] = '1'",
    "os.environ.setdefault('A', '1')",
    "os.chdir('..')",
    "A.m = noisy",
    "A.n: int = 1",
    "A.count += 1",
    "del A.m",
    "setattr(A, 'm', 1)",
    "old = np.seterr(all='ignore')",
    "seed_all(3)",
    "seeded = seed_all(3)",
    "start()",
    "if True:\n    np.random.seed(0)",
    "logging.getLogger().setLevel(10)",
    "logging.basicConfig()",
    "torch.backends.cudnn.deterministic = True",
    "%matplotlib widget",
    "%config InlineBackend.figure_format = 'svg'",
    "%load_ext tensorboard",
    "%env A=1",
    "%cd ..",
    "%run setup.py",
    "%%writefile helper.py\nx = 1",
    "%%file helper.py\nx = 1",
]

QUIET = [
    "print(np.random.seed)",
    "noisy()",
    "A()",
    "np.mean([1])",
    "plt.plot([1])",
    "plt.show()",
    "plt.gca().set_title('x')",
    "pd.DataFrame()",
    "pd.Series([1]).head()",
    "torch.cuda.is_available()",
    "torch.Tensor([1])",
    "time.sleep(1)",
    "NAMES.index('a')",
    "NAMES",
    "len(NAMES)",
    "df = pd.DataFrame()\ndf['a'] = 1\ndf.columns = ['b']\ndf.head()",
    "other = {}\nother.update(a=1)",
    "import warnings\nwarnings.filterwarnings('ignore')",
    "os.environ.get('A')",
    "os.listdir()",
    "for name in NAMES: print(name)",
    "%matplotlib inline",
    "total = np.add(1, 2)",
    "%load_ext mlrun_nb",
    "%load_ext autoreload",
    "%autoreload 2",
    "%timeit 1 + 1",
    "%env",
    "!pip install x",
    "%pip install x",
    "%%bash\nls",
    "%%time\nprint(1)",
    "def unused():\n    np.random.seed(0)",
    "'a'.join(NAMES)",
]


@pytest.mark.parametrize("source", NOTICED)
def test_a_side_effect_on_something_captured_is_a_notice(source):
    """The notice has the cell, the line, and the tag as remedy."""
    (notice,) = capture(BODY, cells(IMPORTS, DEFINITIONS, "\n" + source)).notices
    assert (notice.cell, notice.line) == (2, 3 if source.startswith("if") else 2)
    assert "`mlrun-setup`" in notice.hint


@pytest.mark.parametrize("source", NOTICED)
def test_a_setup_cell_silences_the_notice(source):
    """What is taken whole is not lost."""
    assert capture(BODY, cells(IMPORTS, DEFINITIONS, source, setup=[2])).notices == ()


@pytest.mark.parametrize("source", QUIET)
def test_what_only_shows_or_computes_is_no_notice(source):
    """False alarms make people stop reading."""
    assert capture(BODY, cells(IMPORTS, DEFINITIONS, source)).notices == ()


@pytest.mark.parametrize(
    "source", ["np.random.seed(0)", "A.m = 1", "NAMES.append('b')", "%matplotlib widget", "seed_all(1)"]
)
def test_a_side_effect_on_something_left_behind_is_no_notice(source):
    """A function that uses no numpy does not care for its seed."""
    assert capture("print(1)", cells(IMPORTS, DEFINITIONS, source)).notices == ()


def test_a_package_counts_under_any_of_its_names():
    """The seed of `numpy` matters to code that imports it under another name, even in the body."""
    assert len(capture("import numpy", cells("import numpy as np", "np.random.seed(0)")).notices) == 1


def test_the_seed_of_a_package_matters_to_those_that_are_built_on_it():
    """`train_test_split` shuffles by numpy's random numbers, although nobody imports numpy."""
    above = cells("import numpy as np\nnp.random.seed(0)")
    assert len(capture("from sklearn.model_selection import train_test_split", above).notices) == 1


def test_the_state_that_a_call_gives_is_changed_by_its_attributes():
    """`getcontext()` is the context in force."""
    above = cells("from decimal import Decimal, getcontext\ngetcontext().prec = 50")
    assert len(capture("Decimal(1) / 3", above).notices) == 1


def test_the_same_line_in_a_captured_statement_is_no_notice():
    """What travels is not lost."""
    above = cells("import numpy as np", "if True:\n    np.random.seed(0)\n    N = 3")
    assert capture("print(np, N)", above).notices == ()


def test_a_side_effect_on_what_a_setup_cell_binds_is_a_notice():
    """The setup travels, the line that changes what it bound does not."""
    above = cells("import numpy as np\nTABLE = []", "TABLE.append(1)", setup=[0])
    assert [notice.cell for notice in capture("print(TABLE)", above).notices] == [1]
