"""The items of one source, searched and listed; pure, and the same for all kinds of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mlrun_nb._lib.nearness import nearest, some
from mlrun_nb.errors import NotFoundError
from mlrun_nb.model.hub import HubItem

_EXACT, _BEGINS, _IN_NAME, _CATEGORY, _IN_TEXT = 100, 60, 40, 30, 10


@dataclass(frozen=True, slots=True)
class _Words:
    """What of an item is searched, in small letters."""

    name: str
    categories: frozenset[str]
    text: str


class Index:
    """The *items* of the source called *source*; *advice* is what may find more than these."""

    def __init__(self, source: str, items: Iterable[HubItem], *, advice: str = "") -> None:
        self._source, self._advice = source, advice
        self._versions: dict[str, list[HubItem]] = {}
        for item in items:
            self._versions.setdefault(item.name, []).append(item)
        for versions in self._versions.values():
            versions.sort(key=lambda item: item.order, reverse=True)
        self._words: Mapping[str, _Words] = {name: _words(each[0]) for name, each in self._versions.items()}

    def search(self, text: str) -> Sequence[HubItem]:
        """Return the newest version of each item that has all words of *text*, the best first; all for no word."""
        wanted = text.lower().split()
        scores = {name: _score(words, wanted) for name, words in self._words.items()}
        found = sorted((name for name, score in scores.items() if score), key=lambda name: (-scores[name], name))
        return [self._versions[name][0] for name in found]

    def versions(self, name: str) -> Sequence[HubItem]:
        """Return all versions of an item, newest first; raises NotFoundError."""
        if name in self._versions:
            return self._versions[name]
        near = nearest(name, self._versions)
        known = f"Items are: {some(sorted(self._versions))}." if self._versions else "It has no items."
        hint = f"Did you mean `{near}`?" if near else known
        raise NotFoundError(f"hub source `{self._source}` has no item `{name}`", hint=f"{hint} {self._advice}".strip())

    def item(self, name: str, version: str) -> HubItem:
        """Return one version of an item, the newest for an empty *version*; raises NotFoundError."""
        versions = self.versions(name)
        found = next((item for item in versions if version in {"", item.version}), None)
        if found is None:
            known = f"Versions are: {some([item.version for item in versions])}."
            raise NotFoundError(
                f"`{name}` of hub source `{self._source}` has no version `{version}`",
                hint=f"{known} {self._advice}".strip(),
            )
        return found


def _words(item: HubItem) -> _Words:
    categories = frozenset(category.lower() for category in item.categories)
    return _Words(name=item.name, categories=categories, text=f"{item.name} {item.summary}".lower())


def _score(words: _Words, wanted: Sequence[str]) -> int:
    """Return how well an item fits all that is *wanted*; 0 where it does not."""
    if not wanted:
        return 1
    scores = [_score_one(words, word) for word in wanted]
    return sum(scores) if all(scores) else 0


def _score_one(words: _Words, word: str) -> int:
    if word == words.name:
        return _EXACT
    if words.name.startswith(word):
        return _BEGINS
    if word in words.name:
        return _IN_NAME
    if word in words.categories:
        return _CATEGORY
    return _IN_TEXT if word in words.text else 0
