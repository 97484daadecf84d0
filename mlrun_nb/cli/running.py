"""
What `run` and `rerun` share: the way from a plan to an exit code.

Progress and notices go to stderr, the report to stdout; with `--json` stdout holds one object, with `--quiet` the id.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import Any

from mlrun_nb._lib.records import Json
from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen
from mlrun_nb.cli.waiting import LeftAloneError, Waiting
from mlrun_nb.commands import deliverables, machine, sweep
from mlrun_nb.commands import run as commands
from mlrun_nb.commands.document import line
from mlrun_nb.commands.runs import one_json
from mlrun_nb.commands.states import short_id
from mlrun_nb.commands.views.cache import cache_view
from mlrun_nb.commands.views.card import card_view, started_view
from mlrun_nb.commands.views.headline import headline
from mlrun_nb.commands.views.notices import notices_view
from mlrun_nb.errors import OptionError
from mlrun_nb.model.condition import Condition, parse_condition
from mlrun_nb.model.run import Run
from mlrun_nb.project import Project
from mlrun_nb.services.cancel import cancel_submission
from mlrun_nb.services.choice import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to get out of a run, beside the run."""

    files: deliverables.Files
    gates: tuple[Condition, ...] = ()
    json: bool = False
    quiet: bool = False
    verbose: bool = False
    detach: bool = False
    dry_run: bool = False
    validate: bool = False


def wanted_from(words: Mapping[str, Any]) -> Wanted:
    """Return what *words* ask for; raises OptionError for gates, files and combinations that cannot be had."""
    for dry in (name for name in ("dry-run", "validate") if words[name.replace("-", "_")]):
        if words["json"]:
            raise OptionError(f"`--{dry}` starts no run that `--json` could print", hint="Leave one of them out.")
        if words.get("define"):
            raise OptionError(
                f"`--{dry}` changes nothing, and `--define` records a version", hint="Leave one of them out."
            )
    if words["detach"] and words["wait"]:
        raise OptionError("`--detach` and `--wait` exclude each other", hint="Leave one of them out.")
    files = deliverables.Files(
        junit=words["junit"],
        report=words["report"],
        report_with_code=not words["report_no_code"],
        summary=words["summary"],
        notebook=words["output_notebook"],
    )
    gates = tuple(parse_condition(text) for text in words["fail_on"])
    if words["detach"] and (gates or files.paths):
        raise OptionError(
            "`--detach` does not wait for what `--fail-on` and the files need",
            hint="Leave `--detach` out, or look at the run later with `mlrun-nb show`.",
        )
    deliverables.check(files)
    flags = {name: bool(words[name]) for name in ("json", "quiet", "verbose", "detach", "dry_run", "validate")}
    return Wanted(files=files, gates=gates, **flags)


def start(
    screen: Screen, project: Project, target: str, choice: Choice, wanted: Wanted, *, is_sweep: bool = False
) -> ExitCode:
    """Plan a run of *target*, or the sweep that *choice* and its cell ask for, and perform it."""
    plan = sweep.plan_sweep_of if is_sweep else commands.plan_run
    return perform(screen, project, plan(project, target, choice), wanted)


def perform(screen: Screen, project: Project, planned: commands.Planned, wanted: Wanted) -> ExitCode:
    """Show, start, follow and report what is *planned*, as far as *wanted* says."""
    if not wanted.quiet:
        screen.err(notices_view(planned.notices, screen.err_width))
    if wanted.validate:
        screen.err(notices_view(commands.validate(project, planned), screen.err_width))
    if wanted.dry_run or wanted.validate:
        screen.write(commands.render(project, planned).rstrip("\n") + "\n")
        return ExitCode.OK
    try:
        with redirect_stdout(sys.stderr):  # what engine `inline` runs prints in this very process
            submitted = commands.hand_over(project, planned)
    except KeyboardInterrupt:
        run = cancel_submission(project, planned.request.id)
        if run is None:
            raise
        screen.err([line(f"cancelling run {short_id(run)} and waiting for its end; Ctrl-C again leaves it")])
        watch(screen, project, run, replace(wanted, detach=False))
        return ExitCode.INTERRUPTED
    if planned.explain_cache and submitted.cache is not None:
        screen.err(cache_view(submitted.cache, reused=planned.cache, width=screen.err_width))
    return watch(screen, project, submitted.run, wanted)


def watch(screen: Screen, project: Project, run: Run, wanted: Wanted, *, since: Json = None) -> ExitCode:
    """Follow *run*, from the cursor *since* on, to its end and report it, or leave it alone, as *wanted* says."""
    if wanted.detach:
        return _leave(screen, project, run, wanted)
    following = commands.Watch(project, run, since=since)
    try:
        interrupted = Waiting(screen, following, quiet=wanted.quiet, verbose=wanted.verbose).until_end()
    except LeftAloneError:
        return ExitCode.INTERRUPTED
    code = _report(screen, project, commands.judge(project, following.run, wanted.gates), wanted)
    return ExitCode.INTERRUPTED if interrupted else code


def _leave(screen: Screen, project: Project, run: Run, wanted: Wanted) -> ExitCode:
    if wanted.json:
        screen.write(machine.dumps(one_json(project, run)))
    elif wanted.quiet:
        screen.write(f"{run.id}\n")
    else:
        screen.out(started_view(run, screen.width))
    return ExitCode.OK


def _report(screen: Screen, project: Project, ended: commands.Ended, wanted: Wanted) -> ExitCode:
    deliverables.write(wanted.files, ended)
    run = ended.found.run
    if wanted.json:
        screen.write(machine.dumps(one_json(project, run)))
    elif wanted.quiet:
        screen.write(f"{run.id}\n")
    else:
        screen.out(card_view(ended.found, ended.closed, screen.width))
    if (wanted.json or wanted.quiet) and not ended.passed:
        reasons = [line(("fails on ", "bad"), reason) for reason in ended.closed]
        screen.err(reasons or [headline(run), *([line(run.error.summary)] if run.error else [])])
    return ExitCode.OK if ended.passed else ExitCode.FAILED


def define(screen: Screen, project: Project, target: str, choice: Choice) -> ExitCode:
    """Register the version of *target*, run nothing, and say what is new about it."""
    prepared, registered = commands.define(project, target, choice)
    version = prepared.version
    screen.err(notices_view(prepared.notices, screen.err_width))
    change = f": {registered.change}" if registered.change else ""
    news = f"is new{change}" if registered.new else "was recorded already"
    screen.out([line((version.function, "strong"), (f"@{version.short}", "dim"), f" {news}")])
    return ExitCode.OK
