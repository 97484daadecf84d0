"""Code to paste: what a person writes in a notebook or a shell to get the same thing that they see."""

from __future__ import annotations

from mlrun_nb._lib.shell import quoted
from mlrun_nb.commands import states
from mlrun_nb.commands.views.headline import PROGRAM
from mlrun_nb.model.artifact import Artifact
from mlrun_nb.model.function import Version
from mlrun_nb.model.run import Run

IMPORT = "import mlrun_nb as mn"


def python_of_run(run: Run) -> str:
    """Return the Python that finds *run* in a notebook."""
    return f"{IMPORT}\n\nrun = mn.get_run({states.short_id(run)!r})"


def python_of_artifact(run: Run, artifact: Artifact) -> str:
    """Return the Python that loads *artifact*."""
    name = artifact.name
    output = f".{name}" if name.isidentifier() else f"[{name!r}]"
    return f"mn.get_run({states.short_id(run)!r}).outputs{output}.load()"


def python_of_version(version: Version, *, tag: str) -> str:
    """Return the Python that runs *version* with its defaults; *tag* is one of its own, empty where it has none."""
    required = [item.name for item in version.spec.parameters if item.required]
    arguments = ", ".join(f"{name}=..." for name in required)
    return f"{IMPORT}\n\nrun = mn.get_function({_reference(version, tag)!r}).run({arguments})"


def command_of_version(version: Version, *, tag: str) -> str:
    """Return the shell's command that runs *version* with its defaults."""
    needed = "".join(f" -p {item.name}=…" for item in version.spec.parameters if item.required)
    return f"{PROGRAM} run {quoted(_reference(version, tag))}{needed}"


def _reference(version: Version, tag: str) -> str:
    if tag == "latest":
        return version.function
    return f"{version.function}:{tag}" if tag else f"{version.function}@{version.short}"
