"""The three digests: the published vectors, and what each of them sees and does not see."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlrun_nb._lib.records import from_json
from mlrun_nb.model.function import FunctionSpec, SourceCell, SourceFile
from mlrun_nb.model.parameters import Parameter
from mlrun_nb.notebook.digests import cell_digest, code_digest, code_hash, version_hash

FILE = Path(__file__).parents[3] / "docs" / "reference" / "test-vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))
PINNED = "8d04d5f20d5d5adf6134e65f0472247c13eaf4a4eec724755f2bf504b03e5b33"
"""Of the file: published digests stand in stores and never change. New vectors come with a new pin, old ones stay."""


def spec_of(*sources: str, parameters: tuple[Parameter, ...] = ()) -> FunctionSpec:
    """Return a function of definition cells and, last, a body."""
    *definitions, body = sources
    cells = [SourceCell(role="definition", source=source) for source in definitions]
    return FunctionSpec(form="cell", cells=(*cells, SourceCell(role="body", source=body)), parameters=parameters)


def test_the_published_vectors_are_what_was_published():
    """Nobody makes a failing vector pass by writing the new digest over the old one."""
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == PINNED


@pytest.mark.parametrize("vector", VECTORS["versions"], ids=lambda vector: vector["name"])
def test_versions_have_their_published_hashes(vector):
    """Both hashes of a spec are what every release gave it."""
    spec = from_json(FunctionSpec, vector["spec"])
    assert (version_hash(spec), code_hash(spec)) == (vector["hash"], vector["code_hash"])


@pytest.mark.parametrize("vector", VECTORS["cells"], ids=lambda vector: ascii(vector["text"]))
def test_cells_have_their_published_digests(vector):
    """A panel that digests a cell's text finds the same."""
    assert cell_digest(vector["text"]) == vector["cell_digest"]


@pytest.mark.parametrize("vector", VECTORS["files"], ids=lambda vector: ascii(vector["content"]))
def test_files_have_their_published_digests(vector):
    """The digest of a project file's code is what every release gave it."""
    assert code_digest(vector["path"], vector["content"].encode()) == vector["code_digest"]


def test_the_hash_is_that_of_plain_canonical_json():
    """Anybody can check a hash with nothing but sorted JSON, where there are only ASCII texts and small integers."""
    plain = {"form": "cell", "cells": [{"role": "body", "source": "x = 1"}], "options": {"gpu": 1, "cpu": "4"}}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert version_hash(from_json(FunctionSpec, plain)) == hashlib.sha256(text.encode()).hexdigest()


BASE = spec_of("def f(x): return x", "y = f(1)")
CODE_CHANGES = [
    replace(BASE, parameters=(Parameter(name="a"),)),
    replace(BASE, inputs=("a",)),
    replace(BASE, outputs=("y",)),
    replace(BASE, form="def"),
    replace(BASE, files=(SourceFile(path="a.py", digest="d", code_digest="c", size=1),)),
    spec_of("def f(x): return -x", "y = f(1)"),
    spec_of("def f(x): return x", "y = f(2)"),
    spec_of("def f(x): 'doc'; return x", "y = f(1)"),
    spec_of("def f(x): return x\ny = f(1)"),
    spec_of("y = f(1)", "def f(x): return x"),
    replace(BASE, language="julia"),
]
OTHER_CHANGES = [
    replace(BASE, options={"cpu": "4"}),
    replace(BASE, kernel="conda"),
    spec_of("# why\ndef f(x):\n    return x", "y = f(1)"),
    spec_of("def f(x): return x", "y = f( 1 )  # call"),
    replace(BASE, cells=(*BASE.cells, SourceCell(role="markdown", source="prose"))),
]


@pytest.mark.parametrize("changed", [*CODE_CHANGES, *OTHER_CHANGES])
def test_every_change_makes_another_version(changed):
    """The version's hash covers all that the spec says."""
    assert version_hash(changed) != version_hash(BASE)


@pytest.mark.parametrize("changed", CODE_CHANGES)
def test_a_change_of_code_changes_the_code_hash(changed):
    """Code is cells, parameters, inputs, outputs and project files."""
    assert code_hash(changed) != code_hash(BASE)


@pytest.mark.parametrize("changed", OTHER_CHANGES)
def test_options_comments_and_prose_are_no_code(changed):
    """More memory or a comment is the same code."""
    assert code_hash(changed) == code_hash(BASE)


def test_splitting_definitions_over_cells_changes_no_code():
    """Where a definition stood does not matter, in which order they run does."""
    one, two, swapped = (spec_of("a = 1\nb = 2", "c"), spec_of("a = 1", "b = 2", "c"), spec_of("b = 2\na = 1", "c"))
    assert code_hash(one) == code_hash(two) != code_hash(swapped)


def test_a_file_counts_by_its_code_and_not_by_its_comments():
    """`code_digest` of a module ignores comments; that of data does not."""
    assert code_digest("a.py", b"x = 1") == code_digest("a.py", b"# c\nx=1\n") != code_digest("a.py", b"x = 2")
    assert code_digest("a.csv", b"x = 1") != code_digest("a.csv", b"x=1")


def test_a_source_file_in_another_encoding_is_read_by_its_cookie():
    """Python itself decides how a module is decoded."""
    assert code_digest("a.py", "# coding: latin-1\nx = 'é'".encode("latin-1")) == code_digest(
        "a.py", "x = 'é'".encode()
    )


def test_line_ends_are_no_edit():
    """A notebook that was saved on another system is not edited."""
    assert cell_digest("a\r\nb\rc") == cell_digest("a\nb\nc") != cell_digest("a\nb\nc\n")


@pytest.mark.parametrize("value", [2**53, -(2**53), 10**40])
def test_integers_beyond_json_keep_their_value(value):
    """A large default is neither refused nor rounded, nor taken for its text."""
    near, text = (
        spec_of("x", parameters=(Parameter(name="n", default=default),)) for default in (value + 1, str(value))
    )
    exact = spec_of("x", parameters=(Parameter(name="n", default=value),))
    assert len({version_hash(spec) for spec in (exact, near, text)}) == 3
