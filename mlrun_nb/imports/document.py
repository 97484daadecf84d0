"""
The two kinds of files that describe a function of MLRun: an exported `function.yaml`, and the `item.yaml` of a hub.

Source of the fields: MLRun's export of a function (`kind`, `metadata`, `spec`) and its hub's items (`name`, `spec`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlrun_nb._lib.yaml_file import YamlFileError, parse_yaml
from mlrun_nb.errors import HubError

MOST_BYTES = 4 << 20
"""Of a file that is read; MLRun itself warns from 10 KB of code on."""
EVENTS = frozenset({"nuclio", "remote", "nuclio:mlrun"})
SERVING = frozenset({"serving", "nuclio:serving"})
_JOBS = frozenset({"", "handler", "local", "job", "dask", "mpijob", "spark", "remote-spark", "databricks"})
CODE_ONLY = SERVING | {"generic", "monitoring_application"}
"""Where nothing runs and ends; the last two are of the modules in MLRun's hub, which other code imports."""
KINDS = _JOBS | EVENTS | CODE_ONLY
_REFUSED = {
    "project": "Import each of its functions by the file that it names under `functions`.",
    "application": "It is a container image and no code; run it where containers run.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says. `where` is how messages name it; `spec` is as read; `is_item` for an item of a hub."""

    where: str
    is_item: bool
    kind: str
    name: str
    description: str = ""
    doc: str = ""
    version: str = ""
    handler: str = ""
    example: str = ""
    categories: tuple[str, ...] = ()
    labels: Mapping[str, str]
    code_origin: str = ""
    spec: Mapping[str, Any]

    @property
    def build(self) -> Mapping[str, Any]:
        """What it says about its image and its code."""
        return mapping(self.spec.get("build"))


def read_document(data: bytes, where: str) -> Document:
    """Return what the YAML *data* says; raises HubError, which names it by *where*, for anything else."""
    plain = parsed(data, where)
    if not isinstance(plain, dict):
        raise _no_function(where, "it is no mapping")
    metadata, spec = mapping(plain.get("metadata")), mapping(plain.get("spec"))
    is_item = "metadata" not in plain and "name" in plain
    kind = text(spec.get("kind") if is_item else plain.get("kind")).lower()
    _check_kind(kind, where)
    if not spec:
        raise _no_function(where, "it has no `spec`")
    about = plain if is_item else metadata
    return Document(
        where=where,
        is_item=is_item,
        kind=kind or "job",
        name=text(about.get("name")),
        description=text(plain.get("description") or spec.get("description")),
        doc=text(plain.get("doc")),
        version=text(about.get("version") or about.get("tag")),
        handler=_handler(spec),
        example=text(plain.get("example")),
        categories=tuple(map(text, sequence(about.get("categories")))),
        labels={text(key): text(value) for key, value in mapping(about.get("labels")).items()},
        code_origin=text(mapping(spec.get("build")).get("code_origin")),
        spec=spec,
    )


def parsed(data: bytes, where: str) -> object:
    """Return what the YAML *data* holds, as plain data; raises HubError."""
    if len(data) > MOST_BYTES:
        raise too_large(where)
    try:
        return parse_yaml(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as err:
        raise HubError(
            f"`{where}` is not UTF-8 text (byte {err.start})", hint="Give a `function.yaml` or an `item.yaml`."
        ) from err
    except YamlFileError as err:
        raise HubError(
            f"`{where}` cannot be read as YAML: {err}",
            hint="Correct it, or export the function again: `function.export('function.yaml')`.",
        ) from err


def too_large(where: str) -> HubError:
    """Return the error for a file with more than is read."""
    return HubError(
        f"`{where}` has more than {MOST_BYTES >> 20} MiB",
        hint="A function is code and its description; take data out of it and read it in the function.",
    )


def mapping(value: object) -> Mapping[str, Any]:
    """Return *value* if it is a mapping, else an empty one: what a stranger wrote may be anything."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> list[Any]:
    """Return *value* as a list: a single value alone, nothing for None."""
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None or value == "" else [value]


def text(value: object) -> str:
    """Return *value* as text without blanks around it, empty for None and for what is no scalar."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _handler(spec: Mapping[str, Any]) -> str:
    stated = text(spec.get("default_handler") or spec.get("handler") or spec.get("function_handler"))
    return stated.rpartition(":")[2] if ":" in stated and "::" not in stated else stated


def _check_kind(kind: str, where: str) -> None:
    if kind in KINDS:
        return
    if kind in _REFUSED:
        raise HubError(f"`{where}` is of kind `{kind}`, which is no function that runs and ends", hint=_REFUSED[kind])
    raise HubError(
        f"`{where}` is of kind `{kind}`, which is none of MLRun's functions",
        hint=f"Kinds that can be imported are: {', '.join(sorted(KINDS - {''}))}.",
    )


def _no_function(where: str, reason: str) -> HubError:
    return HubError(
        f"`{where}` is no function of MLRun: {reason}",
        hint="Give a `function.yaml` that MLRun exported, or the `item.yaml` of an item of its hub.",
    )
