"""Words as a person types them in a shell: what stands in a hint can be copied, whatever a file is called."""

from __future__ import annotations

import re
import shlex

_PLAIN = re.compile(r"[\w@%+=:,./-]+")
"""What no shell takes apart or expands; `shlex` would also quote the letters that English has not."""

_SPECIAL = frozenset('"$`\\!')
"""What means something inside double quotes."""


def quoted(*words: object) -> str:
    """Return *words* with blanks between them, each in quotes where a shell needs them."""
    return " ".join(map(_quoted, map(str, words)))


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    if "'" in text and not _SPECIAL.intersection(text):
        return f'"{text}"'  # easier on the eye
    return shlex.quote(text)
