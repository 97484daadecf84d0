"""
Check the points that a sweep was given against what the function declares, before anything is started.

The parameter's type decides what text means, and whether a distribution is one of whole numbers: for `depth: int`
`uniform(2, 12)` is `randint(2, 12)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mlrun_nb.errors import ParameterError
from mlrun_nb.model.domains import Distribution, Domain, LogRandInt, LogUniform, Normal, RandInt, Values
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.model.space import Dimension, GivenDimension, GivenPoint, Point, Space
from mlrun_nb.notebook.option_line import normal_name
from mlrun_nb.notebook.parameter_types import parse_type
from mlrun_nb.notebook.parameters import convert, refuse_unknown


def typed_space(parameters: Sequence[Parameter], given: Sequence[GivenDimension], *, function: str = "") -> Space:
    """
    Return *given* with each value in the JSON form of its parameter's type.

    Raises ParameterError, naming the parameter, for one that is unknown or given twice, for a dimension without values,
    for a value of another type, and for a distribution of numbers that the type has not.
    """
    names = [normal_name(dimension.name) for dimension in given]
    refuse_unknown(names, parameters, function=function)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(f"parameter `{twice}` is given twice", hint="Give all its values in one place.")
    declared = {item.name: item for item in parameters}
    domains = [_domain(declared[name], dimension) for name, dimension in zip(names, given, strict=True)]
    pairs = zip(names, domains, strict=True)
    return Space(dimensions=tuple(Dimension(name=name, domain=domain) for name, domain in pairs))


def typed_points(
    parameters: Sequence[Parameter], given: Iterable[GivenPoint], *, function: str = ""
) -> tuple[Point, ...]:
    """
    Return *given* with each value in the JSON form of its parameter's type; names that a point has not stay away.

    Raises ParameterError, naming the point's place and the parameter, for what is unknown or of another type.
    """
    declared = {item.name: item for item in parameters}
    return tuple(_point(declared, each, function) for each in given)


def _point(declared: Mapping[str, Parameter], given: GivenPoint, function: str) -> Point:
    values = {normal_name(name): value for name, value in given.values.items()}
    try:
        refuse_unknown(values, list(declared.values()), function=function)
        return {name: convert(declared[name], value, from_text=given.from_text) for name, value in values.items()}
    except ParameterError as err:
        raise ParameterError(f"{given.where}: {err.message}" if given.where else err.message, hint=err.hint) from err


def _domain(parameter: Parameter, given: GivenDimension) -> Domain:
    if given.distribution is not None:
        return _distribution(parameter, given.distribution)
    if not given.values:
        raise ParameterError(
            f"parameter `{parameter.name}` has no values to try", hint=f"Give it some, or leave `{parameter.name}` out."
        )
    return Values(values=tuple(convert(parameter, value, from_text=given.from_text) for value in given.values))


def _distribution(parameter: Parameter, distribution: Distribution) -> Distribution:
    kind = parse_type(parameter.type).kind
    if kind in {"any", "float"}:
        return distribution
    if kind == "int":
        return _whole(parameter, distribution)
    raise ParameterError(
        f"parameter `{parameter.name}` is `{parameter.type}`, and `{distribution.text}` gives numbers",
        hint=f"List the values of `{parameter.name}`.",
    )


def _whole(parameter: Parameter, distribution: Distribution) -> Distribution:
    """Return the distribution of whole numbers that *distribution* is for a parameter of whole numbers."""
    if isinstance(distribution, RandInt | LogRandInt):
        return distribution
    if isinstance(distribution, Normal):
        raise ParameterError(
            f"parameter `{parameter.name}` is `int`, and `{distribution.text}` gives fractions",
            hint="Take `randint`, or declare the parameter as `float`.",
        )
    low, high, step = distribution.low, distribution.high, getattr(distribution, "step", None)
    if not all(float(number).is_integer() for number in (low, high, step or 1.0)):
        raise ParameterError(
            f"parameter `{parameter.name}` is `int`, and the numbers of `{distribution.text}` are not whole",
            hint="Write whole numbers, or declare the parameter as `float`.",
        )
    if isinstance(distribution, LogUniform):
        return LogRandInt(low=int(low), high=int(high))
    return RandInt(low=int(low), high=int(high), step=int(step or 1))
