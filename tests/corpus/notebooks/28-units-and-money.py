# %% [markdown]
# # Counting exactly
# Decimals, fractions, units with operators, types for the checker only; the context of decimals does not travel.
#
# - `interest`: notice `getcontext().prec = 50` in cell 2

# %%
from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict, overload

if TYPE_CHECKING:
    from collections.abc import Iterable

getcontext().prec = 50

# %%
CENT = Decimal("0.01")
RATES = {"saver": Decimal("0.035"), "plus": Decimal("0.0425")}
THIRD = Fraction(1, 3)
PREFIX = {"k": 10**3, "m": Fraction(1, 1000), "": 1}
Account = Literal["saver", "plus"]


class Row(TypedDict, total=False):
    year: int
    balance: Decimal


# %%
class Quantity(NamedTuple):
    value: Fraction
    unit: str

    def __add__(self, other: Quantity) -> Quantity:
        if self.unit != other.unit:
            return NotImplemented
        return Quantity(self.value + other.value, self.unit)

    def __rmul__(self, factor: int | Fraction) -> Quantity:
        return self._replace(value=factor * self.value)

    def __str__(self) -> str:
        return f"{float(self.value):.3g} {self.unit}"


# %%
@overload
def parse(text: str) -> Quantity: ...
@overload
def parse(text: None) -> None: ...
def parse(text):
    if text is None:
        return None
    number, unit = text.split()
    prefix, base = (unit[0], unit[1:]) if len(unit) > 1 and unit[0] in PREFIX else ("", unit)
    return Quantity(Fraction(number) * PREFIX[prefix], base)


def add(quantities: Iterable[Quantity]) -> Quantity:
    first, *rest = quantities
    for each in rest:
        first = first + each
    return first


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


# %%
str(parse("1.5 km") + parse("250 m"))

# %%
# %%mlrun lengths --output text --output exact
parts: list = ["1.5 km", "250 m", "1/3 m"]
whole = add(map(parse, parts))
text = str(2 * whole)
exact = str(whole.value + THIRD)

# %%
# %%mlrun interest --output rows
account: str = "plus"
years: int = 3
balance, rows = Decimal(100), []
for year in range(1, years + 1):
    balance = rounded(balance * (1 + RATES[account]))
    rows.append(Row(year=year, balance=balance))

# %%
rows[-1]
