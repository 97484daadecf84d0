#!/usr/bin/env python3
"""
The reference pages, made from the code: `make docs` writes them, a test fails when one is not current.

Pure functions, one for each page, that return its text; nothing here is written a second time by hand.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

import click

import mlrun_nb
from docs import hub_library
from docs.troubleshooting import rows
from labextension import generate_types
from mlrun_nb import config, errors
from mlrun_nb.api.comparison import Comparison
from mlrun_nb.api.metrics import Metrics
from mlrun_nb.api.shown import signature_text
from mlrun_nb.api.table import Table
from mlrun_nb.api.values import Artifact, Outputs
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.main import PROGRAM, VERBS, group
from mlrun_nb.commands.machine import dumps, run_json
from mlrun_nb.kube.diagnosis import Grace
from mlrun_nb.model.artifact import Artifact as ArtifactRecord
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.options import OPTIONS, Kind, Option
from mlrun_nb.model.run import Run, RunError, RunId
from mlrun_nb.model.states import RunState
from mlrun_nb.runner import exit_codes as runner_codes
from mlrun_nb.server.openapi import document
from mlrun_nb.server.route import BASE
from mlrun_nb.server.table import ROUTES
from mlrun_nb.server.watcher import EVENT

FOLDER = Path(__file__).parent / "reference"
_NOTE = "<!-- Made by docs/generate.py from the code; `make docs` writes it again. -->\n"


def options_page() -> str:
    """Return the page on all options of the one table."""
    return _page(
        "Options",
        "One table holds every option that a function, a profile or a run can carry.\n"
        "An option is typed `--memory 16Gi` on the `%%mlrun` line and in the shell, `#| mlrun.memory: 16Gi` in "
        "a cell, and `memory: 16Gi` in a profile or under `defaults:`.\n"
        "Those of section run are never part of a version; all others are when the cell states them.",
        *_option_sections(),
        "## Forms of values\n\nIn brackets the form in JSON records.\n",
        _table(("form", "a value is"), [(str(kind), text) for kind, text in _docs_of(Kind)]),
    )


def cli_page() -> str:
    """Return the page on all verbs."""
    return _page(
        "Command line",
        f"`{PROGRAM} VERB`; `{PROGRAM} VERB --help` prints the same as this page.\n"
        "What was asked for goes to stdout, progress, notices and errors go to stderr.",
        _table(("verb", "does"), [(f"[`{verb}`](#{_anchor(verb)})", text) for verb, text in VERBS.items()]),
        *(_verb(verb) for verb in VERBS),
    )


def errors_page() -> str:
    """Return the page on all errors."""
    return _page(
        "Errors",
        "Every error says what happened to which object, and ends with a hint: a thing to do.\n"
        "The families say whose move it is; a failed cell of yours is none of these, it is a run whose state is "
        "`failed`.",
        _table(("error", "kind of", "exit code", "means"), list(_error_rows(errors.MlrunNbError))),
    )


def settings_page() -> str:
    """Return the page on files and variables."""
    project = ", ".join(f"`{key}`" for key in _PROJECT_KEYS)
    return _page(
        "Settings",
        "`project.yaml` is looked for in the working directory and the folders above; where it lies is the project.\n"
        "Without one the project is called `default`.\n"
        f"Its keys are {project}; an unknown key is an error.",
        _table(("key in project.yaml", "meaning"), [(f"`{key}`", text) for key, text in _PROJECT_KEYS.items()]),
        "The user's configuration, `~/.config/mlrun-nb/config.yaml`, has the same keys but for `name`.",
        "```yaml project.yaml\n" + _EXAMPLE_PROJECT + "```",
        "## Variables\n",
        _table(("variable", "meaning"), [(f"`{name}`", text) for name, text in _VARIABLES.items()]),
        "## Precedence\n\n"
        "For options: this run > the `%%mlrun` line > `#| mlrun.KEY:` lines > the profile > `defaults:` in "
        "project.yaml > `MLRUN_NB_*` > `defaults:` in the user's configuration.\n"
        "For `store` and `artifacts`: project.yaml > the variable > the user's configuration > the built-in default.\n"
        "Values of one option are not merged: the strongest layer that names it gives all of it.\n"
        "The engine is what `--on` names, a profile or an engine; without it profile `default`, else `local`.\n"
        f"`{PROGRAM} show` names the source of each value.",
    )


def json_page() -> str:
    """Return the page on the JSON form of a run."""
    good, bad = run_json(_example_run(), [_example_artifact()]), run_json(_example_failure(), [])
    return _page(
        "JSON",
        "`run --json`, `rerun --json` and `show --json` print exactly one object on stdout, "
        "`runs --json` an array of the same.\n"
        "Fields may be added in a later release, and are never renamed.",
        _table(("field", "holds"), [(f"`{name}`", _FIELDS[name]) for name in good]),
        'Times are ISO 8601 with offset; not-a-number and the infinities are `"NaN"`, `"Infinity"`, `"-Infinity"`.',
        "A run that succeeded:",
        f"```json\n{dumps(good)}```",
        "`error` of one that failed:",
        f"```json\n{json.dumps(bad['error'], indent=2)}\n```",
        "`doctor --json` prints an array of findings: `name`, `ok` (true, false, or null for something optional that "
        "is absent), `text`, and a `hint` where there is something to do.",
    )


def exit_codes_page() -> str:
    """Return the page on exit codes of the command line and of the runner."""
    runner: list[tuple[str, ...]] = [("0", "the run succeeded", "")]
    runner += [
        (str(code), _FAULTS[fault], "yes" if code in runner_codes.RETRIED else "")
        for fault, code in runner_codes.EXIT_CODES.items()
    ]
    return _page(
        "Exit codes",
        _table((f"`{PROGRAM}`", "meaning"), [(str(int(code)), text) for code, text in _docs_of(ExitCode)]),
        "## The runner\n\n"
        "`python -m mlrun_nb.runner RUN-DIRECTORY`, which engines start, says by its exit code whose fault it was.\n"
        "Attempts follow, up to `--retries`, where the last column says so.",
        _table(("runner", "meaning", "tried again"), runner),
    )


def python_page() -> str:
    """Return the page on the public names of the package."""
    names = {name: getattr(mlrun_nb, name) for name in mlrun_nb.__all__ if name not in {"__version__", "errors"}}
    classes = {name: member for name, member in names.items() if isinstance(member, type)}
    verbs = {name: member for name, member in names.items() if name not in classes}
    anchors = {name: f"class-{name.lower()}" if name in classes else name for name in [*verbs, *classes]}
    return _page(
        "Python",
        "`import mlrun_nb as mn` gives these names, and nothing else is public.\n"
        "They work in the project in force: that of the working directory, as on the command line.\n"
        "Errors stand in `mn.errors` and on a [page of their own](errors.md); options are those of the "
        "[table](options.md), with underscores.",
        _table(
            ("name", "is for"),
            [(f"[`{name}`](#{anchor})", _prose(names[name]).partition("\n")[0]) for name, anchor in anchors.items()],
        ),
        *(f"## {name}\n\n`mn.{name}{signature_text(verb)}`\n\n{_prose(verb)}" for name, verb in verbs.items()),
        *(_class_section(kind) for kind in (*classes.values(), *_RETURNED)),
    )


def http_page() -> str:
    """Return the page on the routes of the Jupyter server's extension."""
    rows = [(f"`{route.method} {route.path}`", route.summary, route.action) for route in ROUTES]
    return _page(
        "HTTP",
        f"The Jupyter server answers below `/{BASE}`, to whoever is logged in to it and may do what the last column "
        "says to the resource `mlrun-nb:` and the first word of the path.\n"
        "`folder`, a path below the server's own with `/`, chooses the project; without it the project of that folder "
        "is in force.\n"
        "Answers are JSON; every error is `application/problem+json` with `title`, `status`, `detail` and a `hint`, a "
        "thing to do.\n"
        "Files are sent as attachments.\n"
        "[openapi.json](openapi.json) has every parameter and every field; the server itself gives it at "
        f"`/{BASE}/openapi.json`.",
        _table(("route", "does", "action"), rows),
        "## Changes\n\n"
        "Jupyter's events, `/api/events/subscribe`, tell of changes whoever made them: the schema "
        f"`{EVENT}` has `store`, as `GET /status` names it, and `revision`.\n"
        "They are not replayed: whoever connects reads once, and again at each event whose revision is another one.",
    )


