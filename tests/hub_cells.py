"""The cells of a function that ships with the product, to be run as they stand in a process, without a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import yaml

from mlrun_nb.notebook.declarations import parse_parameters

HUB = Path(__file__).parents[1] / "hub"


@dataclass(frozen=True, slots=True)
class HubCells:
    """Code of one function: what stands above it, what declares its parameters, and the rest of its cell."""

    above: str
    parameters: str
    body: str

    def names(self) -> dict[str, Any]:
        """Execute what stands above the function, and return what it defined."""
        found: dict[str, Any] = {}
        exec(compile(self.above, "<hub>", "exec"), found)
        return found

    def run(self, values: Mapping[str, object] | None = None, **inputs: object) -> dict[str, Any]:
        """Execute the function here with parameters *values* and *inputs*, and return all that it defined."""
        found = self.names() | inputs
        for code in (self.parameters, *(f"{name} = {value!r}" for name, value in (values or {}).items()), self.body):
            exec(compile(code, "<hub>", "exec"), found)
        return found

    def script(self, before: str = "", values: Mapping[str, object] | None = None) -> str:
        """Return a program of it: *before* binds the inputs."""
        given = [f"{name} = {value!r}" for name, value in (values or {}).items()]
        return "\n".join([self.above, before, self.parameters, *given, self.body])


def cells_of(name: str) -> HubCells:
    """Return the cells of the one version of *name*."""
    (about,) = HUB.glob(f"{name}/*/item.yaml")
    notebook = jupytext.read(about.parent / yaml.safe_load(about.read_text())["notebook"])
    *above, last = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    magic, _, body = last.partition("\n")
    inputs = [word for before, word in zip(magic.split(), magic.split()[1:], strict=False) if before == "--input"]
    block = parse_parameters(body, inputs=inputs)
    return HubCells("\n".join(above), block.source, block.rest)
