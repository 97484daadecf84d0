"""The options of what comes out of a run, shared by `run` and `rerun`; `running` acts on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def output_options(command: Command) -> Command:
    """Give *command* the options of what comes out of a run."""
    path = click.Path(dir_okay=False, path_type=Path)
    options = (
        click.option("--fail-on", multiple=True, metavar="CONDITION", help="Fail if a result is so: `accuracy<0.9`."),
        click.option("--json", is_flag=True, help="Print the run as one JSON object, and nothing else on stdout."),
        click.option("--junit", type=path, metavar="FILE", help="Write a JUnit report, a test case for each cell."),
        click.option("--report", type=path, metavar="FILE", help="Write the executed notebook as HTML."),
        click.option("--report-no-code", is_flag=True, help="Leave the code out of that HTML."),
        click.option("--summary", type=path, metavar="FILE", help="Append a summary in Markdown, for a CI's page."),
        click.option("--output-notebook", type=path, metavar="FILE", help="Copy the executed notebook to FILE."),
        click.option("-q", "--quiet", is_flag=True, help="Print the run's id and errors, nothing else."),
        click.option("-v", "--verbose", is_flag=True, help="On a terminal, print the log as it comes."),
    )
    for option in reversed(options):
        command = option(command)
    return command
