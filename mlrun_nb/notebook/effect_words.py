"""
Words by which a call that changes something is told from one that only shows or computes something.

Names that libraries give their functions are a guess, used for notices and for nothing else; MUTATES and
ARGUMENT_CHANGED are Python's own words, by which `changes` knows that a value is no constant.
"""

from __future__ import annotations

import re

PROCESS = (
    "sys.path", "sys.meta_path", "sys.path_hooks", "sys.modules", "sys.setrecursionlimit", "os.environ",
    "os.chdir", "os.putenv", "os.unsetenv", "locale.setlocale", "multiprocessing.set_start_method",
)  # fmt: skip
"""What belongs to the process as a whole, and matters whether or not the name is captured."""

QUIET_PACKAGES = frozenset({
    "IPython", "altair", "bokeh", "builtins", "collections", "datetime", "gc", "inspect", "itertools", "json",
    "math", "matplotlib", "numpy", "os", "pandas", "pathlib", "plotly", "polars", "pprint", "pylab", "random",
    "rich", "scipy", "seaborn", "shutil", "sklearn", "statistics", "sys", "tabulate", "textwrap", "time",
    "tqdm",
})  # fmt: skip
"""Packages whose bare calls are mostly drawings and displayed values; only what ALTERS names is noticed."""

CONTEXTS = ("decimal.getcontext",)
"""Calls that give the state in force, so that assigning to its attributes changes it: `getcontext().prec = 50`."""

SETS = re.compile(r"(?:\w+_)?seed|seterr\w*|set_\w+")
"""Last words of a call that changes state even where its result is kept: `old = np.seterr(…)`."""

BUILT_ON = {
    "numpy": frozenset({"imblearn", "lightgbm", "pandas", "scipy", "seaborn", "sklearn", "statsmodels", "xgboost"}),
    "matplotlib": frozenset({"seaborn"}),
}
"""Packages that draw on the state of another one, such as its random numbers, without their users importing it."""

ALTERS = re.compile(
    r"seed|\w*_seed|set|set_\w+|set[A-Z]\w*|seterr\w*|setlocale|setrecursionlimit|setdefault|reset\w*|register\w*|use|rc|rcdefaults|"
    r"switch_backend|ion|ioff|xkcd|enable\w*|disable\w*|install\w*|uninstall\w*|config|configure\w*|basicConfig|append|insert|extend|"
    r"remove|clear|pop|update|add|add[A-Z]\w*|chdir|putenv|unsetenv|filterwarnings|simplefilter|captureWarnings|patch\w*|shuffle"
)
"""Last words of a call that changes state."""

LOOKS = re.compile(
    r"(?:is|has|get|show|print|plot|display|summar|list|count|info|describe|head|tail|find|view|draw|help|version|about)\w*|\w*plot\w*|"
    r"\w*chart\w*|len|repr|dir|sleep|gather|run"
)
"""Last words of a call that only looks."""

READS = frozenset({
    "keys", "values", "items", "get", "copy", "count", "index", "format", "join", "split", "strip", "lower",
    "upper", "title", "startswith", "endswith", "encode", "decode", "replace", "union", "intersection",
    "difference", "issubset", "issuperset", "isdisjoint", "as_posix", "exists", "is_file", "is_dir", "match",
    "search", "fullmatch", "findall", "finditer", "sub", "isoformat", "strftime", "total_seconds", "date",
    "mro", "__repr__", "__str__",
})  # fmt: skip
"""Methods of plain values that change nothing."""

MUTATES = frozenset({
    "add", "append", "appendleft", "clear", "difference_update", "discard", "extend", "extendleft", "insert",
    "intersection_update", "move_to_end", "pop", "popitem", "popleft", "remove", "reverse", "rotate", "setdefault",
    "sort", "subtract", "symmetric_difference_update", "update",
})  # fmt: skip
"""Methods by which lists, dicts, sets and their relatives are changed in place."""

ARGUMENT_CHANGED = frozenset(
    {"setattr", "delattr", "shuffle", "heapify", "heappush", "heappop", "insort", "update_wrapper"}
)
"""Functions that change their first argument."""
