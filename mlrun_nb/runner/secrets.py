"""
References to secrets into values, at the last moment: in the runner, for the kernel's environment only.

Nothing here writes a value anywhere. `kubernetes:` references are resolved by the cluster before the runner starts.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from mlrun_nb._lib.files import expanded
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import UsageError


def resolve(references: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return name → value for name → reference; raises UsageError for one that cannot be resolved here."""
    return {name: _value(name, reference, environment) for name, reference in references.items()}


def _value(name: str, reference: str, environment: Mapping[str, str]) -> str:
    kind, _, rest = reference.partition(":")
    match kind:
        case "env":
            return _variable(rest, environment, reference)
        case "file":
            return _file(rest, reference)
        case "keyring":
            return _keyring(rest, reference)
        case "kubernetes":
            return _variable(name, environment, reference)
    raise UsageError(
        f"`{reference}` is not a secret reference",
        hint="Write `--secret NAME=env:X`, `file:PATH`, `keyring:SERVICE/USER` or `kubernetes:NAME/KEY`.",
    )


def _variable(variable: str, environment: Mapping[str, str], reference: str) -> str:
    if variable in environment:
        return environment[variable]
    hint = "Use `env:` or `file:` here." if reference.startswith("kubernetes:") else f"Run `export {variable}=...`."
    raise UsageError(f"secret `{reference}`: `{variable}` is not set where the run executes", hint=hint)


def _file(path: str, reference: str) -> str:
    try:
        return expanded(path).read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as err:
        raise UsageError(
            f"secret `{reference}` cannot be read: {err}", hint=f"Look at it: `ls -l {quoted(path)}`."
        ) from err


def _keyring(rest: str, reference: str) -> str:
    service, _, user = rest.rpartition("/")
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]  # not a dependency: asked for by the reference
    except ImportError as err:
        raise UsageError(
            f"secret `{reference}` needs `keyring`, which is not installed for `{sys.executable}`",
            hint=f"Run `{quoted(sys.executable)} -m pip install keyring`.",
        ) from err
    try:
        value: object = keyring.get_password(service, user)
    except Exception as err:  # backends raise anything; without one keyring says so at length
        raise UsageError(
            f"secret `{reference}`: the keyring cannot be read: {type(err).__name__}: {err}",
            hint=f"Look at its back end, `{quoted(sys.executable)} -m keyring diagnose`, or use `env:` or `file:`.",
        ) from err
    if not isinstance(value, str):
        raise UsageError(
            f"secret `{reference}` is not in the keyring", hint=f"Run `keyring set {quoted(service, user)}`."
        )
    return value
