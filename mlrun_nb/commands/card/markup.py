"""Texts as HTML, the same way in every part of a card."""

from __future__ import annotations

import re
from html import escape


def hidden(text: str) -> str:
    """Return *text* for ears, and for places that take style sheets away."""
    return f'<span class="w">{escape(text)}</span>'


def prose(text: str) -> str:
    """Return *text* with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