def openapi_page() -> str:
    """Return the OpenAPI document as text."""
    return json.dumps(document(ROUTES), indent=1) + "\n"


def troubleshooting_page() -> str:
    """Return the page on runs on Kubernetes that do not start or do not end well."""
    return _page(
        "Troubleshooting on Kubernetes",
        "What a run on a cluster waits for, or failed for, is told in a line that names the object, with a thing to "
        "do.\n"
        "The first column is the `class` in [JSON](json.md): a word that stays, for programs to go by.\n"
        "What is said is an example; where the cluster gives a reason of its own, it stands behind it.\n"
        "A run that waits is given up after `--pending-timeout`, and otherwise after the time that is usual for its "
        f"reason: {_minutes(Grace().unschedulable_s)} min for a node, {_minutes(Grace().image_s)} min for an image, "
        f"{_minutes(Grace().config_s)} min for what does not exist.\n"
        "What cannot mend itself is not waited for.",
        _table(
            ("class", "means", "is told as", "what to do"),
            [(f"`{row.cls}`", row.means, row.said, row.hint) for row in rows()],
        ),
        "Failures in the run itself, such as `CellFailed`, `KernelDied` and `Timeout`, are the same on every engine.\n"
        "`mlrun-nb doctor --on PROFILE --probe` finds most of what stands above before a run does.",
    )


