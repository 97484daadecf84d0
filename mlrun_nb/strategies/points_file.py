"""
Points and spaces that stand in a file: YAML and JSON, or a table in CSV or Parquet.

A list of mappings, and a table, are points: one for each item or row. A mapping of names to lists of values, or to a
distribution such as `uniform(2, 12)`, is a space. An empty cell is left out of its point.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from mlrun_nb._lib.yaml_file import YamlFileError, read_yaml
from mlrun_nb.errors import ConfigError, OptionError
from mlrun_nb.model.distribution_calls import parse_distribution
from mlrun_nb.model.domains import FORMS
from mlrun_nb.model.space import Given, GivenDimension, GivenPoint

_DELIMITERS = ",;\t"
_FORMS = (
    "Write a list of points, as in `- {lr: 0.1, epochs: 5}`, or a mapping of parameters to values, as in "
    "`lr: [0.1, 0.01]`."
)


def read_points(path: Path) -> Given:
    """
    Return what the file *path* holds; the ending of its name says in which form.

    Raises OptionError, naming file and line or point, for a file that is none of these, and ConfigError for a library
    that is not installed.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise OptionError(
            f"`{path}` is not a file of points: its name ends in none of {', '.join(_READERS)}",
            hint="Give the file the ending of what is in it.",
        )
    try:
        given = reader(path)
    except OSError as err:
        raise OptionError(
            f"`{path}` cannot be read: {err.strerror or err}", hint="See that the file is there."
        ) from err
    except UnicodeDecodeError as err:
        raise OptionError(
            f"`{path}` cannot be read: byte {err.start + 1} is not UTF-8 text", hint="Save it as UTF-8."
        ) from err
    if not (given.points or given.dimensions):
        raise OptionError(f"`{path}` holds no points", hint=_FORMS)
    return given


def _read_yaml(path: Path) -> Given:
    try:
        return _given(read_yaml(path, numbers_as_json=True), path)
    except YamlFileError as err:
        raise OptionError(f"`{path}` cannot be read: {err}", hint="Correct it there.") from err


def _read_json(path: Path) -> Given:
    try:
        return _given(json.loads(path.read_text(encoding="utf-8-sig")), path)
    except json.JSONDecodeError as err:
        place = f"line {err.lineno}, column {err.colno}"
        raise OptionError(f"`{path}` is not JSON: {place}: {err.msg}", hint="Correct it there.") from err
    except RecursionError as err:
        raise OptionError(f"`{path}` is nested too deeply", hint=_FORMS) from err


def _given(data: object, path: Path) -> Given:
    if data is None:
        return Given()
    if isinstance(data, list):
        return Given(points=tuple(_point(item, f"{path}, point {number}") for number, item in enumerate(data, 1)))
    if isinstance(data, Mapping):
        return Given(dimensions=tuple(_dimension(str(name), value, path) for name, value in data.items()))
    raise OptionError(f"`{path}` holds neither a list nor a mapping", hint=_FORMS)


def _point(item: object, where: str) -> GivenPoint:
    if not isinstance(item, Mapping):
        raise OptionError(f"{where}: `{item}` is not a mapping of parameters to values", hint=_FORMS)
    return GivenPoint(values={str(name): value for name, value in item.items()}, where=where)


def _dimension(name: str, value: object, path: Path) -> GivenDimension:
    if isinstance(value, list):
        return GivenDimension(name=name, values=tuple(value))
    if isinstance(value, Mapping):
        raise OptionError(
            f"`{name}` in `{path}` is a mapping", hint=f"Give it a list of values, or a distribution. {FORMS}"
        )
    try:
        distribution = parse_distribution(value) if isinstance(value, str) else None
    except OptionError as err:
        raise OptionError(f"`{name}` in `{path}`: {err.message}", hint=err.hint) from err
    if distribution is not None:
        return GivenDimension(name=name, distribution=distribution)
    return GivenDimension(name=name, values=(value,))


def _read_csv(path: Path) -> Given:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = next((character for character in _DELIMITERS if character in first), ",")
        try:
            return Given(points=tuple(_rows(csv.reader(file, delimiter=delimiter, strict=True), path)))
        except csv.Error as err:
            raise OptionError(f"`{path}` is not CSV: {err}", hint="Write it with another program.") from err


class _Lines(Protocol):
    """What `csv.reader` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def _rows(reader: _Lines, path: Path) -> Iterator[GivenPoint]:
    """Yield a point for each line below the first, which has the names; the parameter's type is to make of the text."""
    names = [name.strip() for name in next(reader, [])]
    if "" in names or len(set(names)) < len(names):
        raise OptionError(
            f"{path}, line 1: a name is empty or there twice", hint="Name a parameter above each column, each once."
        )
    for cells in reader:
        where = f"{path}, line {reader.line_num}"
        if cells and len(cells) != len(names):
            raise OptionError(
                f"{where}: it has {len(cells)} cells, and there are {len(names)} names",
                hint="Put quotes around a cell with commas in it; leave a cell empty for the default.",
            )
        if cells:
            values = {name: cell for name, cell in zip(names, cells, strict=True) if cell.strip()}
            yield GivenPoint(values=values, from_text=True, where=where)


def _read_parquet(path: Path) -> Given:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ModuleNotFoundError as err:
        raise ConfigError(
            f"`{path}` is a Parquet file, and pyarrow is not installed", hint="Run `pip install 'mlrun-nb[data]'`."
        ) from err
    try:
        with ParquetFile(path) as file:
            rows = file.read().to_pylist()
    except ArrowException as err:
        raise OptionError(f"`{path}` is not a Parquet file: {err}", hint="Write it again.") from err
    return Given(
        points=tuple(
            GivenPoint(
                values={name: value for name, value in row.items() if value is not None}, where=f"{path}, row {number}"
            )
            for number, row in enumerate(rows, 1)
        )
    )


_READERS: Mapping[str, Callable[[Path], Given]] = {
    ".yaml": _read_yaml,
    ".yml": _read_yaml,
    ".json": _read_json,
    ".csv": _read_csv,
    ".parquet": _read_parquet,
}
