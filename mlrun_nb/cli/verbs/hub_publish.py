"""`mlrun-nb hub publish`: make an item of a function; asks for what is missing, tries it, and refuses what fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen

if TYPE_CHECKING:
    from mlrun_nb.services.hub_publish import Draft

_FILE = click.Path(path_type=Path, dir_okay=False)
_QUESTIONS = {
    "summary": "What does it do, in a sentence",
    "categories": "Its categories, with commas",
    "example": "A notebook that shows it",
}


@click.command()
@click.argument("target")
@click.option(
    "--to", "source", required=True, metavar="SOURCE", help="A folder or a repository of git that is a source."
)
@click.option("--name", default="", help="What the item is called; by default as the function.")
@click.option("--version", default="", help="By default the next one, or 1.0.0.")
@click.option("--summary", default="", help="What it does, in a sentence; by default its docstring's first line.")
@click.option("--category", "categories", multiple=True, metavar="NAME", help="What people look for.")
@click.option(
    "--example", type=_FILE, help="A notebook that uses `hub://NAME`; it is run before anything is published."
)
@click.option("--requirement", "requirements", multiple=True, help="What it needs installed.")
@click.option("--readme", type=_FILE, help="A Markdown file that says more.")
@click.option("--license", "license_", default="", metavar="SPDX", help="How it may be used.")
@click.option("--push", is_flag=True, help="With a repository of git: push the commit, too.")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def publish(
    screen: Screen, /, target: str, *, license_: str, push: bool, is_json: bool, **said: str | tuple[str, ...] | Path
) -> ExitCode:
    """
    Make an item of a function and give it to a source.

    TARGET is NOTEBOOK::NAME, or a recorded NAME, NAME:TAG or NAME@HASH. Its example is run first, as somebody would
    who installs it; where that fails nothing is published. A version never changes: another content is another version.
    """
    from mlrun_nb.commands import hub_changes, machine
    from mlrun_nb.commands.document import line
    from mlrun_nb.commands.views.hub_changes import published_view
    from mlrun_nb.project import open_project
    from mlrun_nb.services.hub_publish import Draft

    with open_project() as project:
        prepared, draft = hub_changes.draft(project, target, Draft(license=license_, **said))  # type: ignore[arg-type]  # each option has its field's type
        draft = _asked(screen, draft, hub_changes.missing(prepared, draft))
        bundle = hub_changes.bundle_of(prepared, draft)
        screen.err([line(f"The example of {draft.name}@{draft.version} is run …")])
        hub_changes.try_out(bundle)
        done = hub_changes.publish(project, bundle, draft.source, push=push)
    if is_json:
        screen.write(machine.dumps(hub_changes.published_json(bundle, draft.source, done)))
    else:
        screen.out(published_view(bundle, draft.source, done, screen.width))
    return ExitCode.OK


def _asked(screen: Screen, draft: Draft, missing: Sequence[str]) -> Draft:
    """Return *draft* with what is *missing*, for which a person is asked; raises OptionError where there is nobody."""
    from mlrun_nb.errors import OptionError

    for name in missing:
        option = {"categories": "category"}.get(name, name)
        if not screen.is_interactive:
            raise OptionError(
                f"`{draft.name}` cannot be published without {_WITHOUT[name]}", hint=f"Say it: `--{option} …`."
            )
        answer = click.prompt(_QUESTIONS[name], err=True).strip()
        if name == "example":
            draft = replace(draft, example=Path(answer))
        elif name == "summary":
            draft = replace(draft, summary=answer)
        else:
            draft = replace(draft, categories=tuple(part.strip() for part in answer.split(",") if part.strip()))
    return draft


_WITHOUT = {
    "summary": "a sentence that says what it does",
    "categories": "a category",
    "example": "an example, as it needs inputs or parameters",
}
