"""
Write `src/api/types.ts`: what goes over the wire, in TypeScript, from the server's own records.

`make docs` calls it; a test says when it is to be called again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mlrun_nb.server.route import Asked, Where
from mlrun_nb.server.shapes.status import API
from mlrun_nb.server.table import ROUTES

TARGET = Path(__file__).parent / "src" / "api" / "types.ts"

_HEAD = """\
// Generated from the server's records by `make docs`. Do not edit.

import type {{ ReadonlyJSONValue }} from '@lumino/coreutils';

/** Number of the interface that these types describe. */
export const API = {api};
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def types() -> str:
    """Return the text of the module."""
    kinds = _kinds()
    _, components = msgspec.json.schema_components(kinds, ref_template="{name}")
    asked = {kind.__name__ for kind in kinds if issubclass(kind, Asked)} | {"CellText"}
    parts = [_HEAD.format(api=API)]
    parts += ["\n".join(_type(name, components[name], asked=name in asked)) + "\n" for name in sorted(components)]
    return "\n".join(parts)


def _kinds() -> list[type[msgspec.Struct]]:
    from mlrun_nb.server.problems import Problem

    kinds = [kind for route in ROUTES for kind in (route.query, route.body, route.answer)]
    return list(dict.fromkeys([Problem, Where, *(kind for kind in kinds if isinstance(kind, type(msgspec.Struct)))]))


def _type(name: str, schema: Mapping[str, Any], *, asked: bool) -> Iterator[str]:
    yield from _comment(schema.get("description", ""), "")
    if not schema.get("properties"):
        yield f"export type {name} = Record<string, never>;"
        return
    yield f"export type {name} = {{"
    required = schema.get("required", ())
    for field, of in schema["properties"].items():
        mark = "?" if asked and field not in required else ""
        yield f"  readonly {field}{mark}: {_of(of)};"
    yield "};"


def _comment(text: str, indent: str) -> Iterator[str]:
    lines = text.strip().splitlines()
    if len(lines) == 1:
        yield f"{indent}/** {lines[0].strip()} */"
    elif lines:
        yield f"{indent}/**"
        yield from (f"{indent} * {line.strip()}".rstrip() for line in lines)
        yield f"{indent} */"


def _of(schema: Mapping[str, Any]) -> str:
    """Return the TypeScript of a JSON *schema*."""
    if "$ref" in schema:
        return str(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_of(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join("null" if value is None else _literal(value) for value in schema["enum"])
    match schema.get("type"):
        case "array":
            items = _of(schema.get("items", {}))
            return f"readonly ({items})[]" if " " in items and items[0] != "{" else f"readonly {items}[]"
        case "object":
            return f"{{ readonly [name: string]: {_of(schema.get('additionalProperties', {}))} }}"
        case str(kind):
            return _PLAIN[kind]
        case _:
            return "ReadonlyJSONValue"


def _literal(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(types())
