"""
Schema 0001: the first.

Executed by Alembic, not imported. Written out in full, because the tables in `stores.sql.schema` go on changing.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables in an empty database."""
    _changes()
    _versions()
    _tags_and_functions()
    _runs()
    _run_indexes()
    _counts_and_labels()
    _left_by_runs()


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return [sa.Column(name, kind, autoincrement=False, nullable=False) for name in names]


def _short(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _run_id(name: str, *, nullable: bool) -> sa.Column[str]:
    kind = sa.String(12).with_variant(sa.String(12, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["sequence"], ["runs.sequence"], name=f"fk_{table}_sequence", ondelete="CASCADE")


def _changes() -> None:
    changes = op.create_table(
        "changes",
        *_numbers("one"),
        _short("identity", 8),
        *_numbers("number"),
        sa.CheckConstraint("one = 1", name="ck_changes_one"),
        sa.PrimaryKeyConstraint("one", name="pk_changes"),
    )
    op.bulk_insert(changes, [{"one": 1, "identity": secrets.token_hex(4), "number": 0}])


def _versions() -> None:
    op.create_table(
        "versions",
        *_numbers("sequence"),
        *_texts("project", "function"),
        _short("hash", 64),
        *_texts("code_hash", "cell_digest", "notebook", "description"),
        _short("created", 40),
        *_numbers("runs"),
        *_texts("record"),
        sa.PrimaryKeyConstraint("sequence", name="pk_versions"),
        sa.UniqueConstraint("project", "function", "hash", name="uq_versions_project_function_hash"),
    )
    op.create_index("ix_versions_project_function_sequence", "versions", ["project", "function", "sequence"])


def _tags_and_functions() -> None:
    version = ["versions.project", "versions.function", "versions.hash"]
    op.create_table(
        "tags",
        *_texts("project", "function", "tag"),
        _short("hash", 64),
        sa.ForeignKeyConstraint(["project", "function", "hash"], version, name="fk_tags_version"),
        sa.PrimaryKeyConstraint("project", "function", "tag", name="pk_tags"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "functions",
        *_texts("project", "name"),
        _short("latest", 64),
        *_numbers("versions"),
        _short("updated", 40),
        sa.PrimaryKeyConstraint("project", "name", name="pk_functions"),
        sqlite_with_rowid=False,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        *_numbers("sequence"),
        _run_id("id", nullable=False),
        *_numbers("revision"),
        *_texts("project", "function"),
        _short("version", 64),
        _short("state", 16),
        _run_id("parent", nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        *_numbers("created_us", "newest_us"),
        sa.Column("ended_us", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        *_texts("record"),
        sa.PrimaryKeyConstraint("sequence", name="pk_runs"),
        sa.UniqueConstraint("id", name="uq_runs_id"),
    )


def _run_indexes() -> None:
    for columns in (
        ["project", "sequence"],
        ["project", "state", "sequence"],
        ["project", "function", "sequence"],
        ["project", "function", "state", "sequence"],
        ["project", "function", "version", "sequence"],
        ["newest_us", "sequence"],
    ):
        op.create_index(f"ix_runs_{'_'.join(columns)}", "runs", columns)
    for name, columns, condition in (
        ("ix_runs_parent_sequence", ["parent", "sequence"], "parent IS NOT NULL"),
        ("ix_runs_lost", ["project", "ended_us"], "state = 'lost'"),
    ):
        rows = sa.text(condition)
        op.create_index(name, "runs", columns, sqlite_where=rows, postgresql_where=rows)


def _counts_and_labels() -> None:
    op.create_table(
        "counts",
        *_texts("project", "function"),
        _short("state", 16),
        *_numbers("runs"),
        sa.PrimaryKeyConstraint("project", "function", "state", name="pk_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "labels",
        *_texts("project", "key", "value"),
        *_numbers("sequence"),
        _of_run("labels"),
        sa.PrimaryKeyConstraint("project", "key", "value", "sequence", name="pk_labels"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_labels_sequence", "labels", ["sequence"])


def _left_by_runs() -> None:
    op.create_table(
        "artifacts",
        *_numbers("sequence"),
        *_texts("name", "record"),
        _of_run("artifacts"),
        sa.PrimaryKeyConstraint("sequence", "name", name="pk_artifacts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "metrics",
        *_numbers("sequence", "position", "time_us"),
        *_texts("record"),
        _of_run("metrics"),
        sa.PrimaryKeyConstraint("sequence", "position", name="pk_metrics"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_metrics_sequence_time_us", "metrics", ["sequence", "time_us"])
