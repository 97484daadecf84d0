"""The table of a sweep's children: one type for each column, and nothing that cannot be written."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from mlrun_nb._lib.records import Json
from mlrun_nb.artifacts.folder import LocalFolder
from mlrun_nb.services.sweep.table import save_table


@pytest.mark.parametrize(
    ("values", "kept", "kind"),
    [
        ([1, None, 2], [1, None, 2], pa.int64()),
        ([1, 0.5], [1.0, 0.5], pa.float64()),
        ([2**63 - 1, -(2**63)], [2**63 - 1, -(2**63)], pa.int64()),
        ([2**64 + 1, 3], ["18446744073709551617", "3"], pa.string()),
        ([2**64 + 1, 0.5], ["18446744073709551617", "0.5"], pa.string()),
        ([[1], {"a": 2}], ["[1]", "{'a': 2}"], pa.string()),
        (["a", 1, None], ["a", "1", None], pa.string()),
        ([True, False], [True, False], pa.bool_()),
    ],
    ids=repr,
)
def test_a_column_has_one_type_that_loses_nothing(tmp_path: Path, values: list[Json], kept: list[Json], kind: object):
    """Whatever points and results there were."""
    save_table(LocalFolder(tmp_path), [{"param.x": value} for value in values])
    column = parquet.read_table(tmp_path / "children.parquet")["param.x"]
    assert (column.to_pylist(), column.type) == (kept, kind)
