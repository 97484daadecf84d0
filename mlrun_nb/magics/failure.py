"""How a cell fails for a reason of ours: one clear error, and no frame that the user did not write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mlrun_nb import errors


class RunFailed(errors.RunFailed):
    """A run that the cell waited for failed; the card above has the traceback."""

    def _render_traceback_(self) -> list[str]:
        return errors.MlrunNbError._render_traceback_(self)


@contextmanager
def reported(program: str, words: str) -> Iterator[None]:
    """Turn an exception that no user caused into a report and two lines; *program* and *words* are what was typed."""
    try:
        yield
    except (errors.MlrunNbError, KeyboardInterrupt):
        raise
    except Exception as err:
        from mlrun_nb.commands.bug_report import bug_words

        message, hint = bug_words(err, program, words.split())
        raise errors.ProductBroken(message, hint=hint) from err
