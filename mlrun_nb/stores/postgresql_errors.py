"""
What PostgreSQL's errors mean to a person, with the thing to do: by SQLSTATE, never by the wording of a message.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import StoreError

_UNREACHABLE = ("cannot be reached", "See that the server runs and answers: `psql {location}`.")
_MEANINGS = {
    "22": ("cannot hold a value that was given", "Remove control characters from names and labels."),
    "25006": ("is read-only", "Connect to the primary server, not to a replica."),
    "28": ("refuses the credentials", "Set PGUSER and PGPASSWORD, or add a line to `~/.pgpass`."),
    "3D000": ("does not exist", "Make the database: `createdb`."),
    "3F000": ("has lost its schema `mlrun_nb`", "See what is wrong with `mlrun-nb doctor`."),
    "42501": (
        "may not be used by this role",
        "Grant it: `GRANT CREATE ON DATABASE name TO role`, or usage of the schema `mlrun_nb`.",
    ),
    "42P01": ("has lost a table", "See what is wrong with `mlrun-nb doctor`."),
    "40": ("was too busy", "Try again."),
    "53100": ("has no space left to grow", "Free space on the server's disk, then try again."),
    "53300": ("has too many connections", "Wait, or raise `max_connections` on the server; then try again."),
    "55P03": ("is locked", "Try again."),
    "57P": _UNREACHABLE,
    "08": _UNREACHABLE,
}


def postgresql_error(error: BaseException, *, location: str) -> StoreError:
    """Return what *error*, of psycopg or of SQLAlchemy's pool, means for the store at *location*."""
    code = getattr(error, "sqlstate", None)
    kind = type(error).__name__
    # psycopg has no SQLSTATE for what it refuses itself, nor where no server answers
    if code is None and kind == "DataError":
        code = "22000"
    if code is None and kind == "OperationalError":
        meaning, hint = _before_connection(str(error))
    else:
        found = next((_MEANINGS[key] for key in (str(code), str(code)[:3], str(code)[:2]) if key in _MEANINGS), None)
        if found is None:
            summary = next(iter(str(error).splitlines()), type(error).__name__)
            return StoreError(
                f"the store `{location}` cannot be used: {summary}", hint="See what is wrong with `mlrun-nb doctor`."
            )
        meaning, hint = found
    return StoreError(f"the store `{location}` {meaning}", hint=hint.format(location=quoted(location)))


def _before_connection(message: str) -> tuple[str, str]:
    """Return the meaning of a refused connection; libpq passes the server's words on without their code."""
    if "password" in message or "authentication" in message or "role" in message:
        return _MEANINGS["28"]
    if "does not exist" in message:
        return _MEANINGS["3D000"]
    return _UNREACHABLE
