"""
The three digests of a version, each 64 hexadecimal digits of sha256.

`version_hash` covers the whole spec, `code_hash` the code without comments and formatting, `cell_digest` a
cell's own text: what a panel compares to say "edited since". Their form is published as test vectors and never
changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import groupby

from mlrun_nb._lib.digest import digest_bytes
from mlrun_nb._lib.records import Json, to_json
from mlrun_nb.model.function import FunctionSpec, SourceCell, VersionHash
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.canonical import canonical_cell, canonical_module, verbatim

_PROSE = frozenset({"markdown", "raw"})
_EXACT = 2**53 - 1
"""The largest integer that every reader of JSON holds exactly. Source: RFC 8785, section 3.2.2.3."""


def version_hash(spec: FunctionSpec) -> VersionHash:
    """
    Return the hash of all that *spec* says: sha256 over the RFC 8785 form of its JSON.

    Fields that hold their default are not in that JSON, so a field added by a later release leaves old hashes alone.
    """
    return VersionHash(_sha256_json(to_json(spec)))


def code_hash(spec: FunctionSpec) -> str:
    """
    Return the hash of the code of *spec*: cells, parameters, names of inputs and outputs, project files.

    Comments, formatting and how the definitions are spread over cells make no difference, nor do options.
    """
    python = spec.language.lower() == "python"
    return _sha256_json(
        {
            "form": spec.form,
            "language": spec.language.lower(),
            "code": _code(spec.cells, python=python),
            "parameters": [_parameter(parameter) for parameter in spec.parameters],
            "inputs": list(spec.inputs),
            "outputs": list(spec.outputs),
            "files": sorted([file.path, file.code_digest] for file in spec.files),
        }
    )


def cell_digest(text: str) -> str:
    """Return the digest of a cell's own text in UTF-8, its lines ended by line feeds alone."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(_well_formed(unix).encode()).hexdigest()


def code_digest(path: str, data: bytes) -> str:
    """Return the `sha256:` digest of a project file: of its canonical form where it is Python, else of its content."""
    canonical = canonical_module(data) if path.endswith((".py", ".pyi")) else None
    return digest_bytes(data if canonical is None else "\n".join(canonical).encode())


def _code(cells: Sequence[SourceCell], *, python: bool) -> Json:
    """Return runs of statements that play the same part; setup and definitions are one part, prose is none."""
    parts = [
        ("definition" if cell.role == "setup" else cell.role, cell.source) for cell in cells if cell.role not in _PROSE
    ]
    return [
        [part, [text for _, source in group for text in (canonical_cell(source) if python else (verbatim(source),))]]
        for part, group in groupby(parts, key=lambda pair: pair[0])
    ]


def _parameter(parameter: Parameter) -> Json:
    source = list(canonical_cell(parameter.default_source)) if parameter.default_source else []
    return [parameter.name, parameter.type, to_json(parameter.default), source, parameter.required]


def _sha256_json(value: Json) -> str:
    import rfc8785

    return hashlib.sha256(rfc8785.dumps(_portable(value))).hexdigest()


def _portable(value: Json) -> Json:
    """Return *value* without what RFC 8785 cannot hold: integers past 2**53 (now digits), halves of surrogate pairs."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) > _EXACT:
        return {"integer": hex(value)}
    if isinstance(value, str):
        return _well_formed(value)
    if isinstance(value, Mapping):
        return {_well_formed(key): _portable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_portable(item) for item in value]
    return value


def _well_formed(text: str) -> str:
    """Return *text* with each lone half of a surrogate pair replaced by U+FFFD, as browsers encode it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
