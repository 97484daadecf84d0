"""What became of one thing that an imported file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["mapped", "changed", "left out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    The *field* of the file, and *became*, what stands for it in the notebook; empty where nothing does.

    *why* says what is different, *todo* what to do about it; `option` is the name of what it became, if it is one.
    """

    field: str
    became: str = ""
    why: str = ""
    todo: str = ""
    option: str = ""

    @property
    def outcome(self) -> Outcome:
        """Whether it is there, there in another form, or not."""
        if not self.became:
            return "left out"
        return "changed" if self.why else "mapped"