def hub_page() -> str:
    """Return the page on the functions that ship with the product."""
    found = list(hub_library.items())
    return _page(
        "Functions of the hub",
        "These ship with the product; `hub://NAME` runs one, `mlrun-nb hub show NAME` says the same in the terminal, "
        "and with `--code` shows what runs.\n"
        "What one leaves another takes: see [how to use them](../how-to/hub.md).",
        _table(("function", "does"), [(f"[`{item.name}`](#{item.name})", item.summary) for item in found]),
        *(_hub_item(item) for item in found),
    )


def _hub_item(item: hub_library.Item) -> str:
    inputs, outputs = (", ".join(f"`{name}`" for name in names) or "none" for names in (item.inputs, item.outputs))
    rows = [
        (f"`{each.name}`", f"`{each.type}`", code and f"`{code}`", each.description)
        for each in item.parameters
        for code in (hub_library.default_of(each),)
    ]
    return (
        f"## {item.name}\n\n{item.summary}\n\n"
        f"Version {item.version}; needs {', '.join(item.requirements)}.\n"
        f"Inputs: {inputs}.\nOutputs: {outputs}.\n\n"
        + (_table(("parameter", "type", "default", "what it is"), rows) if rows else "It has no parameters.")
        + f"\n\nMore in its [README](../../hub/{item.name}/{item.version}/README.md)."
    )


PAGES: dict[str, Callable[[], str]] = {
    "options.md": options_page,
    "cli.md": cli_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "json.md": json_page,
    "exit-codes.md": exit_codes_page,
    "python.md": python_page,
    "http.md": http_page,
    "hub.md": hub_page,
    "troubleshooting.md": troubleshooting_page,
    "openapi.json": openapi_page,
}

_PROJECT_KEYS = {
    "name": "name of the project; without it the folder's",
    "store": "`sqlite:////absolute/path/store.db` or `postgresql://host/database`",
    "artifacts": "folder or URL of artifacts and inputs; without it they stay in the run directory",
    "warm": "`auto`, `on` or `off`: whether starts come from a helper; or `mode:`, `idle:` and `modules:`, "
    "see [warm start](../concepts/warm-start.md)",
    "defaults": "option values for every run",
    "profiles": "named option values; `engine:` says where, `--on NAME` chooses one",
    "hub": "where functions are installed from: a folder, a repository of git or a catalog, by the name of the source; "
    "see [the hub](../how-to/hub.md)",
    "hub-lock": "what the project uses of hubs, by name; `mlrun-nb hub install` writes it",
}
assert tuple(_PROJECT_KEYS) == config._PROJECT_KEYS  # noqa: SLF001  # the table above speaks of exactly these
_EXAMPLE_PROJECT = """\
name: churn
store: sqlite:////var/tmp/churn/store.db
defaults:
  timeout: 2h
profiles:
  big:
    engine: local
    memory: 16Gi
    retries: 2
"""
_VARIABLES = {
    "MLRUN_NB_HOME": "folder of store, run directories, inputs and environments; without it "
    "`$XDG_DATA_HOME/mlrun-nb`, else `~/.local/share/mlrun-nb`",
    "MLRUN_NB_STORE": "the store, as in project.yaml",
    "MLRUN_NB_ARTIFACTS": "the place of artifacts, as in project.yaml",
    "MLRUN_NB_WARM": "`auto`, `on` or `off`: whether starts come from a [helper](../concepts/warm-start.md)",
    "MLRUN_NB_OPTION": "a default for the option of that name, such as `MLRUN_NB_MEMORY=4Gi` or `MLRUN_NB_ON=local`",
    "MLRUN_NB_RUN": "set by the runner inside a run: its id",
    "XDG_CONFIG_HOME": "folder of the user's configuration; without it `~/.config`",
    "NO_COLOR": "no colours; `FORCE_COLOR` colours also where no terminal is",
    "CI": "plain lines of progress instead of a bar, and no helper",
    "XDG_RUNTIME_DIR": "folder of the helper's socket; without it `warm/` in MLRUN_NB_HOME",
}
_FAULTS = {
    "user": "a cell failed",
    "request": "the request cannot be executed: a bad parameter, a broken notebook, a secret that is not there",
    "product": "our own fault",
    "environment": "the kernel is not installed, the disk is full",
    "resources": "the kernel died, or memory ran out",
    "timeout": "the attempt took longer than `--timeout`",
    "cancelled": "somebody asked for the end",
}
_FIELDS = {
    "id": "12 characters",
    "state": "one of the [states](../concepts/states.md)",
    "function": "name of the function",
    "version": "hash of the version",
    "code_hash": "hash of its code without comments and formatting",
    "engine": "where it ran",
    "parameters": "every parameter with its value",
    "results": "every result with its value",
    "artifacts": "each artifact's name, kind, URI, size in bytes and digest",
    "created": "when it was recorded",
    "started": "when the attempt that counts began, or null",
    "ended": "when it ended, or null",
    "duration_s": "seconds between the two by the runner's monotonic clock, or null",
    "error": "null, or class, summary, hint, index of the executed cell from 0, ename and evalue of the exception",
    "parent": "id of the sweep that it is a child of, or null",
    "number": "which child of its sweep it is, from 0, or null",
    "pruned": "whether the strategy of its sweep ended it early, so that it has succeeded with what it had",
    "sweep": "null, or strategy, seed, selector, total of points where known, and the number of children by state",
    "best": "id of the best child of a sweep, or null",
}


