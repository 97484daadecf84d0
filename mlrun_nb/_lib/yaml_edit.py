"""
One entry of a YAML file that people write, set or taken out, and every other byte left as it is.

Where the entry stands is what PyYAML's marks say; what came out is read again, and is refused where anything else
changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

Value = str | Mapping[str, str]


class YamlEditError(ValueError):
    """The file cannot be changed in this way; the text says why."""


def with_entry(text: str, section: str, key: str, value: Value) -> str:
    """Return *text* with `key: value` in the mapping *section*, which is made where there is none."""
    plain = _plain(text)
    wanted = {**plain, section: {**_entries(plain, section), key: value}}
    return _checked(_set(text, section, key, value), wanted)


def without_entry(text: str, section: str, key: str) -> str:
    """Return *text* without *key* in the mapping *section*, and without that where it was the last."""
    plain = _plain(text)
    left = {name: value for name, value in _entries(plain, section).items() if name != key}
    wanted = {**plain, section: left} if left else {name: each for name, each in plain.items() if name != section}
    return _checked(_cut(text, section, key, is_last=not left), wanted)


def _set(text: str, section: str, key: str, value: Value) -> str:
    line = f"{_flow(key)}: {_flow(value)}"
    found = _section(text, section)
    if found is None or not _pairs(found):
        head = f"{section}:\n  {line}\n"
        if found is not None:
            return _without_section(text, section) + head
        return f"{text}\n{head}" if text and not text.endswith("\n") else text + head
    if found.flow_style:
        plain = {**_entries(_plain(text), section), key: value}
        return text[: found.start_mark.index] + _flow(plain) + text[found.end_mark.index :]
    for name, node in _pairs(found):
        if name.value == key:
            end = node.end_mark.index if _is_inline(node) else _before(text, node.end_mark.index)
            return text[: name.start_mark.index] + line + text[end:]
    later = next((name for name, _ in _pairs(found) if name.value > key), None)
    last = _pairs(found)[-1][1]
    if later is None and _is_inline(last):
        end = _line_end(text, last.end_mark.index)
        indent = " " * _pairs(found)[0][0].start_mark.column
        return f"{text[:end]}\n{indent}{line}{text[end:]}"
    at = (later or _pairs(found)[0][0]).start_mark
    return f"{text[: at.index]}{line}\n{' ' * at.column}{text[at.index :]}"


def _cut(text: str, section: str, key: str, *, is_last: bool) -> str:
    found = _section(text, section)
    if found is None or is_last:
        return _without_section(text, section)
    if found.flow_style:
        plain = {name: value for name, value in _entries(_plain(text), section).items() if name != key}
        return text[: found.start_mark.index] + _flow(plain) + text[found.end_mark.index :]
    name, node = next((name, node) for name, node in _pairs(found) if name.value == key)
    start = text.rfind("\n", 0, name.start_mark.index) + 1
    end = _line_end(text, node.end_mark.index) if _is_inline(node) else _before(text, node.end_mark.index)
    return text[:start] + text[end:].removeprefix("\n")


def _without_section(text: str, section: str) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for name, node in root.value if root is not None else ():
        if name.value == section:
            end = _line_end(text, node.end_mark.index) if _is_inline(node) else _before(text, node.end_mark.index)
            return text[: name.start_mark.index] + text[end:].removeprefix("\n")
    return text


def _section(text: str, section: str) -> Any:  # noqa: ANN401  # a node of the library
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return next((node for name, node in root.value if name.value == section), None) if root is not None else None


def _pairs(node: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  # a node of the library
    return node.value if isinstance(node, yaml.MappingNode) else []


def _is_inline(node: Any) -> bool:  # noqa: ANN401  # a node of the library
    """Tell whether *node* ends where its text does, and not where the next thing begins."""
    return bool(getattr(node, "flow_style", False)) or (
        isinstance(node, yaml.ScalarNode) and node.style not in {"|", ">"}
    )


def _line_end(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _before(text: str, index: int) -> int:
    """Return the end of the line that *index*, at the beginning of a later one, follows."""
    return len(text[:index].rstrip())


def _flow(value: object) -> str:
    is_plain = str(value).isprintable()  # else as escapes: the library takes some of them for the ends of lines
    text = yaml.safe_dump(value, default_flow_style=True, width=2**20, allow_unicode=is_plain, sort_keys=False)
    return re.sub(r"\n(\.\.\.\n)?$", "", text)


def _plain(text: str) -> dict[Any, Any]:
    try:
        plain = yaml.safe_load(text)
    except yaml.YAMLError as err:
        raise YamlEditError("it is not YAML") from err
    if plain is not None and not isinstance(plain, dict):
        raise YamlEditError("it is no mapping")
    return plain or {}


def _entries(plain: Mapping[Any, Any], section: str) -> dict[Any, Any]:
    found = plain.get(section) or {}
    if not isinstance(found, dict):
        raise YamlEditError(f"its `{section}` is no mapping")
    return found


def _checked(text: str, wanted: Mapping[Any, Any]) -> str:
    try:
        came = _plain(text)
    except YamlEditError:
        came = None
    if came != wanted:
        raise YamlEditError("its form is one that is not changed by a program")
    return text
