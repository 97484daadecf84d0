"""
Distributions from their calls: `uniform(2, 12)` on a line, `mn.uniform(2, 12)` in Python. Nothing is evaluated.
"""

from __future__ import annotations

import operator
import re
from typing import SupportsFloat, SupportsIndex, cast

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import OptionError
from mlrun_nb.model.domains import DISTRIBUTIONS, FORMS, Distribution, LogRandInt, LogUniform, Normal, RandInt, Uniform

_CALL = re.compile(r"(?P<name>[^\W\d]\w*) *\((?P<arguments>[^()]*)\)")
_STEP = re.compile(r"step *= *(?P<number>.*)")


def find_call(text: str, start: int = 0) -> re.Match[str] | None:
    """Return where a call stands at *start* in *text*, None where there is none."""
    return _CALL.match(text, start)


def parse_distribution(text: str) -> Distribution | None:
    """
    Return the distribution that *text*, such as `uniform(2, 12)`, stands for; None where it does not look like a call.

    Raises OptionError for a distribution that there is not, and for numbers that it cannot have.
    """
    call = _CALL.fullmatch(text.strip())
    if call is None:
        return None
    name = call["name"]
    if name not in DISTRIBUTIONS:
        near = nearest(name, DISTRIBUTIONS)
        hint = f"Did you mean `{near}`? " if near else ""
        raise OptionError(
            f"`{name}` is not a distribution",
            hint=f"{hint}Distributions are: {', '.join(DISTRIBUTIONS)}. Put quotes around a value with brackets in it.",
        )
    words = [word.strip() for word in call["arguments"].split(",")]
    step = _STEP.fullmatch(words[-1])
    numbers = [_number(word, text) for word in (words[:-1] if step else words)]
    return make_distribution(name, *numbers, step=_number(step["number"], text) if step else None)


def make_distribution(name: str, *numbers: object, step: object = None) -> Distribution:
    """
    Return the distribution called *name* with these numbers, in the order in which a call has them.

    Raises OptionError for a number too many or too few, for what is no number, and for numbers that mean nothing.
    """
    shown = f"{name}({', '.join(map(str, numbers))}{'' if step is None else f', step={step}'})"
    whole = name in {"randint", "lograndint"}
    if len(numbers) != 2:
        wanted = "mean and standard deviation" if name == "normal" else "a low and a high bound"
        raise OptionError(f"`{shown}` is not a distribution: it needs {wanted}", hint=FORMS)
    if step is not None and name not in {"uniform", "randint"}:
        raise OptionError(f"`{shown}` is not a distribution: `{name}` has no step", hint=FORMS)
    try:
        first, second = (_whole(number) if whole else _real(number) for number in numbers)
        width = None if step is None else _whole(step) if whole else _real(step)
    except (TypeError, ValueError, OverflowError) as err:
        wanted = "whole numbers" if whole else "numbers"
        raise OptionError(f"`{shown}` is not a distribution: it needs {wanted}", hint=FORMS) from err
    if name == "normal":
        return Normal(mean=first, std=second)
    if name == "uniform":
        return Uniform(low=first, high=second, step=width)
    if name == "loguniform":
        return LogUniform(low=first, high=second)
    if name == "lograndint":
        return LogRandInt(low=int(first), high=int(second))
    return RandInt(low=int(first), high=int(second), step=1 if width is None else int(width))


def _number(word: str, text: str) -> int | float:
    for reader in (int, float):
        try:
            return reader(word)
        except ValueError:
            continue
    raise OptionError(f"`{text}` is not a distribution: `{word}` is not a number", hint=FORMS)


def _real(value: object) -> float:
    if isinstance(value, bool | str | bytes):
        raise TypeError(value)
    return float(cast("SupportsFloat", value))


def _whole(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool | str):
        raise TypeError(value)
    return operator.index(cast("SupportsIndex", value))
