"""
Conditions on results: `NAME OP NUMBER [and …]`, for gates such as `--fail-on 'accuracy<0.9'` and ends such as `--stop`.

A small grammar and nothing more: no code is evaluated.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mlrun_nb._lib.records import Scalar
from mlrun_nb.errors import OptionError

_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
}
_NUMBER = r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_TERM = re.compile(rf"\s*(?P<name>[^\W\d][\w.]*)\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<number>{_NUMBER})\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison of a result with a number."""

    name: str
    operator: str
    number: float

    def holds(self, value: float) -> bool:
        """Tell whether it holds for *value*."""
        return _OPERATORS[self.operator](value, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Comparisons that must all hold; `text` is what was written."""

    text: str
    terms: tuple[Term, ...]

    def holds(self, results: Mapping[str, Scalar]) -> bool:
        """Tell whether all hold for *results*; none does for a result that is missing, no number, or NaN."""
        values = [number_of(results.get(term.name)) for term in self.terms]
        return all(value is not None and term.holds(value) for term, value in zip(self.terms, values, strict=True))


def number_of(value: Scalar) -> float | None:
    """Return *value* as a number that can be compared, None for one that cannot. An infinity is a number."""
    if not isinstance(value, int | float) or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def parse_condition(text: str, *, where: str = "--fail-on") -> Condition:
    """Return the condition that *text* states; raises OptionError for anything outside the grammar."""
    terms = [_term(part, text, where) for part in re.split(r"\band\b", text)]
    return Condition(text=" and ".join(text.split(" and ")).strip(), terms=tuple(terms))


def _term(part: str, text: str, where: str) -> Term:
    match = _TERM.fullmatch(part)
    if match is None:
        raise OptionError(f"`{where} {text}`: `{part.strip()}` is not a comparison", hint=_hint(part))
    return Term(name=match["name"], operator=match["operator"], number=float(match["number"]))


def _hint(part: str) -> str:
    if re.search(r"[^<>=!]=[^=]", part):
        return "Write `==` for equality, as in `rows==100`."
    if "%" in part:
        return "Write the share as a number, as in `accuracy<0.9`."
    return "Write NAME, one of < <= > >= == !=, and a number, as in `accuracy<0.9`; join several with `and`."