def _minutes(seconds: float | None) -> str:
    assert seconds is not None
    return f"{seconds / 60:g}"


def _page(title: str, *parts: str) -> str:
    return f"# {title}\n\n{_NOTE}\n" + "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _option_sections() -> Iterator[str]:
    for section, options in groupby(OPTIONS.values(), key=lambda option: option.section):
        rows = [
            (f"`{option.flag}`", _form(option), f"`{option.example}`" if option.example else "", option.help)
            for option in options
        ]
        yield f"## Section {section}\n\n{_table(('option', 'form', 'example', 'meaning'), rows)}"


def _form(option: Option) -> str:
    return " or ".join(f"`{choice}`" for choice in option.choices) or option.kind.value


def _docs_of(kind: type[Kind | ExitCode]) -> Iterator[tuple[Kind | ExitCode, str]]:
    """Yield the members of an enumeration with the text that stands below each in its source."""
    lines = inspect.getsource(kind).splitlines()
    for member in kind:
        place = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{member.name} = "))
        yield member, lines[place + 1].strip().strip('"')


def _anchor(name: str) -> str:
    """Return where the verb *name*, or the first of those that it has, stands in the page."""
    command = group.get_command(click.Context(group), name)
    return f"{name}-{next(iter(command.commands))}" if isinstance(command, click.Group) else name


def _verb(name: str) -> str:
    context = click.Context(group, info_name=PROGRAM)
    command = group.get_command(context, name)
    assert command is not None
    if not isinstance(command, click.Group):
        return _section(command, click.Context(command, parent=context, info_name=name))
    inner = click.Context(command, parent=context, info_name=name)
    parts = [
        _section(each, click.Context(each, parent=inner, info_name=verb)) for verb, each in command.commands.items()
    ]
    return "\n\n".join(parts)


def _section(command: click.Command, inner: click.Context) -> str:
    name = inner.command_path.removeprefix(f"{PROGRAM} ")
    usage = " ".join([PROGRAM, name, *command.collect_usage_pieces(inner)])
    text = inspect.cleandoc(command.help or "").replace("\b\n", "")
    rows = [
        record
        for param in command.params
        if isinstance(param, click.Option) and not _in_table(param)
        for record in [param.get_help_record(inner)]
        if record
    ]
    parts = [f"## {name}", f"`{usage}`", text]
    if any(map(_in_table, command.params)):
        parts.append("Takes every option of the [table](options.md)" + _without(command) + ", and:")
    parts.append(_table(("option", "meaning"), [(f"`{flags}`", meaning) for flags, meaning in rows]) if rows else "")
    return "\n\n".join(part for part in parts if part)


