"""The functions that ship with the product as rows of tables, read from their folders and cells, for `generate.py`."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import jupytext
import yaml

from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.declarations import parse_parameters

HUB = Path(__file__).parents[1] / "hub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a person has to know of one function before the first run."""

    name: str
    version: str
    summary: str
    requirements: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]


def items() -> Iterator[Item]:
    """Yield every version of every function, by name."""
    for path in sorted(HUB.glob("*/*/item.yaml")):
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
        notebook = jupytext.read(path.parent / about["notebook"])
        (cell,) = (each.source for each in notebook.cells if f"%%mlrun {about['function']} " in each.source)
        magic, _, body = cell.partition("\n")
        inputs = _given(magic, "--input")
        yield Item(
            name=about["name"],
            version=about["version"],
            summary=about["summary"],
            requirements=tuple(about["requirements"]),
            inputs=inputs,
            outputs=_given(magic, "--output"),
            parameters=parse_parameters(body, inputs=inputs).parameters,
        )


def default_of(parameter: Parameter) -> str:
    """Return the default of *parameter* as it is typed, empty where it has to be given."""
    return "" if parameter.required else parameter.default_source or json.dumps(parameter.default, ensure_ascii=False)


def _given(magic: str, option: str) -> tuple[str, ...]:
    words = shlex.split(magic)
    return tuple(after for word, after in pairwise(words) if word == option)
