"""The code of a function: in the file itself, in base64, or in a file beside it. It is parsed, never executed."""

from __future__ import annotations

import ast
import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from mlrun_nb.artifacts.names import check_name
from mlrun_nb.errors import HubError, UsageError
from mlrun_nb.imports.document import MOST_BYTES, Document, mapping, text, too_large

Read = Callable[[str], bytes]
"""Returns the bytes of a file beside the document; raises HubError where there is none."""

_CODE = "functionSourceCode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Python *text* as it was, lines ended as on Linux, its *tree*, and the field or file that it came from."""

    text: str
    tree: ast.Module
    place: str
    file: str


def source_of(document: Document, read: Read) -> Source:
    """Return the code of *document*; raises HubError where there is none, or where it is not Python."""
    field, encoded = _embedded(document)
    if field:
        data = _decoded(encoded, field, document.where)
        return _source(data, f"`{field}`", text(document.build.get("origin_filename")) or "function.py", document.where)
    name = _file_name(document)
    if not name:
        raise HubError(f"`{document.where}` has no code and names no file with it", hint=_advice(document))
    try:
        check_name(name)
    except UsageError as err:
        raise HubError(
            f"`{document.where}` names `{name}` as its code, which is no file beside it",
            hint="Put the file beside it, and its name in it.",
        ) from err
    if PurePosixPath(name).suffix.lower() != ".py":
        raise _other_language(name, document.where)
    return _source(read(name), f"the file `{name}`", name, document.where)


def _embedded(document: Document) -> tuple[str, object]:
    inner = mapping(mapping(document.spec.get("base_spec")).get("spec"))
    places = {
        f"spec.build.{_CODE}": document.build.get(_CODE),
        f"spec.{_CODE}": document.spec.get(_CODE),
        f"spec.base_spec.spec.build.{_CODE}": mapping(inner.get("build")).get(_CODE),
    }
    return next(((field, value) for field, value in places.items() if value), ("", ""))


def _file_name(document: Document) -> str:
    named = [document.spec.get("filename"), document.spec.get("command"), document.build.get("origin_filename")]
    words = next((text(each) for each in named if text(each)), "")
    return words.split()[0].removeprefix("./") if words else ""


def _decoded(encoded: object, field: str, where: str) -> bytes:
    if not isinstance(encoded, str | bytes):
        raise HubError(f"`{field}` of `{where}` is no text", hint="Export the function again, with its code.")
    if len(encoded) > MOST_BYTES:
        raise too_large(f"{where}: {field}")
    try:
        plain = encoded.encode("ascii") if isinstance(encoded, str) else encoded
        return base64.b64decode(b"".join(plain.split()), validate=True)
    except (binascii.Error, UnicodeEncodeError) as err:
        raise HubError(
            f"`{field}` of `{where}` is not base64: {err}",
            hint="Export the function again, or put the code in a file and name it: `spec: {filename: train.py}`.",
        ) from err


def _source(data: bytes, place: str, file: str, where: str) -> Source:
    if len(data) > MOST_BYTES:
        raise too_large(f"{where}: {place}")
    try:
        code = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        tree = ast.parse(code)
    except UnicodeDecodeError as err:
        raise HubError(
            f"{place} of `{where}` is not UTF-8 text (byte {err.start})", hint="Give the source of the function."
        ) from err
    except (SyntaxError, ValueError, RecursionError, MemoryError) as err:
        at = f", line {err.lineno}" if isinstance(err, SyntaxError) and err.lineno else ""
        raise HubError(
            f"{place} of `{where}` is not Python{at}: {getattr(err, 'msg', err)}",
            hint="Correct what Python points at, and export the function again; other languages are not imported.",
        ) from err
    if not code.strip():
        raise HubError(f"{place} of `{where}` is empty", hint="Export the function again, with its code.")
    return Source(text=code, tree=tree, place=place, file=PurePosixPath(file).name)


def _other_language(name: str, where: str) -> HubError:
    if name.endswith(".ipynb"):
        return HubError(
            f"the code of `{where}` is the notebook `{name}`", hint=f"Run that itself: `mlrun-nb run {name}`."
        )
    return HubError(
        f"the code of `{where}` is `{name}`, which is not Python", hint="Only functions in Python can be imported."
    )


def _advice(document: Document) -> str:
    archive = text(document.build.get("source"))
    if archive:
        return f"Get `{archive}` yourself, and name the file with the handler in it: `spec: {{filename: train.py}}`."
    return "Export it with its code, or name the file: `spec: {filename: train.py}`."
