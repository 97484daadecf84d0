"""Findings: what an examination of the surroundings came to, thing by thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing examined. `ok` is None for something optional that is absent."""

    name: str
    ok: bool | None
    text: str
    hint: str = ""
