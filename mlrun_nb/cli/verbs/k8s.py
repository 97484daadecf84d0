"""`mlrun-nb k8s rbac`: what an administrator applies so that somebody can submit runs to a namespace."""

from __future__ import annotations

import click

from mlrun_nb.cli.exit_codes import ExitCode
from mlrun_nb.cli.groups import VerbGroup
from mlrun_nb.cli.screen import Screen


@click.group(cls=VerbGroup, options_metavar="", subcommand_metavar="VERB [ARGS]...")
def command() -> None:
    """Prepare a Kubernetes cluster for runs."""


@command.command()
@click.option("--namespace", required=True, metavar="NAME", help="Where runs go.")
@click.option(
    "--service-account",
    metavar="[NAMESPACE:]NAME",
    help="The ServiceAccount that submits runs; one of the same namespace is made where it is not there.",
)
@click.option("--user", metavar="NAME", help="The user who submits runs, as the API server knows them.")
@click.pass_obj
def rbac(screen: Screen, /, *, namespace: str, service_account: str | None, user: str | None) -> ExitCode:
    """
    Print the Role that submitting and watching runs needs in a namespace.

    With a ServiceAccount or a user also the RoleBinding that gives it. Nothing is sent: `| kubectl apply -f -` does it.
    """
    from mlrun_nb.engines.kubernetes import access
    from mlrun_nb.errors import OptionError

    if service_account and user:
        raise OptionError(
            "`--service-account` and `--user` exclude each other", hint="Print and apply it once for each of them."
        )
    access.check_namespace(namespace)
    subject = access.Subject(name=user) if user else None
    if service_account:
        subject = access.service_account(service_account, namespace)
    screen.write(access.as_yaml(namespace, subject))
    return ExitCode.OK