def _in_table(param: click.Parameter) -> bool:
    return (
        isinstance(param, click.Option)
        and bool(getattr(param, "section", ""))
        and param.opts[-1].removeprefix("--") in OPTIONS
    )


def _without(command: click.Command) -> str:
    there = {param.opts[-1].removeprefix("--") for param in command.params if _in_table(param)}
    missing = [f"`--{name}`" for name in OPTIONS if name not in there]
    return f" but {' and '.join(missing)}" if missing else ""


def _error_rows(kind: type[errors.MlrunNbError], depth: int = 0) -> Iterator[tuple[str, ...]]:
    parent = "" if depth == 0 else kind.__mro__[1].__name__
    yield f"`{kind.__name__}`", parent and f"`{parent}`", str(kind.exit_code), " ".join((kind.__doc__ or "").split())
    public = {*errors.__all__, mlrun_nb.RunCancelled.__name__}
    ours = [child for child in kind.__subclasses__() if child.__name__ in public and ".magics." not in child.__module__]
    for child in sorted(ours, key=lambda child: errors.__doc__.index(child.__name__) if errors.__doc__ else 0):
        yield from _error_rows(child, depth + 1)


_RETURNED = (Outputs, Artifact, Table, Metrics, Comparison)
"""Classes of what the public ones return; nobody has to name them."""


def _class_section(kind: type) -> str:
    members = {name: row for base in reversed(_ours(kind)) for name, row in _members(base)}
    rows = list(members.values())
    return f"## Class {kind.__name__}\n\n{_prose(kind)}\n\n" + (_table(("member", "meaning"), rows) if rows else "")


def _ours(kind: type) -> list[type]:
    return [base for base in kind.__mro__ if base.__module__.startswith("mlrun_nb") and base.__name__ != "Shown"]


def _members(kind: type) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the public properties and methods of *kind* by name, each with what its documentation says."""
    for name, member in vars(kind).items():
        is_method = inspect.isfunction(member)
        if name.startswith("_") or not (is_method or isinstance(member, property)):
            continue
        arguments = signature_text(member) if is_method else ""
        arguments = arguments.replace("self, /, ", "").replace("self, ", "").replace("(self)", "()")
        yield name, (f"`{name}{arguments}`", " ".join(_prose(member).split()))


def _prose(documented: object) -> str:
    """Return the documentation with `*name*` as code: what stands in stars is an argument's name."""
    return re.sub(r"(?<![*\w])\*(\w+)\*(?![*\w])", r"`\1`", inspect.getdoc(documented) or "")


_BEGUN = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)


def _example_run() -> Run:
    return Run(
        id=RunId("n9pc7f73p4qv"),
        project="default",
        function="train",
        version=VersionHash("b78af13" + "0" * 57),
        code_hash="5d41402" + "0" * 57,
        engine="local",
        state=RunState.SUCCEEDED,
        parameters={"epochs": 30, "learning_rate": 0.01},
        results={"accuracy": 0.9822, "worst": float("nan")},
        run_directory="",
        created=_BEGUN,
        started=_BEGUN + timedelta(seconds=1),
        ended=_BEGUN + timedelta(seconds=4.5),
        duration_s=3.5,
    )


def _example_artifact() -> ArtifactRecord:
    uri = "/home/ana/.local/share/mlrun-nb/runs/default/n9pc7f73p4qv/artifacts/model.skops"
    return ArtifactRecord(name="model", kind="skops", uri=uri, size=80896, digest="sha256:" + "9f86d08" + "0" * 57)


def _example_failure() -> Run:
    summary = "cell 3 of shop.ipynb (`division`) raised `ZeroDivisionError`: float division by zero"
    error = RunError(
        cls="CellFailed",
        fault="user",
        summary=summary,
        hint="Read the traceback, correct cell 3 of shop.ipynb (`division`) and run it again.",
        cell=3,
        ename="ZeroDivisionError",
        evalue="float division by zero",
    )
    return Run(
        id=RunId("zxzxyw98835c"),
        project="default",
        function="division",
        version=VersionHash("8964e35" + "0" * 57),
        code_hash="b0de71e" + "0" * 57,
        engine="local",
        state=RunState.FAILED,
        run_directory="",
        error=error,
        created=_BEGUN,
    )


def main() -> None:
    """Write all pages, and the types of the interface for TypeScript."""
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
    generate_types.TARGET.write_text(generate_types.types(), encoding="utf-8")


if __name__ == "__main__":
    main()
