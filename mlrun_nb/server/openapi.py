"""
The interface as an OpenAPI 3.1 document, made from the table of routes and the records on the wire.

Served at `/mlrun-nb/api/openapi.json`, and kept beside the documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from mlrun_nb.server.problems import MEDIA_TYPE, Problem
from mlrun_nb.server.route import BASE, NoBody, Route
from mlrun_nb.server.shapes.status import API

_REFUSALS: Mapping[str, str] = {
    "400": "What was sent cannot be used as it is",
    "403": "Nobody is logged in, or may not do this",
    "404": "What the address names does not exist",
    "409": "The engine refuses the request as it is",
    "413": "The body is too long",
    "503": "A store, an engine or a place of artifacts cannot be reached now",
}
_REFERENCE = "#/components/schemas/{name}"


def document(routes: Sequence[Route[Any, Any]]) -> dict[str, Any]:
    """Return the document of *routes* as plain data."""
    kinds = [Problem, *(kind for route in routes for kind in (route.query, route.body, route.answer) if kind)]
    unique = list(dict.fromkeys(kinds))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REFERENCE)
    schema_of = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schema_of, components)
    written = {
        "openapi": "3.1.0",
        "info": {
            "title": "mlrun_nb",
            "version": str(API),
            "description": "What JupyterLab's panel asks of the Jupyter server. Every error is a problem (RFC 9457).",
        },
        "servers": [{"url": f"/{BASE}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }
    plain: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(written)
    )  # defaults are tuples, where JSON has lists
    return plain


def _operation(
    route: Route[Any, Any], schema_of: Mapping[Any, Mapping[str, Any]], components: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{route.call.__module__.rpartition('.')[2]}_{route.call.__name__}",
        "summary": route.summary,
        "tags": [route.resource.partition(":")[2]],
        "parameters": [*_of_path(route.path), *_of_query(components[route.query.__name__])],
        "responses": {str(route.status): _answer(route, schema_of), **_refusals()},
    }
    if route.body is not NoBody:
        operation["requestBody"] = {
            "required": "required" in components[route.body.__name__],
            "content": {"application/json": {"schema": schema_of[route.body]}},
        }
    return operation


def _of_path(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _of_query(shape: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    required: Sequence[str] = shape.get("required", ())
    for name, schema in shape["properties"].items():
        yield {"name": name, "in": "query", "required": name in required, "schema": _given(schema)}


def _given(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an address can hold of *schema*: no null, which is to leave the word out."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    if len(choices) != 1:
        return schema
    only: Mapping[str, Any] = choices[0]
    return only


def _answer(route: Route[Any, Any], schema_of: Mapping[Any, Mapping[str, Any]]) -> dict[str, Any]:
    if route.answer is not None:
        return {"description": route.summary, "content": {"application/json": {"schema": schema_of[route.answer]}}}
    if route.status == 204:
        return {"description": "Done"}
    return {"description": "The file, as an attachment", "content": {"*/*": {}}}


def _refusals() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(name=Problem.__name__)}}}
    return {status: {"description": text, "content": content} for status, text in _REFUSALS.items()}
