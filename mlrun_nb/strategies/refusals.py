"""What strategies refuse alike: points where they need a space, a space where they need points, unknown options."""

from __future__ import annotations

from collections.abc import Collection

from mlrun_nb._lib.nearness import nearest
from mlrun_nb.errors import OptionError
from mlrun_nb.model.search import Search


def need_space(strategy: str, search: Search) -> None:
    """Raise OptionError for a search of listed points, and for one without a parameter."""
    if search.points:
        raise OptionError(
            f"the strategy `{strategy}` cannot be used with a list of points",
            hint="Choose the strategy `list`, or give the values of each parameter.",
        )
    if not search.space.dimensions:
        raise OptionError(
            "the sweep has no parameter to vary", hint="Give one some values, as in `lr=0.1,0.01`, or a file of points."
        )


def refuse_options(strategy: str, search: Search, *, known: Collection[str] = ()) -> None:
    """Raise OptionError for an option that the strategy has not."""
    unknown = next((name for name in search.options if name not in known), None)
    if unknown is None:
        return
    near = nearest(unknown, known)
    hint = f"Options are: {', '.join(known)}." if known else "It has none."
    raise OptionError(
        f"the strategy `{strategy}` has no option `{unknown}`", hint=f"Did you mean `{near}`? {hint}" if near else hint
    )
