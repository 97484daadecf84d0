"""
Where the options of a `%%mlrun` line stand in its text, and the text with others.

Reads what `option_line` reads, but passes over what means nothing, so that a line can be changed while something else
on it is wrong.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO

from mlrun_nb._lib.shell import quoted
from mlrun_nb.model.options import OPTIONS, Kind, Option
from mlrun_nb.notebook.option_line import SHORT, normal_name, split_words

_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """
    An option as it stands on a line, from `start` to `end`: `flag`, and `value` behind an `=` where `joined`.

    `value` is empty where it is missing; that of a flag is `true`.
    """

    option: Option
    flag: str
    value: str
    joined: bool = False
    start: int
    end: int


def placed_options(text: str, where: str) -> tuple[Placed, ...]:
    """Return the options in *text*, the words after `%%mlrun`; raises OptionError for quotes that are not closed."""
    return tuple(_placed(_words(text, where)))


def _words(text: str, where: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word with the places where it begins and ends."""
    split_words(text, where)
    stream = StringIO(f"{text} ")  # the blank ends the last word, as others do
    lexer = shlex.shlex(stream, posix=True)  # as `shlex.split` makes it
    lexer.whitespace_split = True
    lexer.commenters = ""
    before = 0
    while (word := lexer.get_token()) is not None:
        behind = stream.tell()
        read = text[before:behind]
        yield word, before + len(read) - len(read.lstrip(_BLANKS)), behind - 1
        before = behind


def _placed(words: Iterator[tuple[str, int, int]]) -> Iterator[Placed]:
    waiting: Placed | None = None
    for word, start, end in words:
        if waiting is not None and not word.startswith("--"):
            yield replace(waiting, value=word, end=end)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
            waiting = None
        flag, equals, value = word.partition("=")
        option = _option(flag)
        if option is None:
            continue
        found = Placed(option=option, flag=flag, value=value, joined=bool(equals), start=start, end=end)
        if equals:
            yield found
        elif option.kind is Kind.FLAG:
            yield replace(found, value="true")
        else:
            waiting = found
    if waiting is not None:
        yield waiting


def _option(flag: str) -> Option | None:
    name = SHORT.get(flag) or (flag[2:].replace("_", "-") if flag.startswith("--") else "")
    return OPTIONS.get(name)


def with_words(text: str, option: Option, words: Sequence[str], *, where: str) -> str:
    """
    Return the line *text* with *words* as the values of *option*, without the option where there are none.

    What stands there already and is wanted stays as it is written. Raises OptionError as `placed_options` does.
    """
    given = [each for each in placed_options(text, where) if each.option is option]
    if not given:
        end = len(text.rstrip(_BLANKS))
        return text[:end] + "".join(f" {_written(option, word)}" for word in words) + text[end:]
    for each, new in reversed(list(zip(given, _rewritten(text, option, given, words), strict=True))):
        before, behind = text[: each.start], text[each.end :]
        if not new:
            before, behind = before.rstrip(_BLANKS), behind if before.strip(_BLANKS) else behind.lstrip(_BLANKS)
            before += " " * (not before)
        text = before + new + behind
    return text


def _rewritten(text: str, option: Option, given: Sequence[Placed], words: Sequence[str]) -> list[str]:
    """Return what is to stand in each place of *given*, nothing where it is to go."""
    wanted = {_key(option, word): word for word in words}
    kept = _kept(given, wanted)
    missing = [key for key in wanted if not any(key in keys for keys in kept)]
    if option.kind is not Kind.PAIRS and [*(key for keys in kept for key in keys), *missing] != list(wanted):
        kept, missing = [[] for _ in given], list(wanted)  # another order: all are written anew
    new = []
    for each, keys in zip(given, kept, strict=True):
        items = [wanted[key] for key in keys]
        is_same = list(map(partial(_normal, option), items)) == list(map(partial(_normal, option), _items(each)))
        own = text[each.start : each.end] if is_same else _written(option, ",".join(items), like=each)
        new.append(own if items else "")
    last = max((number for number, items in enumerate(kept) if items), default=0)
    more = [_written(option, wanted[key], like=given[last]) for key in missing]
    new[last] = " ".join(filter(None, [new[last], *more]))
    return new


def _kept(given: Sequence[Placed], wanted: Collection[str]) -> list[list[str]]:
    """Return what tells the values in each place apart, of those that are wanted; of equal ones the first."""
    left = set(wanted)
    kept: list[list[str]] = []
    for each in given:
        keys = [key for key in dict.fromkeys(_key(each.option, item) for item in _items(each)) if key in left]
        left.difference_update(keys)
        kept.append(keys)
    return kept


def _key(option: Option, item: str) -> str:
    """Return what tells a value apart from others of the same option: of one that has one value, nothing."""
    if option.kind in {Kind.NAMES, Kind.PAIRS}:
        return _normal(option, item).partition("=")[0]
    return item if option.kind is Kind.TEXTS else ""


def _items(placed: Placed) -> list[str]:
    if placed.option.kind is Kind.NAMES and "=" not in placed.value:
        return [name.strip() for name in placed.value.split(",")]
    return [placed.value]


def _normal(option: Option, item: str) -> str:
    """Return *item* in the form in which two that mean the same are equal."""
    if option.kind not in {Kind.NAMES, Kind.PAIRS}:
        return item
    key, equals, value = item.partition("=")
    return f"{normal_name(key) if option.kind is Kind.NAMES else key.strip()}{equals}{value}"


def _written(option: Option, word: str, *, like: Placed | None = None) -> str:
    """Return *option* with the value *word* as it is typed, in the manner of a place where it stands already."""
    flag = like.flag if like else option.flag
    if option.kind is Kind.FLAG and word == "true":
        return flag
    is_joined = option.kind is Kind.FLAG or word.startswith("--") or (like is not None and like.joined)
    return f"{flag}{'=' if is_joined else ' '}{quoted(word)}"
