"""A look at a table costs the server no library that it has not loaded."""

from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
from pyarrow import parquet


def test_a_look_at_parquet_does_not_import_pandas(tmp_path):
    """It would cost every server a second and 60 MB; Arrow makes objects of pandas for nanoseconds."""
    times = pa.array([None, 1_700_000_000_000_000_001], type=pa.timestamp("ns", tz="UTC"))
    parquet.write_table(pa.table({"t": times, "d": pa.array([1, 2], type=pa.duration("ns"))}), tmp_path / "a.parquet")
    code = (
        "import sys; from pathlib import Path; from mlrun_nb.artifacts.preview import preview;"
        "rows = preview(Path(sys.argv[1]), '', name='a.parquet').rows; print(rows, 'pandas' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.parquet")]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert "2023-11-14 22:13:20.000000001" in said
    assert said.endswith("False\n")
