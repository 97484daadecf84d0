"""
Schema 0002: children of sweeps are out of the way of lists.

The indexes of lists hold no children, that of children can count them, and one has the open runs of both kinds. Rows
stay as they are: no release before this one made a child.

Executed by Alembic, not imported.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes of runs anew."""
    for columns in (
        ["project", "sequence"],
        ["project", "state", "sequence"],
        ["project", "function", "sequence"],
        ["project", "function", "state", "sequence"],
        ["project", "function", "version", "sequence"],
    ):
        name = f"ix_runs_{'_'.join(columns)}"
        op.drop_index(name, "runs")
        _create(name, columns, "parent IS NULL")
    op.drop_index("ix_runs_parent_sequence", "runs")
    _create("ix_runs_parent_sequence_state", ["parent", "sequence", "state"], "parent IS NOT NULL")
    _create("ix_runs_open", ["project", "sequence"], "state IN ('pending', 'running')")


def _create(name: str, columns: list[str], condition: str) -> None:
    rows = sa.text(condition)
    op.create_index(name, "runs", columns, sqlite_where=rows, postgresql_where=rows)
