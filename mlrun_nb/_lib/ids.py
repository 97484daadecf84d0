"""
Random identifiers that are easy to read aloud and to type.

Source: Crockford's Base32 (no i, l, o, u). Lower case, because Kubernetes object names allow no other.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12
"""60 random bits: a million runs collide with a chance of one in two million."""


def new_id() -> str:
    """Return 12 random Crockford base32 characters in lower case."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalize_id(text: str) -> str:
    """Return *text* as it would be stored: lower case, with the look-alikes `i l o` read as `1 1 0`."""
    return text.strip().lower().translate(str.maketrans("ilo", "110"))


def is_id_prefix(text: str) -> bool:
    """Tell whether *text* could begin an identifier and is long enough (6) to be looked up as one."""
    return 6 <= len(text) <= LENGTH and all(character in ALPHABET for character in text)
