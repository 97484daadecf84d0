"""Runs that the server starts for somebody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mlrun_nb.commands.run import Planned, hand_over
from mlrun_nb.errors import EngineRejected, MlrunNbError
from mlrun_nb.model.run import Run
from mlrun_nb.plugins import engine_names
from mlrun_nb.project import Project


def start(project: Project, planned: Planned) -> Run:
    """Hand over the planned run; raises EngineRejected for an engine that would execute it in the server itself."""
    engine = planned.request.engine
    if not project.engine(engine).traits.outlives_client:
        raise EngineRejected(
            f"`{engine}` runs code in the process that asks for it, and here that is the Jupyter server",
            hint="Choose another engine, or run the cell in its notebook.",
        )
    return hand_over(project, planned).run


def inputs_in(root: str, folder: str, inputs: Mapping[str, str]) -> dict[str, str]:
    """
    Return *inputs* with a path that leads from *folder*, which is below *root*, to a file made absolute.

    The server works in a folder of its own, which whoever types a path does not know.
    """
    return {name: _place(Path(root, folder, text), text) if root and text else text for name, text in inputs.items()}


def _place(path: Path, text: str) -> str:
    try:
        return str(path) if path.exists() else text
    except (OSError, ValueError):  # a name longer than any, an empty byte
        return text


def startable(project: Project) -> Iterator[str]:
    """Yield the engines and profiles on which the server starts runs; those that cannot be asked are left out."""
    for name in dict.fromkeys([*engine_names(), *project.config.profiles]):
        profile = project.config.profiles.get(name)
        engine = str(profile.values.get("engine", "local")) if profile else name
        try:
            if project.engine(engine).traits.outlives_client:
                yield name
        except MlrunNbError:
            continue
