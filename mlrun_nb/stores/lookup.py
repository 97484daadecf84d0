"""
What every store of ours says when something does not exist, and how far a page may go: the same words for all of them.

Pure text and numbers; knows no store. Names the nearest thing that does exist and the command that lists the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mlrun_nb._lib.ids import is_id_prefix, normalize_id
from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb._lib.shell import quoted
from mlrun_nb.errors import NotFoundError, UsageError
from mlrun_nb.model.function import VersionHash
from mlrun_nb.model.run import RunId

MAX_PAGE = 1000
_HEX = frozenset("0123456789abcdef")
_SHOWN = 5


def page_limit(limit: int) -> int:
    """Return *limit* held between 1 and the largest page."""
    return max(1, min(limit, MAX_PAGE))


def cursor_value(cursor: str | None) -> int | None:
    """Return the sequence after which a page starts; raises UsageError for text that no page ever gave out."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise UsageError(
            f"`{cursor}` is not a cursor of this store", hint="Ask for the first page again, without a cursor."
        )
    return int(cursor)


def run_prefix(reference: str) -> str:
    """Return *reference* as run ids are written; raises NotFoundError when it could not begin one."""
    prefix = normalize_id(reference)
    if not is_id_prefix(prefix):
        raise NotFoundError(
            f"`{reference}` is not a run id, nor its first 6 characters or more",
            hint="List the runs with `mlrun-nb runs`.",
        )
    return prefix


def after_prefix(prefix: str) -> str:
    """Return the smallest text above all that begin with *prefix*, in byte order."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def no_run(reference: str, *, project: str | None) -> NotFoundError:
    """Return the error for a run that is not there."""
    place = f" in project `{project}`" if project else ""
    return NotFoundError(f"there is no run `{reference}`{place}", hint="List the runs with `mlrun-nb runs`.")


def one_run(reference: str, ids: Sequence[RunId], *, project: str | None) -> RunId:
    """Return the only one of *ids*; raises NotFoundError when there are none or several."""
    if not ids:
        raise no_run(reference, project=project)
    if len(ids) > 1:
        raise NotFoundError(
            f"`{reference}` begins several runs: {_some(ids)}", hint=f"Write more of it: `mlrun-nb show {ids[0]}`."
        )
    return ids[0]


def is_hash_prefix(reference: str) -> bool:
    """Tell whether *reference* could begin a version's hash and is long enough (6) to be looked up as one."""
    return 6 <= len(reference) <= 64 and _HEX.issuperset(reference)


def one_version(function: str, reference: str, hashes: Sequence[VersionHash], *, tags: Iterable[str]) -> VersionHash:
    """Return the only one of *hashes*; raises NotFoundError, with the nearest of *tags*, for none or several."""
    if not hashes:
        near = nearest(reference, sorted(tags))
        hint = f"Did you mean `{function}:{near}`? " if near else ""
        raise NotFoundError(
            f"function `{function}` has no version `{reference}`",
            hint=f"{hint}List them with `mlrun-nb functions {quoted(function)}`.",
        )
    if len(hashes) > 1:
        raise NotFoundError(
            f"`{reference}` begins several versions of `{function}`: {_some([text[:12] for text in hashes])}",
            hint=f"Write more of it: `{function}@{hashes[0][:12]}`.",
        )
    return hashes[0]


def no_function(project: str, function: str, known: Iterable[str]) -> NotFoundError:
    """Return the error for a function that *project* does not have."""
    names = sorted(known)
    near = nearest(function, names)
    message = f"there is no function `{function}` in project `{project}`"
    if not names:
        return NotFoundError(message, hint="Run a notebook: `mlrun-nb run notebook.ipynb`.")
    there = f"Did you mean `{near}`?" if near else f"Functions are: {some(names)}."
    return NotFoundError(message, hint=f"{there} List them with `mlrun-nb functions`.")


def _some(names: Sequence[str]) -> str:
    return some([f"`{name}`" for name in names], most=_SHOWN)
