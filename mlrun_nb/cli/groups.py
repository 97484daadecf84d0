"""A word that takes further words: `mlrun-nb VERB`, `mlrun-nb image VERB`; one that does not exist gets the nearest."""

from __future__ import annotations

import click

from mlrun_nb._lib.nearness import nearest


class VerbGroup(click.Group):
    """A group of verbs, shown in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the verbs."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer a verb that does not exist with what was probably meant."""
        name = args[0]
        if name not in self.list_commands(ctx) and not name.startswith("-"):
            error = click.UsageError(f"there is no verb `{' '.join([*_words(ctx)[1:], name])}`", ctx)
            error.hint = self.verb_meant(ctx, name)  # type: ignore[attr-defined]  # read by `faults`
            raise error
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with what they do, in their own order."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, self.line_of(ctx, name)) for name in self.list_commands(ctx)])

    def line_of(self, ctx: click.Context, name: str) -> str:
        """Return what the verb *name* does, in a line."""
        command = self.get_command(ctx, name)
        return (command.help or "").strip().partition("\n")[0] if command else ""

    def verb_meant(self, ctx: click.Context, name: str) -> str:
        """Return what to type instead of *name*."""
        verbs = self.list_commands(ctx)
        near = nearest(name, verbs)
        return f"Did you mean `{ctx.command_path} {near}`?" if near else f"Verbs are: {', '.join(verbs)}."


def _words(ctx: click.Context) -> list[str]:
    return ctx.command_path.split()
