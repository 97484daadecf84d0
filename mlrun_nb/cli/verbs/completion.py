"""`mlrun-nb completion SHELL`: the script that makes a shell complete our words."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.screen import Screen

_HOW = """\
\b
    bash   eval "$(mlrun-nb completion bash)"         in ~/.bashrc
    zsh    eval "$(mlrun-nb completion zsh)"          in ~/.zshrc
    fish   mlrun-nb completion fish | source          in ~/.config/fish/config.fish
"""


@click.command(help=f"Print the completion script for a shell.\n\n{_HOW}")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
@click.pass_obj
def command(screen: Screen, /, shell: str) -> ExitCode:
    """Print the script."""
    from click.shell_completion import get_completion_class

    from mlrun_nb.cli.main import COMPLETION_VARIABLE, PROGRAM, group

    kind = get_completion_class(shell)
    assert kind is not None, shell  # the three of the argument's type come with click
    screen.write(kind(group, {}, PROGRAM, COMPLETION_VARIABLE).source())
    return ExitCode.OK
