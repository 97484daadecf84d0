"""Gates on results, `--fail-on 'accuracy<0.9'`: why one closes."""

from __future__ import annotations

from collections.abc import Mapping

from mlrun_nb._lib.records import Scalar
from mlrun_nb.commands.humane import exact
from mlrun_nb.model.condition import Condition, number_of


def reason_to_fail(condition: Condition, results: Mapping[str, Scalar]) -> str | None:
    """
    Return why a gate with *condition* closes: it holds, or it cannot be judged; None when the gate stays open.

    A result that is missing, no number, or NaN closes the gate too, whatever is asked of it: what was not measured was
    not passed. An infinity is a number, larger or smaller than all others.
    """
    values: dict[str, float] = {}
    for term in condition.terms:
        if term.name not in results:
            return f"the run left no result `{term.name}` (it left {_names(results)})"
        value = number_of(results[term.name])
        if value is None:
            return f"`{term.name}` is {exact(results[term.name])}, which no number can be compared with"
        values[term.name] = value
    if condition.holds(results):
        return "; ".join(f"`{name}` is {exact(value)}" for name, value in values.items())
    return None


def _names(results: Mapping[str, Scalar]) -> str:
    return ", ".join(f"`{name}`" for name in results) or "none"
