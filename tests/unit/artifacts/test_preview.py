"""A look at a file: a screen of it, and nothing in it is executed."""

from __future__ import annotations

import json
import pickle

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlrun_nb.artifacts.preview import COLUMNS, ROWS, preview


def look(folder, name: str, data: bytes, media_type: str = ""):
    """Return the preview of a file with this content."""
    (folder / name).write_bytes(data)
    return preview(folder / name, media_type, name=name)


def test_a_parquet_file_is_shown_by_its_first_rows(tmp_path):
    """Values as texts; the index that pandas hides is hidden."""
    table = pa.table({"n": range(70), "t": [[1, 2]] * 70, "__index_level_0__": range(70)})
    parquet.write_table(table, tmp_path / "a.parquet")
    found = preview(tmp_path / "a.parquet", "", name="a.parquet")
    assert (found.columns, found.rows[1], len(found.rows), found.cut) == (("n", "t"), ("1", "[1, 2]"), ROWS, True)


@pytest.mark.parametrize(("name", "between"), [("a.csv", ","), ("a.tsv", "\t")])
def test_a_text_table_is_shown_as_one(tmp_path, name: str, between: str):
    """Rows that are short or long fit its width."""
    rows = [["a", "b"], ["1"], ["1", "2", "3"]]
    found = look(tmp_path, name, "\n".join(between.join(row) for row in rows).encode())
    assert (found.columns, found.rows) == (("a", "b", ""), (("1", "", ""), ("1", "2", "3")))


def test_records_in_json_are_a_table(tmp_path):
    """Other JSON is the text that it is."""
    assert look(tmp_path, "a.json", b'[{"a": 1}, {"b": null}]').rows == (("1", ""), ("", ""))
    assert look(tmp_path, "b.json", b'{"a": 1}').text == '{"a": 1}'


@pytest.mark.parametrize("data", [b"", b"\0", b"PAR1", b"\xff" * 10, b"[" * 100_000])
@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.json", "a.txt"])
def test_a_broken_file_is_no_error(tmp_path, name: str, data: bytes):
    """Whatever is in it."""
    found = look(tmp_path, name, data, "text/plain" if name.endswith("txt") else "")
    assert found.kind != "none" or found.reason


def test_a_pickle_is_not_loaded(tmp_path):
    """Nor by another name: it is no text and no table."""
    data = pickle.dumps(print)
    assert look(tmp_path, "a.pkl", data).reason == "It is a pickle, which runs code when it is read."
    assert look(tmp_path, "a.bin", data).kind == "none"


def test_a_wide_or_long_one_is_cut(tmp_path):
    """To what a screen shows."""
    wide = look(tmp_path, "a.csv", (",".join(map(str, range(80))) + "\n").encode() * 3)
    long = look(tmp_path, "a.json", json.dumps([{"a": "x" * 1000}]).encode())
    assert (len(wide.columns), wide.cut, len(long.rows[0][0])) == (COLUMNS, True, 201)
