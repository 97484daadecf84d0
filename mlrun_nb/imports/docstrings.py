"""What a docstring says about each argument, written as Sphinx, Google or NumPy have it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass

_SPHINX = re.compile(r":param(?:eter)?\s+(?:(?P<type>[^:]*?)\s+)?\*{0,2}(?P<name>\w+)\s*:(?P<text>.*)")
_SPHINX_TYPE = re.compile(r":type\s+(?P<name>\w+)\s*:(?P<text>.*)")
_SPHINX_FIELD = re.compile(r":\w+[^:]*:")
_GOOGLE = re.compile(r"\*{0,2}(?P<name>\w+)\s*(?:\((?P<type>[^)]*)\))?\s*:\s*(?P<text>.*)")
_NUMPY = re.compile(r"\*{0,2}(?P<name>\w+)\s*(?::\s*(?P<type>.*))?")
_GOOGLE_HEADINGS = ("args:", "arguments:", "parameters:", "params:", "keyword args:")


@dataclass(frozen=True, slots=True)
class Words:
    """The type and the words of one argument; either may be empty."""

    type: str = ""
    text: str = ""


def summary_of(docstring: str) -> str:
    """Return the first paragraph in one line."""
    return " ".join(inspect.cleandoc(docstring).split("\n\n")[0].split())


def words_of(docstring: str) -> Mapping[str, Words]:
    """Return what *docstring* says about arguments, by their names."""
    lines = inspect.cleandoc(docstring).splitlines()
    for style in (_sphinx, _numpy, _google):
        found = style(lines)
        if found:
            return found
    return {}


def _sphinx(lines: list[str]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    name = ""
    for line in (line.strip() for line in lines):
        if match := _SPHINX.match(line):
            name = match["name"]
            found[name] = Words((match["type"] or "").strip(), match["text"].strip())
        elif match := _SPHINX_TYPE.match(line):
            found[match["name"]] = Words(match["text"].strip(), found.get(match["name"], Words()).text)
            name = ""
        elif _SPHINX_FIELD.match(line) or not line:
            name = ""
        elif name:
            found[name] = Words(found[name].type, f"{found[name].text} {line}".strip())
    return found


def _numpy(lines: list[str]) -> dict[str, Words]:
    start = next((i for i, line in enumerate(lines[:-1]) if _is_numpy_heading(line, lines[i + 1])), None)
    if start is None:
        return {}
    body = lines[start + 2 :]
    end = next(
        (i - 1 for i, line in enumerate(body) if i and line and not line.strip("-") and body[i - 1].strip()), None
    )
    return _entries(body[:end], _NUMPY, indent=0)


def _is_numpy_heading(line: str, below: str) -> bool:
    return (
        line.strip().lower() in {"parameters", "other parameters"} and len(below) > 2 and not below.strip().strip("-")
    )


def _google(lines: list[str]) -> dict[str, Words]:
    start = next((i for i, line in enumerate(lines) if line.strip().lower() in _GOOGLE_HEADINGS), None)
    if start is None:
        return {}
    outer = _indent(lines[start])
    body = lines[start + 1 :]
    end = next((i for i, line in enumerate(body) if line.strip() and _indent(line) <= outer), None)
    inner = [line for line in body[:end] if line.strip()]
    return _entries(inner, _GOOGLE, indent=_indent(inner[0])) if inner else {}


def _entries(lines: list[str], pattern: re.Pattern[str], *, indent: int) -> dict[str, Words]:
    """Return the entries that begin at *indent*; what stands deeper goes on with the last one."""
    found: dict[str, Words] = {}
    name = ""
    for line in lines:
        match = pattern.fullmatch(line.strip()) if _indent(line) == indent and line.strip() else None
        if match:
            name = match["name"]
            found[name] = Words((match["type"] or "").strip(), (match.groupdict().get("text") or "").strip())
        elif name and line.strip():
            found[name] = Words(found[name].type, f"{found[name].text} {line.strip()}".strip())
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
