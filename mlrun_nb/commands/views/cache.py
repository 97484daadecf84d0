"""What the run cache had for a run: which earlier one was or could be reused, or the first thing that differs."""

from __future__ import annotations

from mlrun_nb.commands.document import Document, labelled
from mlrun_nb.services.cache import CacheLook


def cache_view(found: CacheLook, *, reused: bool, width: int) -> Document:
    """Return one line that begins with `cache:`; *reused* says whether reuse was allowed."""
    if found.origin is None:
        text = f"not reused: {found.difference}"
    elif reused:
        text = f"reused run {found.origin.id[:6]}"
    else:
        text = f"run {found.origin.id[:6]} could be reused with `--cache`"
    return labelled(("cache:", "strong"), text, width)
