"""
Calls that a constant may be made of: they compute or declare, give the same each time, and touch nothing else.

Read by `constants` only. What reads a file, the clock, the environment or a random number has no place here, nor what
makes an array or a table: that is data.
"""

from __future__ import annotations

ITERATORS = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
"""Builtins that give something which can be read once, so that they are harmless within another call only."""

BUILTINS = ITERATORS - {"iter"} | {
    "abs", "all", "any", "bool", "bytes", "chr", "complex", "dict", "divmod", "float", "frozenset", "int", "len",
    "list", "max", "min", "ord", "pow", "range", "repr", "round", "set", "slice", "sorted", "str", "sum", "tuple",
}  # fmt: skip

METHODS = frozenset({
    "as_posix", "capitalize", "casefold", "copy", "count", "decode", "difference", "encode", "endswith", "format",
    "fromhex", "fromisoformat", "fromkeys", "get", "index", "intersection", "isoformat", "items", "join", "joinpath",
    "keys", "lower", "lstrip", "maketrans", "partition", "relative_to", "removeprefix", "removesuffix", "replace",
    "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strftime", "strip", "title",
    "total_seconds", "translate", "union", "upper", "values", "with_name", "with_suffix", "zfill",
})  # fmt: skip
"""Methods of plain values: texts, containers, dates, paths. All else that a constant is made of has none of them."""

IMPORTED_MODULES = frozenset({"cmath", "math", "operator"})
"""Modules of which every function is harmless."""

IMPORTED = frozenset({
    "collections.ChainMap", "collections.Counter", "collections.OrderedDict", "collections.defaultdict",
    "collections.deque", "collections.namedtuple", "contextvars.ContextVar", "dataclasses.make_dataclass",
    "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.timezone",
    "datetime.date.fromisoformat", "datetime.datetime.fromisoformat", "datetime.datetime.strptime", "decimal.Decimal",
    "enum.Enum", "enum.Flag", "enum.IntEnum", "enum.IntFlag", "enum.StrEnum", "fractions.Fraction",
    "functools.partial", "itertools.chain", "itertools.combinations", "itertools.permutations", "itertools.product",
    "logging.getLogger", "os.path.basename", "os.path.dirname", "os.path.join", "os.path.splitext", "pathlib.Path",
    "pathlib.PurePath", "pathlib.PurePosixPath", "re.compile", "re.escape", "textwrap.dedent", "threading.Lock",
    "threading.RLock", "types.MappingProxyType", "types.SimpleNamespace", "typing.NamedTuple", "typing.NewType",
    "typing.ParamSpec", "typing.TypeVar", "typing.TypedDict", "typing.cast", "zoneinfo.ZoneInfo",
})  # fmt: skip
