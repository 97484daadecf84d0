"""`#| mlrun.KEY: value` lines with another value: written as YAML that reads back as what was typed."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mlrun_nb.model.options import OPTIONS, Kind, Option
from mlrun_nb.notebook.parsing import option_comments

_UNBROKEN = 10**9
"""A width at which YAML never breaks a line."""


def comment_numbers(lines: Sequence[str], option: Option) -> list[int]:
    """Return the indices of those of *lines*, the text below `%%mlrun`, that state *option*."""
    found = option_comments(lines)
    return [number for number, match in found.items() if OPTIONS.get(match["key"].replace("_", "-")) is option]


def with_comment(lines: Sequence[str], option: Option, words: Sequence[str], *, indent: str) -> list[str]:
    """
    Return *lines* with *words*, as `typed_words` gives them, as the value of *option*; without it where there are none.

    The first line that states it has the new value, others go; where there is none, one is added at the top.
    """
    numbers = comment_numbers(lines, option)
    kept = [line for number, line in enumerate(lines) if number not in numbers[bool(words) :]]
    if words and numbers:
        kept[numbers[0]] = _with_value(lines[numbers[0]], yaml_text(option, words))
    elif words:
        kept.insert(0, f"{indent}{comment_line(option, words)}")
    return kept


def comment_line(option: Option, words: Sequence[str]) -> str:
    """Return the line that states *option*."""
    return f"#| mlrun.{option.name}: {yaml_text(option, words)}"


def _with_value(line: str, value: str) -> str:
    """Return *line* with another value; a comment behind it stays."""
    match = option_comments([line])[0]
    ending = "\r" if line.endswith("\r") else ""
    if not match["colon"]:
        return f"{line[: match.end('key')]}: {value}{ending}"
    before, text = line[: match.end("colon")], match["value"].removesuffix("\r")
    blanks = text[: len(text) - len(text.lstrip())] or " "
    return f"{before}{blanks}{value}{_behind(text.strip())}{ending}"


def _behind(text: str) -> str:
    """Return what stands in the YAML *text* behind its value: a comment, with the blanks before it."""
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return ""
    return text[node.end_mark.index :] if node is not None else f" {text}".rstrip()


def yaml_text(option: Option, words: Sequence[str]) -> str:
    """Return *words* as the YAML of one line."""
    value = _value(option, words)
    if option.kind is Kind.DATA or not "".join(words).isprintable():
        return _as_json(value)
    return value if isinstance(value, str) and _is_plain(value) else _flow(value)


def _value(option: Option, words: Sequence[str]) -> object:
    if option.kind is Kind.DATA:
        return json.loads(words[0])
    if option.kind is Kind.PAIRS:
        return {key.strip(): item for key, _, item in (word.partition("=") for word in words)}
    return words[0] if len(words) == 1 else list(words)


def _is_plain(text: str) -> bool:
    """Whether YAML reads *text* without quotes as a value whose text is the same."""
    import yaml

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    if isinstance(value, bool):
        return text in {"true", "false"}
    return isinstance(value, str | int | float) and str(value) == text


def _flow(value: object) -> str:
    import yaml

    text = yaml.safe_dump(value, default_flow_style=True, width=_UNBROKEN, allow_unicode=True, sort_keys=False)
    return str(text).removesuffix("\n").removesuffix("\n...")


def _as_json(value: object) -> str:
    """Return *value* as JSON, which is YAML, with escapes for what YAML does not take as it is."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
