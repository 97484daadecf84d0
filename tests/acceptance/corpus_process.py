"""
Processes for the corpus: each notebook and each function runs in a child of its own.

The children are forked from a process that has the large libraries loaded: nothing of one is left for the next, and
none pays for imports.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.artifact import Artifact
from tests.acceptance.corpus import Story

LOADED = [
    "IPython.terminal.interactiveshell", "jupytext", "matplotlib.pyplot", "numpy", "pandas", "pyarrow.parquet",
    "skops.io", "sklearn.datasets", "sklearn.ensemble", "sklearn.linear_model", "sklearn.pipeline",
    "mlrun_nb.cli.faults", "mlrun_nb.cli.running", "mlrun_nb.cli.verbs.run", "mlrun_nb.engines.inline",
    "mlrun_nb.runner.in_process", "mlrun_nb.stores.sqlite",
    "tests.acceptance.corpus_values", "tests.acceptance.corpus_whole",
]  # fmt: skip
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(LOADED)


@dataclass(frozen=True, slots=True)
class Alone:
    """What a function came to, run by itself: exit code, what was said, and where its outputs differ."""

    code: int
    err: str
    differences: tuple[str, ...] = ()


def whole(story: Story, values: Path) -> None:
    """Run the notebook in one session and keep its values in *values*; raises RuntimeError when a cell fails."""
    answer = values.with_suffix(".answer")
    _in_child(_whole, story, values, answer)
    if answer.read_text():
        raise RuntimeError(answer.read_text())


def alone(story: Story, function: str, values: Path) -> Alone:
    """Run a function by `mlrun-nb run`, and compare what it leaves with *values*."""
    answer = values / f"{function}.answer"
    _in_child(_alone, story, function, values, answer)
    plain = json.loads(answer.read_text())
    return Alone(plain["code"], plain["err"], tuple(plain["differences"]))


def _in_child(target: object, story: Story, *arguments: object) -> None:
    process = _context.Process(target=_child, args=(target, dict(os.environ), story, *arguments))
    process.start()
    process.join(250)
    if process.exitcode != 0:
        process.kill()
        raise RuntimeError(f"{story.path.name}: the child ended with {process.exitcode}")


def _child(target: object, environment: Mapping[str, str], story: Story, *arguments: object) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.environ["MPLBACKEND"] = "agg"
    os.chdir(story.path.parent)
    sys.path.insert(0, "")
    assert callable(target)
    target(story, *arguments)


def _whole(story: Story, values: Path, answer: Path) -> None:
    from tests.acceptance.corpus_whole import run_whole

    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            run_whole(story, values)
    except BaseException as err:  # noqa: BLE001  # told to the test
        answer.write_text(said.getvalue()[-1000:] + "".join(traceback.format_exception_only(err)))
        return
    answer.write_text("")


def _alone(story: Story, function: str, values: Path, answer: Path) -> None:
    from mlrun_nb.cli.main import run

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["run", f"{story.path.name}::{function}", "--json", *_words(story, function, values)])
    found: Sequence[str] = _differences(story, function, values, json.loads(out.getvalue())) if code == 0 else ()
    answer.write_text(json.dumps(asdict(Alone(code, err.getvalue(), tuple(found)))))


def _words(story: Story, function: str, values: Path) -> list[str]:
    words = ["--on", "local" if story.stated(function, "kernel") else "inline"]
    for name, artifact in _records(values / function / "inputs").items():
        if artifact.kind not in {"pickle", "joblib"} and not _from_above(story, function, name):
            words += ["--input", f"{name}={artifact.uri}"]
    return words + [word for text in story.stated(function, "options") for word in text.split()]


def _from_above(story: Story, function: str, name: str) -> bool:
    """Tell whether a function above has the input as its output, so that the product finds it by itself."""
    from mlrun_nb.notebook.cells import FunctionCell
    from mlrun_nb.notebook.discovery import function_cells

    for cell in function_cells(story.notebook):
        assert isinstance(cell, FunctionCell), cell
        if cell.name == function:
            return False
        outputs = cell.options.get("output", [])
        differ = any(text.startswith(f"`{name}`") for text in story.stated(cell.name, "differs"))
        if isinstance(outputs, list) and name in outputs and not differ:
            return True
    return False


def _records(folder: Path) -> dict[str, Artifact]:
    path = folder / "records"
    plain = json.loads(path.read_text()) if path.exists() else {}
    return {name: from_json(Artifact, record) for name, record in plain.items()}


def _differences(story: Story, function: str, values: Path, said: Mapping[str, object]) -> list[str]:
    from mlrun_nb.artifacts.loading import load_artifact
    from tests.acceptance.corpus_values import difference

    assert isinstance(said["artifacts"], list)
    assert isinstance(said["results"], dict)
    found = dict(said["results"])
    kept = _records(values / function / "outputs")
    for record in said["artifacts"]:
        if record["name"] in kept:
            place = {name: record[name] for name in ("name", "kind", "uri", "digest", "size")}
            found[record["name"]] = load_artifact(replace(kept[record["name"]], **place))
    skipped = [text.split()[0].strip("`:") for text in story.stated(function, "differs")]
    missing = [f"{name} is missing" for name in kept if name not in found and name not in skipped]
    compared = [name for name in kept if name in found and name not in skipped]
    return missing + [text for name in compared if (text := difference(load_artifact(kept[name]), found[name], name))]
