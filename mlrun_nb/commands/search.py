"""
The small language in which people look for runs: `state:failed,lost fn:train tag:prod before:2d loss`.

A word is `key:value`, or free text; quotes keep blanks together. Each word narrows, commas widen. Pure: runs are found
by `finding`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.errors import OptionError
from mlrun_nb.model.quantities import parse_duration_s
from mlrun_nb.model.states import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a person typed; `words` are the free ones, `version` begins a hash."""

    states: tuple[RunState, ...] = ()
    functions: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    version: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()


_WORD = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_OTHER_NAMES = {"is": "state", "function": "fn", "on": "engine"}
_LEAST_OF_HASH = 4


def parse_search(text: str, now: datetime) -> Search:
    """
    Return what *text* asks for; ages count back from *now*, and days begin in its time zone.

    Raises OptionError that names the word, and lists what could stand in its place.
    """
    search = Search()
    for word in _WORD.findall(text.replace("\0", " ")):
        key, colon, value = word.partition(":")
        if not colon or not key or '"' in key:
            search = replace(search, words=(*search.words, *filter(None, [_unquoted(word)])))
        else:
            search = _TAKERS[_known(key, word)](search, _unquoted(value), now)
    return search


def known_value(key: str, value: str, known: Collection[str]) -> str:
    """Return *value* if it is one of *known*; raises OptionError that names the nearest, or what there is."""
    if value in known:
        return value
    near = nearest(value, known)
    listed = f"There are: {some(sorted(known))}." if known else "There is none."
    raise OptionError(
        f"`{key}:{value}` names nothing that there is", hint=f"Did you mean `{near}`?" if near else listed
    )


def _unquoted(text: str) -> str:
    return text.replace('"', "")


def _known(key: str, word: str) -> str:
    name = _OTHER_NAMES.get(key.lower(), key.lower())
    if name in _TAKERS:
        return name
    near = nearest(name, _TAKERS)
    hint = (
        f"Did you mean `{near}:`?" if near else f"Words may begin with: {', '.join(f'`{each}:`' for each in _TAKERS)}."
    )
    raise OptionError(
        f'`{word}` begins with no word that is known; quote it, `"{word}"`, to find it as text', hint=hint
    )


def _several(key: str, value: str) -> tuple[str, ...]:
    values = tuple(filter(None, (each.strip() for each in value.split(","))))
    if not values:
        raise OptionError(f"`{key}:` says nothing", hint=f"Write a value behind it: `{key}:{_EXAMPLES[key]}`.")
    return values


def _states(search: Search, value: str, _: datetime) -> Search:
    states = tuple(RunState(known_value("state", each.lower(), list(RunState))) for each in _several("state", value))
    return replace(search, states=(*search.states, *states))


def _functions(search: Search, value: str, _: datetime) -> Search:
    return replace(search, functions=(*search.functions, *_several("fn", value)))


def _engines(search: Search, value: str, _: datetime) -> Search:
    return replace(search, engines=(*search.engines, *_several("engine", value)))


def _notebooks(search: Search, value: str, _: datetime) -> Search:
    return replace(search, notebooks=(*search.notebooks, *_several("notebook", value)))


def _tags(search: Search, value: str, _: datetime) -> Search:
    return replace(search, tags=(*search.tags, *_several("tag", value)))


def _label(search: Search, value: str, _: datetime) -> Search:
    key, equals, text = value.partition("=")
    if not key or not equals:
        raise OptionError(f"`label:{value}` is no label", hint="Write its key and its value: `label:team=risk`.")
    return replace(search, labels=(*search.labels, (key, text)))


def _version(search: Search, value: str, _: datetime) -> Search:
    if not re.fullmatch(rf"[0-9a-f]{{{_LEAST_OF_HASH},64}}", value.lower()):
        raise OptionError(
            f"`version:{value}` begins no hash", hint=f"Write at least {_LEAST_OF_HASH} of its digits: `version:7f3a`."
        )
    return replace(search, version=value.lower())


def _before(search: Search, value: str, now: datetime) -> Search:
    return replace(search, until=_time("before", value, now))


def _after(search: Search, value: str, now: datetime) -> Search:
    return replace(search, since=_time("after", value, now))


def _time(key: str, value: str, now: datetime) -> datetime:
    """Return the time that *value*, an age, a date or the name of a day, means."""
    if value.lower() in _DAYS:
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return day - timedelta(days=_DAYS[value.lower()])
    try:
        if re.match(r"\d{4}-", value):
            time = datetime.fromisoformat(value)
            return (time if time.tzinfo else time.replace(tzinfo=now.tzinfo)).astimezone(now.tzinfo)
        return now - timedelta(seconds=parse_duration_s(value))
    except (ValueError, OverflowError, OptionError) as err:
        raise OptionError(
            f"`{key}:{value}` is neither an age nor a date",
            hint=f"Write `{key}:2d`, `{key}:today` or `{key}:2026-11-01`.",
        ) from err


_DAYS = {"today": 0, "yesterday": 1}

_TAKERS: Mapping[str, Callable[[Search, str, datetime], Search]] = {
    "state": _states,
    "fn": _functions,
    "tag": _tags,
    "version": _version,
    "engine": _engines,
    "label": _label,
    "notebook": _notebooks,
    "before": _before,
    "after": _after,
}
_EXAMPLES = {"state": "failed,lost", "fn": "train", "tag": "prod", "engine": "local", "notebook": "train.ipynb"}
